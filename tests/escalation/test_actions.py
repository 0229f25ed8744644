"""The life of a question to an expert team."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Select

from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import actions, asking, ending, mandates
from contactcenter.escalation.models import (
    Mandate,
    MandateKind,
    Referral,
    ReferralStatus,
    Refusal,
    SharedPaper,
    Side,
    TicketAccess,
)
from contactcenter.escalation.queries import late, messages_of, papers_of, with_referent
from contactcenter.events import EventRecord
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from tests.conftest import MovableClock
from tests.escalation.matter import Matter
from tests.factories import World


def team_of(world: World, *, other: bool = False) -> Team:
    key = (world.centre_id, world.other_team_id if other else world.team_id)
    return db.session.get_one(Team, key)


def access_of(ticket_id: int, organisation_id: int) -> Select[TicketAccess]:
    return db.select(TicketAccess).filter_by(ticket_id=ticket_id, organisation_id=organisation_id)


def kinds_of(referral: Referral) -> list[str]:
    return list(
        db.session.scalars(
            db.select(EventRecord.kind)
            .where(EventRecord.ticket_id == referral.ticket_id)
            .order_by(EventRecord.id)
        )
    )


def test_a_question_is_due_in_the_teams_own_hours(asked: Referral) -> None:
    # Asked on Monday at 10:00 with 8 open hours; the team is closed from noon to 13:30.
    assert asked.due_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_asking_lets_the_organisation_see_the_ticket_and_these_papers_only(
    asked: Referral, matter: Matter
) -> None:
    assert db.session.scalar(access_of(asked.ticket_id, asked.organisation_id))
    assert [paper.id for paper in db.session.scalars(papers_of(asked))] == matter.papers[:1]


def test_asking_without_a_permission_is_refused_with_the_field_to_fill(
    in_centre: None, world: World, matter: Matter
) -> None:
    with pytest.raises(Invalid) as refused:
        asking.ask(
            tickets.get(matter.ticket_id),
            team_of(world, other=True),
            question="Et chez vous ?",
            by=world.agent,
        )
    assert refused.value.field == "mandate"


def test_a_permission_that_ended_is_none(
    in_centre: None, world: World, matter: Matter, clock: MovableClock
) -> None:
    clock.advance(days=200)
    with pytest.raises(Invalid):
        asking.ask(
            tickets.get(matter.ticket_id), team_of(world), question="Encore ?", by=world.agent
        )


def test_a_question_without_identity_needs_no_permission_and_shares_nothing(
    in_centre: None, world: World, matter: Matter
) -> None:
    with transaction():
        referral = asking.ask(
            tickets.get(matter.ticket_id),
            team_of(world, other=True),
            question="En général, faut-il un rendez-vous ?",
            by=world.agent,
            without_identity=True,
        )
    assert db.session.scalar(access_of(referral.ticket_id, referral.organisation_id)) is None


def test_a_paper_of_another_ticket_cannot_be_sent_along(
    in_centre: None, world: World, matter: Matter
) -> None:
    with pytest.raises(Invalid) as refused:
        asking.ask(
            tickets.get(matter.ticket_id),
            team_of(world),
            question="Et ceci ?",
            by=world.agent,
            papers=[matter.papers[-1] + 1000],
        )
    assert refused.value.field == "papers"


def test_the_same_question_sent_twice_is_one(asked: Referral, world: World) -> None:
    with transaction():
        again = asking.ask(
            tickets.get(asked.ticket_id), team_of(world), question=asked.question, by=world.agent
        )
    assert again.id == asked.id


def test_an_answer_closes_the_question_and_keeps_who_said_it(asked: Referral, world: World) -> None:
    with transaction():
        actions.answer(asked, "Oui, il l’est.", by=world.referent, standard_procedure=True)
    assert (asked.status, asked.closing_text) == (ReferralStatus.ANSWERED, "Oui, il l’est.")
    assert asked.taken_by == world.referent.id
    assert asked.standard_procedure


def test_the_one_who_comes_second_is_told_who_was_first(asked: Referral, world: World) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
    with pytest.raises(Conflict, match="Referent Essai"):
        actions.take(asked, by=world.lead)


def test_taking_twice_is_taking_once(asked: Referral, world: World) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        actions.take(asked, by=world.referent)
    assert kinds_of(asked).count("ReferralTaken") == 1


def test_asking_back_stops_the_clock_and_a_precision_lets_it_go_on(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    clock.advance(hours=1)  # 7 open hours are left
    with transaction():
        actions.ask_back(asked, "De quelle année ?", by=world.referent)
    assert (asked.due_at, asked.remaining_seconds) == (None, 7 * 3600)
    clock.advance(days=1)
    with transaction():
        actions.give_precision(asked, "De 2025.", by=world.agent)
    assert asked.status is ReferralStatus.TAKEN
    assert asked.due_at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_a_team_that_asks_back_late_is_still_late_afterwards(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    clock.time = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 1 h 30 open hours after the deadline
    with transaction():
        actions.ask_back(asked, "De quelle année ?", by=world.referent)
    clock.advance(days=1)
    with transaction():
        actions.give_precision(asked, "De 2025.", by=world.agent)
    assert asked.due_at is not None
    assert asked.due_at < clock.time


def test_a_precision_nobody_asked_for_moves_no_deadline(asked: Referral, world: World) -> None:
    before = asked.due_at
    with transaction():
        actions.give_precision(asked, "Au fait, c’est pour 2025.", by=world.agent)
    assert (asked.status, asked.due_at) == (ReferralStatus.SENT, before)


def test_chasing_brings_the_next_step_nearer_and_leaves_the_deadline(
    asked: Referral, world: World
) -> None:
    due_at, next_due_at = asked.due_at, asked.next_due_at
    with transaction():
        actions.chase(asked, "", by=world.agent)
    assert asked.due_at == due_at
    assert asked.next_due_at is not None
    assert next_due_at is not None
    assert asked.next_due_at < next_due_at


def test_chasing_again_and_again_never_makes_anything_later(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    for hours in (0, 2, 5, 17, 30, 48):
        clock.advance(hours=hours)
        before = (asked.due_at, asked.next_due_at)
        with transaction():
            actions.chase(asked, "Des nouvelles ?", by=world.agent)
        assert asked.due_at == before[0]
        assert asked.next_due_at is not None
        assert before[1] is not None
        assert asked.next_due_at <= before[1]


def test_a_team_is_chased_once_an_hour_at_most(asked: Referral, world: World) -> None:
    with transaction():
        actions.chase(asked, "", by=world.agent)
    with pytest.raises(Conflict):
        actions.chase(asked, "", by=world.agent)


def test_not_for_us_keeps_its_code_and_its_reason(asked: Referral, world: World) -> None:
    with transaction():
        actions.refuse(asked, Refusal.NOT_OUR_FIELD, "Voyez le logement.", by=world.referent)
    assert asked.status is ReferralStatus.REFUSED
    assert asked.refusal is Refusal.NOT_OUR_FIELD
    assert asked.closing_text == "Voyez le logement."


def test_nothing_more_can_be_done_with_a_closed_question(asked: Referral, world: World) -> None:
    with transaction():
        actions.withdraw(asked, "Trouvé ailleurs.", by=world.agent)
    with pytest.raises(Conflict):
        actions.answer(asked, "Trop tard.", by=world.referent)


def test_a_private_note_stays_on_the_side_that_wrote_it(asked: Referral, world: World) -> None:
    with transaction():
        actions.note(asked, "Voir avec le chef.", side=Side.REFERENT, by=world.referent)
        actions.note(asked, "Rappeler jeudi.", side=Side.ASKER, by=world.agent)
    seen = [message.text for message, _ in db.session.execute(messages_of([asked.id], Side.ASKER))]
    assert seen == ["Rappeler jeudi."]


def test_taking_the_permission_back_stops_sharing_at_once(
    asked: Referral, world: World, matter: Matter
) -> None:
    with transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent, reason="Demandé par téléphone.")
    assert asked.status is ReferralStatus.WITHDRAWN
    assert db.session.scalar(access_of(asked.ticket_id, asked.organisation_id)) is None
    assert db.session.scalars(db.select(SharedPaper)).all() == []


def test_another_permission_that_lasts_keeps_the_door_open(
    asked: Referral, world: World, matter: Matter, clock: MovableClock
) -> None:
    with transaction():
        mandates.record_mandate(
            tickets.get(asked.ticket_id),
            world.partner_id,
            kind=MandateKind.ORAL,
            witness="Le chef de bureau",
            expires_at=clock.time + timedelta(days=1),
            by=world.agent,
        )
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)
    assert db.session.scalar(access_of(asked.ticket_id, asked.organisation_id))


def test_an_oral_permission_needs_who_heard_it(
    in_centre: None, world: World, matter: Matter, clock: MovableClock
) -> None:
    with pytest.raises(Invalid) as refused:
        mandates.record_mandate(
            tickets.get(matter.ticket_id),
            world.partner_id,
            kind=MandateKind.ORAL,
            expires_at=clock.time + timedelta(days=1),
            by=world.agent,
        )
    assert refused.value.field == "witness"


def test_a_resolved_ticket_lets_nobody_look_for_an_answer(asked: Referral, world: World) -> None:
    with transaction():
        tickets.resolve(tickets.get(asked.ticket_id), by=world.agent)
    assert asked.status is ReferralStatus.WITHDRAWN


def test_with_an_expert_and_late_are_observed_and_not_stored(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    def found(condition: object) -> bool:
        return db.session.scalar(db.select(Ticket.id).where(condition)) is not None  # type: ignore[arg-type]

    assert (found(with_referent()), found(late())) == (True, False)
    clock.advance(days=2)
    assert (found(with_referent()), found(late())) == (True, True)
    with transaction():
        actions.answer(asked, "Oui.", by=world.referent)
    assert (found(with_referent()), found(late())) == (False, False)


def test_nobody_is_asked_about_a_finished_ticket(
    in_centre: None, world: World, matter: Matter
) -> None:
    with transaction():
        ticket = tickets.get(matter.ticket_id)
        tickets.resolve(ticket, by=world.agent)
    with pytest.raises(Conflict):
        asking.ask(ticket, team_of(world), question="Trop tard ?", by=world.agent)
