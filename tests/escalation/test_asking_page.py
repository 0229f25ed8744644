"""What the page for asking an expert offers, and when it says that one cannot."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import ending
from contactcenter.escalation.models import Mandate, Referral, SharedPaper
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from tests.escalation.matter import form

ALREADY = "Déjà inscrit pour cette organisation"


@pytest.fixture
def page(matter, sign_in, world):
    browser = sign_in(world.agent)
    return lambda: browser.get(f"/tickets/{matter.reference}/referrals/new")


def test_a_permission_that_is_written_down_is_offered(page):
    assert ALREADY in page().text


def test_without_a_permission_none_is_offered(app, page, matter, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)
    assert ALREADY not in page().text


def test_a_walk_in_without_a_name_is_offered_a_question_without_identity(app, page, matter, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        forget_who_it_is(matter, world)
    assert re.search(r'<input checked[^>]*value="nameless"', page().text)


def test_refused_permission_the_question_leaves_without_identity(app, page, matter, world, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)
    sent = {"team": world.team_id, "question": "Un recours est-il possible ?", "valid_days": 31}
    browser = sign_in(world.agent)
    door = f"/tickets/{matter.reference}/referrals"
    assert browser.post(door, data=sent).status_code == 422
    assert browser.post(door, data=sent | {"mandate": "nameless"}).status_code == 303
    with app.app_context(), within(Scope(world.centre_id)):
        asked = db.session.scalars(db.select(Referral)).one()
        assert asked.mandate_id is None
        number = asked.id
        db.session.rollback()
    read = sign_in(world.referent).get(f"/referrals/{number}").text
    assert "Un recours est-il possible" in read
    assert "Question sans identité" in read
    assert "Josette" not in read
    assert "1960" not in read


@pytest.mark.parametrize("along", ["papers", "files"])
def test_a_question_without_identity_takes_no_paper_along(along, app, matter, world, sign_in):
    paper = matter.papers[0] if along == "papers" else (BytesIO(b"%PDF-1.4 essai"), "avis.pdf")
    sent = {"team": world.team_id, "question": "Et maintenant ?", "valid_days": 31}
    answer = sign_in(world.agent).post(
        f"/tickets/{matter.reference}/referrals",
        data=sent | {"mandate": "nameless", along: paper},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert f'id="{along}-error"' in answer.text


def forget_who_it_is(matter, world):
    db.session.get_one(Ticket, (world.centre_id, matter.ticket_id)).citizen_id = None
    mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
    ending.revoke(mandate, by=world.agent)


def test_a_finished_request_says_before_one_writes_that_it_must_be_reopened(
    app, page, matter, world, sign_in
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = db.session.get_one(Ticket, (world.centre_id, matter.ticket_id))
        tickets.resolve(ticket, by=world.agent)
    answer = page()
    assert answer.status_code == 200
    assert 'name="question"' not in answer.text
    assert f"/tickets/{matter.reference}/reopening" in answer.text


def test_the_form_says_for_each_team_when_an_answer_is_due(matter, world, sign_in):
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new")
    assert page.status_code == 200
    assert "demain à 11\u00a0h\u00a000" in page.text
    assert "Accord de l’usager déjà inscrit" in page.text
    assert "Aucun expert n’est de permanence en ce moment" in page.text
    assert "Choisissez de nouveau" not in page.text


def test_the_team_that_fits_the_topic_comes_first(matter, world, sign_in):
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert page.index("Impôts d’essai") < page.index("Allocations d’essai")


def test_without_a_topic_every_team_is_offered_at_once(page, app, matter, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Ticket, (world.centre_id, matter.ticket_id)).topic_id = None
    shown = page().text
    assert "Le motif ne désigne aucune équipe" in shown
    assert '<details class="others"' not in shown
    assert shown.count("</details>") == shown.count("<details")


def test_a_question_leaves_with_the_chosen_paper_and_a_new_one(matter, world, sign_in, seen):
    answer = sign_in(world.agent).post(
        f"/tickets/{matter.reference}/referrals",
        data=form(
            world,
            mandate="already",
            papers=[matter.papers[0]],
            files=[(BytesIO(b"%PDF-1.4 nouveau"), "nouveau.pdf")],
        ),
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.location) == (303, f"/tickets/{matter.reference}")
    [referral] = seen(Referral)
    assert referral.question == "Est-il définitif ?"
    assert len(seen(SharedPaper)) == 2


def test_without_a_permission_the_form_keeps_what_was_typed_and_nothing_is_kept(
    matter, world, sign_in, seen
):
    answer = sign_in(world.agent).post(
        f"/tickets/{matter.reference}/referrals",
        data=form(world, team=world.other_team_id, files=[(BytesIO(b"%PDF-1.4"), "a.pdf")]),
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "Est-il définitif ?" in answer.text
    assert "Inscrivez d’abord l’accord de l’usager" in answer.text
    assert "Choisissez de nouveau vos papiers" in answer.text
    assert seen(Referral) == []


def test_a_permission_is_recorded_in_the_same_form(matter, world, sign_in, seen, clock):
    sign_in(world.agent).post(
        f"/tickets/{matter.reference}/referrals",
        data=form(world, team=world.other_team_id, mandate="oral", witness="Le chef", valid_days=1),
    )
    mandate = seen(Mandate)[-1]
    assert (mandate.organisation_id, mandate.witness) == (world.other_partner_id, "Le chef")
    assert timedelta(days=1) < mandate.expires_at - clock.time < timedelta(days=2)


def test_an_oral_permission_without_a_witness_is_pointed_at(matter, world, sign_in, seen):
    answer = sign_in(world.agent).post(
        f"/tickets/{matter.reference}/referrals",
        data=form(world, team=world.other_team_id, mandate="oral"),
    )
    assert answer.status_code == 422
    assert 'id="witness-error"' in answer.text
    assert len(seen(Mandate)) == 1


def test_an_unknown_team_is_refused_in_the_form(matter, world, sign_in):
    for team in ("999999", "x", ""):
        answer = sign_in(world.agent).post(
            f"/tickets/{matter.reference}/referrals", data=form(world, team=team)
        )
        assert answer.status_code == 422
