"""A question is handed to a colleague of the same team: with a word, and the clock runs on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation.models import Referral, ReferralMessage, ReferralStatus
from contactcenter.escalation.staffing_models import Absence
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome
from tests.conftest import SignIn, Worker
from tests.escalation.matter import Matter
from tests.factories import World

Seen = Callable[[type], list]


@pytest.fixture
def hand(asked_id: int, world: World, sign_in: SignIn) -> Callable[..., tuple[int, str]]:
    """Hand the question on, as the referent unless said otherwise: the status and the page."""

    def handed(to: Person, by: Person | None = None, text: str = "Vous connaissez ce cas."):
        answer = sign_in(by or world.referent).post(
            f"/referrals/{asked_id}/handing", data={"to": to.id, "text": text}
        )
        return answer.status_code, answer.text

    return handed


def test_a_colleague_holds_it_from_then_on_and_the_deadline_stays(hand, world, seen: Seen) -> None:
    [before] = seen(Referral)
    assert hand(world.lead)[0] == 303
    [after] = seen(Referral)
    assert (after.taken_by, after.status) == (world.lead.id, ReferralStatus.TAKEN)
    assert (after.due_at, after.next_due_at) == (before.due_at, before.next_due_at)
    [event] = [each for each in seen(EventRecord) if each.kind == "ReferralHandedOn"]
    assert event.detail["to_person_id"] == world.lead.id
    assert [each.outcome for each in seen(Visit) if each.referral_id] == [Outcome.ANSWERED]


def test_what_was_taken_can_be_handed_on_too_and_back(
    hand, asked_id: int, world: World, sign_in: SignIn, seen: Seen
) -> None:
    sign_in(world.referent).post(f"/referrals/{asked_id}/taking")
    hand(world.lead)
    hand(world.referent, by=world.lead)
    assert seen(Referral)[0].taken_by == world.referent.id
    assert [each.kind for each in seen(ReferralMessage)].count("handed") == 2


def test_the_colleague_reads_the_words_and_the_agent_does_not(
    hand, asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    hand(world.lead)
    assert "vous est confiée : Referent Essai" in _plain(sign_in(world.lead).get("/referrals").text)
    assert "Vous connaissez ce cas." in sign_in(world.lead).get(f"/referrals/{asked_id}").text
    assert "vous est confiée" not in sign_in(world.lead).get("/referrals").text  # read since
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}").text
    assert "Vous connaissez ce cas." not in page
    assert "confie la question à un collègue" in page


def test_the_colleague_is_told_once_without_a_name_or_a_subject(
    hand, worker: Worker, world: World, seen: Seen
) -> None:
    hand(world.lead)
    worker.run_all()
    worker.run_all()
    [notice] = [each for each in seen(Notice) if each.kind == "referral_handed"]
    assert notice.to_address == world.lead.email
    for secret in ("Lambertin", "Vous connaissez", "Cet avis"):
        assert secret not in notice.subject + notice.body


def test_nobody_is_told_of_what_was_answered_before_the_letter_was_written(
    hand, asked_id: int, worker: Worker, world: World, sign_in: SignIn, seen: Seen
) -> None:
    hand(world.lead)
    sign_in(world.lead).post(f"/referrals/{asked_id}/answers", data={"text": "Oui."})
    worker.run_all()
    assert "referral_handed" not in [each.kind for each in seen(Notice)]


def test_words_for_a_colleague_who_has_it_already_are_kept(
    hand, world: World, sign_in: SignIn, seen: Seen
) -> None:
    hand(world.lead, text="")
    hand(world.lead, text="Le fils appelle demain.")
    kept = [each.text for each in seen(ReferralMessage) if each.kind == "handed"]
    assert len(kept) == 2
    assert "Le fils appelle demain." in kept[-1]


def test_who_is_away_is_refused_and_who_stands_in_is_offered(
    app: ContactCenter, hand, world: World, seen: Seen
) -> None:
    today = times.now().date()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        absence = Absence(
            person_id=world.lead.id,
            from_on=today - timedelta(days=1),
            to_on=today + timedelta(days=1),
            substitute_id=world.referent.id,
        )
        db.session.add(absence)
    status, page = hand(world.lead)
    assert status == 422
    assert f"{world.lead.name} n’est pas là" in page
    assert f'<option selected value="{world.referent.id}"' in page
    assert seen(Referral)[0].taken_by is None


def test_who_has_left_or_serves_another_team_cannot_be_handed_a_question(
    app: ContactCenter, hand, world: World, seen: Seen
) -> None:
    for person in (world.other_referent, world.agent):
        assert hand(person)[0] == 422
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        left = db.session.get_one(Person, (world.centre_id, world.lead.id))
        accounts.disable(left, by=world.administrator)
    assert hand(world.lead)[0] == 422
    assert seen(Referral)[0].taken_by is None


def test_a_live_question_is_for_who_takes_it(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn, seen: Seen
) -> None:
    sign_in(world.agent).post(
        f"/tickets/{matter.reference}/live-questions",
        data={"team": world.team_id, "question": "En direct"},
    )
    live = seen(Referral)[-1]
    answer = sign_in(world.referent).post(
        f"/referrals/{live.id}/handing", data={"to": world.lead.id}
    )
    assert answer.status_code == 409


def test_another_organisation_can_neither_hand_it_on_nor_see_its_colleagues(
    hand, asked_id: int, world: World, sign_in: SignIn
) -> None:
    assert hand(world.other_referent, by=world.other_referent)[0] == 404
    page = sign_in(world.other_referent).get(f"/referrals/{asked_id}?reply=handing")
    assert page.status_code == 404


def _plain(page: str) -> str:
    return page.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
