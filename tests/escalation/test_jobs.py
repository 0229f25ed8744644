"""What is written to whom: to the team without a name, to the citizen without detail, each once."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import JOBS, transaction
from contactcenter.escalation import actions, asking
from contactcenter.escalation.models import Referral, ReferralStatus, Refusal
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from tests.conftest import Worker
from tests.escalation.matter import Matter
from tests.factories import World


def notices(kind: str) -> list[Notice]:
    return list(
        db.session.scalars(db.select(Notice).where(Notice.kind == kind).order_by(Notice.to_address))
    )


def test_the_team_is_told_by_mail_with_one_link(
    asked: Referral, world: World, worker: Worker
) -> None:
    worker.run_all()
    written = notices("referral_asked")
    assert [n.to_address for n in written] == sorted([world.lead.email, world.referent.email])
    assert all(f"http://localhost/referrals/{asked.id}" in n.body for n in written)
    assert all(n.body.count("http") == 1 for n in written)


def test_no_notice_to_a_team_carries_a_name_or_the_subject_of_the_case(
    asked: Referral, world: World, worker: Worker, matter: Matter
) -> None:
    with transaction():
        actions.chase(asked, "Josette Lambertin attend", by=world.agent)
        actions.ask_back(asked, "Quel avis de Mme Lambertin ?", by=world.referent)
        actions.give_precision(asked, "L’avis de Josette de 2025", by=world.agent)
    worker.run_all()
    to_team = db.session.scalars(db.select(Notice).where(Notice.citizen_id.is_(None))).all()
    assert {n.kind for n in to_team} == {"referral_asked", "referral_chased", "precision_given"}
    for notice in to_team:
        words = f"{notice.subject} {notice.body}".lower()
        for secret in ("josette", "lambertin", "avis", "définitif", matter.reference):
            assert secret not in words


def test_the_citizen_is_told_who_was_asked_and_by_when(
    asked: Referral, worker: Worker, matter: Matter
) -> None:
    worker.run_all()
    [told] = notices("citizen_asked")
    assert told.to_address == "josette@citoyens.example"
    assert "Impôts d’essai" in told.body
    assert "mardi 24 novembre à 11\u00a0h\u00a000" in told.body  # "demain" is wrong when read later
    assert matter.reference in told.subject


def test_the_citizen_is_told_when_the_answer_is_there(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        actions.answer(asked, "Oui, définitif.", by=world.referent)
    worker.run_all()
    [told] = notices("citizen_answered")
    assert "définitif" not in told.body


def test_the_citizen_is_told_that_no_answer_is_awaited_any_more(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        actions.withdraw(asked, "Trouvé ailleurs.", by=world.agent)
    worker.run_all()
    [told] = notices("citizen_ended")
    assert "Impôts d’essai" in told.body
    assert "ailleurs" not in told.body


def test_the_citizen_is_told_when_an_expert_refuses_and_nobody_else_is_asked(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        actions.refuse(asked, Refusal.OTHER, "Il manque l’année.", by=world.referent)
    worker.run_all()
    assert len(notices("citizen_ended")) == 1


def test_the_end_of_a_request_says_enough_by_itself(
    asked: Referral, world: World, worker: Worker, matter: Matter
) -> None:
    with transaction():
        tickets.resolve(tickets.get(matter.ticket_id), by=world.agent)
    worker.run_all()
    assert asked.status is ReferralStatus.WITHDRAWN
    assert notices("citizen_ended") == []


def test_a_citizen_without_an_address_is_not_written_to(
    in_centre: None, world: World, matter: Matter, worker: Worker
) -> None:
    with transaction():
        ticket = tickets.get(matter.ticket_id)
        ticket.citizen_id = None
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        asking.ask(ticket, team, question="Définitif ?", by=world.agent)
    worker.run_all()
    assert notices("citizen_asked") == []


@pytest.mark.parametrize(
    "name",
    ["tell_team", "tell_citizen_asked", "tell_citizen_answered", "tell_chased", "tell_taker"],
)
def test_a_job_run_twice_writes_once(asked: Referral, world: World, name: str) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        actions.chase(asked, "", by=world.agent)
        actions.ask_back(asked, "Quelle année ?", by=world.referent)
        actions.give_precision(asked, "2025", by=world.agent)
        if name == "tell_citizen_answered":
            actions.answer(asked, "Oui.", by=world.referent)
    for _ in range(2):
        with transaction():
            JOBS[f"escalation.{name}"](referral_id=asked.id)
    written = db.session.scalars(db.select(Notice)).all()
    assert written
    assert len({(n.kind, n.to_address) for n in written}) == len(written)


def test_a_letter_speaks_the_language_of_its_reader(
    asked: Referral, world: World, worker: Worker
) -> None:
    worker.run_all()
    assert {n.language for n in notices("referral_asked")} == {"fr"}


def test_a_referents_answer_reaches_the_citizen_though_the_referent_cannot_see_the_address(
    asked: Referral, world: World, worker: Worker, app: object
) -> None:
    referral_id = asked.id
    db.session.rollback()
    with within(Scope(world.centre_id, world.partner_id)), transaction():
        actions.answer(actions.lock(referral_id, person=world.referent), "Oui.", by=world.referent)
    worker.run_all()
    db.session.rollback()
    assert len(notices("citizen_answered")) == 1
