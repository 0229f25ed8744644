"""The commands about accounts, run as an operator runs them."""

import pytest
from click import UsageError
from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.commands import resolve_centre
from contactcenter.accounts.models import ApiToken
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.queries import TOKEN_AND_PERSON
from contactcenter.db import db


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=list(arguments))


def test_a_token_is_printed_and_only_its_hash_is_kept(app, world):
    result = run(app, "token", world.agent.email, "--scope", "tickets:read", "tickets:write")
    token = result.output.strip()
    with app.app_context():
        scopes, person, *_rest = db.session.execute(
            TOKEN_AND_PERSON, {"token_hash": hash_token(token), "now": clock.now()}
        ).one()
        assert person.id == world.agent.id
        assert scopes == ["tickets:read", "tickets:write"]
        assert token not in db.session.scalars(select(ApiToken.token_hash)).all()


@pytest.mark.parametrize(
    "scopes",
    [
        ["--scope", "queues:read", "--scope", "metrics:read"],
        ["--scope", "queues:read,metrics:read"],
        ["--scope", "queues:read metrics:read"],
    ],
)
def test_scopes_may_be_written_in_several_ways(app, world, scopes):
    token = run(app, "token", world.agent.email, *scopes).output.strip()
    with app.app_context():
        kept = db.session.execute(
            TOKEN_AND_PERSON, {"token_hash": hash_token(token), "now": clock.now()}
        ).one()[0]
        assert kept == ["metrics:read", "queues:read"]


def test_an_unknown_scope_is_refused(app, world):
    result = run(app, "token", world.agent.email, "--scope", "tickets:delete")
    assert result.exit_code == 2
    assert "tickets:read" in result.output


def test_a_token_that_could_do_nothing_is_refused_with_the_roles_that_can(app, world):
    result = run(app, "token", world.referent.email, "--scope", "tickets:write")
    assert result.exit_code == 2
    assert "referent cannot use tickets:write; these roles can: agent, manager" in result.output


def test_a_token_is_made_with_a_warning_for_the_scopes_its_role_cannot_use(app, world):
    result = run(app, "token", world.referent.email, "--scope", "tickets:read tickets:write")
    assert result.exit_code == 0
    assert "tickets:write" in result.stderr
    assert "tickets:read" not in result.stderr


def test_a_token_for_nobody_is_refused(app, world):
    assert run(app, "token", "nul@part.example", "--scope", "tickets:read").exit_code == 2


def test_a_token_is_not_made_for_a_person_of_another_centre(app, world, other_world):
    arguments = ("token", world.agent.email, "--scope", "tickets:read", "--centre")
    assert run(app, *arguments, other_world.code).exit_code == 2
    assert run(app, *arguments, world.code).exit_code == 0


def test_the_only_centre_needs_no_name(app, world):
    with app.app_context():
        assert resolve_centre(None).code == world.code


def test_one_of_several_centres_must_be_named(app, world, other_world):
    with app.app_context():
        with pytest.raises(UsageError, match=r"--centre CODE; known: autre, orme"):
            resolve_centre(None)
        assert resolve_centre("autre").id == other_world.centre_id


def test_a_centre_that_does_not_exist_is_named_in_the_error(app, world):
    with app.app_context(), pytest.raises(UsageError, match="'nulle-part'; known: orme"):
        resolve_centre("nulle-part")


def test_an_installation_without_a_centre_says_so(app):
    with app.app_context(), pytest.raises(UsageError, match="none yet"):
        resolve_centre(None)


def test_a_centre_begins_with_an_administrator_who_chooses_a_password(app, client):
    assert run(app, "centre", "neuf", "Centre neuf", "--country", "BE").exit_code == 0
    link = run(app, "administrator", "ada@neuf.example", "Ada Neuve").output.strip()
    path = link.removeprefix(app.config["SETTINGS"].public_base_url)
    csrf = client.get(path).text.split('name="csrf-token" content="')[1].split('"')[0]
    data = {"password": "trois mots sans rapport", "csrf_token": csrf}
    assert client.post(path, data=data).status_code == 303
    people = client.get("/people").text
    assert "Ada Neuve" in people
    assert "Centre neuf" in people
    assert client.get("/directory").status_code == 200


def test_a_centre_is_made_once(app, world):
    result = run(app, "centre", world.code, "Encore")
    assert result.exit_code == 2
    assert "already" in result.output


@pytest.mark.parametrize(
    "arguments", [["Pas Un Code", "Nom"], ["neuf", "Nom", "--timezone", "Mars/Cydonia"]]
)
def test_a_centre_with_an_impossible_code_or_zone_is_refused(app, arguments):
    assert run(app, "centre", *arguments).exit_code == 2


def test_an_administrator_needs_an_address_of_their_own(app, world):
    result = run(app, "administrator", world.agent.email, "Quelqu’un")
    assert result.exit_code == 2
    assert "already" in result.output
