"""A request's words, references and end."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.errors import Conflict, Invalid
from contactcenter.events import EventRecord
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Status
from contactcenter.tickets.references import find_reference, hash_code

pytestmark = pytest.mark.usefixtures("in_centre")


def opened(world, **more):
    with transaction():
        return tickets.open_ticket("Question", channel=Channel.EMAIL, language="fr", **more)


def test_references_count_on_and_carry_the_year(world):
    assert [opened(world).reference for _ in range(2)] == ["2026-000001", "2026-000002"]


def test_each_centre_counts_its_own(world, other_world):
    opened(world)
    with within(Scope(other_world.centre_id)), transaction():
        other = tickets.open_ticket("Vraag", channel=Channel.EMAIL, language="nl")
        assert other.reference == "2026-000001"


@pytest.mark.parametrize(
    ("words", "reference"),
    [
        ("Re: avis [2026-000012]", "2026-000012"),
        ("réf.2026-000012.", "2026-000012"),
        ("2026-12", None),
        ("12026-000012", None),
    ],
)
def test_a_reference_is_read_out_of_words(words, reference):
    assert find_reference(words) == reference


def test_a_code_may_be_typed_as_it_was_read_aloud():
    assert hash_code("KQ7M-3XTA") == hash_code("kq7m 3xta")


def test_the_citizens_words_open_a_finished_request_again(world):
    ticket = opened(world)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
        tickets.close(ticket, by=world.agent)
    with transaction():
        tickets.hear(ticket, "Ce n’est pas fini.")
    assert ticket.status is Status.OPEN
    assert (ticket.resolved_at, ticket.closed_at) == (None, None)


@pytest.mark.parametrize("act", [tickets.close, tickets.reopen])
def test_what_the_life_does_not_allow_is_a_conflict(world, act):
    ticket = opened(world)
    with pytest.raises(Conflict):
        act(ticket, by=world.agent)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 100_001])
def test_empty_and_endless_words_are_refused(world, text):
    with pytest.raises(Invalid):
        tickets.note(opened(world), text, by=world.agent)


def test_everything_that_happens_is_kept_with_who_and_when(world, clock):
    ticket = opened(world)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    last = db.session.scalars(
        db.select(EventRecord).filter_by(ticket_id=ticket.id, kind="TicketResolved")
    ).one()
    assert (last.person_id, last.happened_at) == (world.agent.id, clock.time)


def test_a_finished_request_is_closed_after_thirty_days(world, clock):
    ticket = opened(world)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    clock.advance(days=29)
    run_sweeps(world.centre_id)
    db.session.refresh(ticket)
    assert ticket.status is Status.RESOLVED
    clock.advance(days=2)
    run_sweeps(world.centre_id)
    db.session.refresh(ticket)
    assert ticket.status is Status.CLOSED
