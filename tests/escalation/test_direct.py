"""An expert answers the citizen straight: by the agent's leave, in the centre's name."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import actions
from contactcenter.escalation.models import Mandate, Referral, ReferralMessage, ReferralStatus
from contactcenter.notices.models import Notice
from contactcenter.replies.models import HeldReply
from contactcenter.tickets.models import Channel, Message, MessageKind, Status, Ticket
from tests.escalation.matter import form

ANSWER = "Votre second avis annule le premier."


@pytest.fixture
def change(app, world):
    """Change the one row of a table."""

    def changed(model, **values):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            row = db.session.scalars(db.select(model).order_by(model.id)).first()
            for name, value in values.items():
                setattr(row, name, value)

    return changed


@pytest.fixture
def asked(app, matter, world, sign_in, change, seen):
    """A question on a written request, whose expert may answer the citizen; its id."""
    change(Ticket, channel=Channel.EMAIL)
    sent = form(world, mandate="already", may_tell="y")
    sign_in(world.agent).post(f"/tickets/{matter.reference}/referrals", data=sent)
    return seen(Referral)[-1].id


@pytest.fixture
def answer(asked, world, sign_in):
    def answered(then="wait", by=None):
        sent = {"text": ANSWER, "to": "citizen", "then": then}
        return sign_in(by or world.referent).post(f"/referrals/{asked}/answers", data=sent)

    return answered


@pytest.fixture
def later(clock, worker):
    def ran():
        clock.advance(minutes=1)
        worker.run_all()

    return ran


def replies(seen):
    return [each for each in seen(Notice) if each.kind == "reply"]


def test_the_answer_leaves_in_the_conversation_and_the_request_waits_for_the_citizen(
    answer, later, seen, matter, world, sign_in
):
    assert answer().status_code == 303
    assert replies(seen) == []
    later()
    [mail] = replies(seen)
    assert mail.to_address == "josette@citoyens.example"
    assert mail.body.startswith(ANSWER)
    [referral] = seen(Referral)
    assert (referral.status, referral.told_citizen_at is None) == (ReferralStatus.ANSWERED, False)
    assert seen(Ticket)[0].status is Status.WAITING_ON_CITIZEN
    assert [m.text for m in seen(Message) if m.kind is MessageKind.REPLY] == [ANSWER]
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}").text
    thread = page.split('class="thread"')[-1].split("<aside")[0]
    assert thread.count(ANSWER) == 1
    assert "Réponse envoyée à la personne" in page


def test_the_citizen_is_not_told_besides_that_an_agent_will_explain(answer, later, seen):
    answer()
    later()
    assert [each.kind for each in seen(Notice)].count("citizen_answered") == 0


def test_it_can_finish_the_request(answer, later, seen):
    answer(then="resolve")
    later()
    assert seen(Ticket)[0].status is Status.RESOLVED
    assert seen(Referral)[0].status is ReferralStatus.ANSWERED


def test_nothing_is_finished_while_another_team_looks_for_an_answer(
    answer, later, seen, matter, world, sign_in
):
    other = form(world, question="Et une autre chose ?", mandate="already")
    sign_in(world.agent).post(f"/tickets/{matter.reference}/referrals", data=other)
    answer(then="resolve")
    later()
    assert seen(Ticket)[0].status is Status.WAITING_ON_CITIZEN
    assert [each.status for each in seen(Referral)] == ["answered", "sent"]


def test_it_can_be_called_back_and_its_words_are_in_the_form(
    asked, answer, later, seen, world, sign_in
):
    answer()
    [held] = seen(HeldReply)
    assert "une réponse part à la personne" in sign_in(world.lead).get("/referrals").text
    page = sign_in(world.referent).get(f"/referrals/{asked}").text
    recall = f"/referrals/{asked}/held-answers/{held.id}/recall"
    assert recall in page
    assert sign_in(world.lead).post(recall).status_code == 303  # not theirs: nothing happens
    assert len(seen(HeldReply)) == 1
    back = sign_in(world.referent).post(recall).text
    assert re.search(rf"<textarea[^>]*>\s*{ANSWER}", back)
    assert "data-keep-now" in back  # in this tab, for who goes elsewhere before sending it
    assert "data-keep-now" not in page
    later()
    assert replies(seen) == []
    assert seen(Referral)[0].is_open


def test_calling_back_waits_for_no_one_who_has_the_question(
    app, asked, answer, seen, world, sign_in
):
    answer()
    [held] = seen(HeldReply)
    recall = f"/referrals/{asked}/held-answers/{held.id}/recall"
    referent = sign_in(world.referent)
    with app.app_context(), within(Scope(world.centre_id)), ThreadPoolExecutor(1) as other:
        actions.lock_id(asked)  # as what lets it leave does, which has the answer before
        called = other.submit(referent.post, recall)
        wait([called], timeout=10)
        was_done = called.done()
        db.session.rollback()
    assert (was_done, called.result().status_code) == (True, 200)


@pytest.mark.parametrize("lost", ["address", "permission"])
def test_what_cannot_leave_any_more_goes_to_the_agent(
    answer, later, seen, change, world, sign_in, matter, lost
):
    answer()
    if lost == "address":
        change(Citizen, email=None)
    else:
        change(Mandate, expires_at=seen(Mandate)[0].given_at + timedelta(minutes=1))
    later()
    assert replies(seen) == []
    [referral] = seen(Referral)
    assert (referral.status, referral.closing_text) == (ReferralStatus.ANSWERED, ANSWER)
    assert referral.told_citizen_at is None
    assert "fell_back" in [each.kind for each in seen(ReferralMessage)]
    assert (
        "la réponse va à l’agent" in sign_in(world.agent).get(f"/tickets/{matter.reference}").text
    )


def test_what_was_withdrawn_meanwhile_does_not_leave_and_its_words_are_kept(
    app, asked, answer, later, seen, world
):
    answer()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.withdraw(actions.lock_id(asked), "Trouvé.", by=world.agent)
    later()
    assert replies(seen) == []
    [note] = [each for each in seen(ReferralMessage) if each.kind == "note"]
    assert ANSWER in note.text
    assert note.is_private


def test_without_the_agents_leave_it_is_neither_offered_nor_taken(asked_id, world, sign_in, seen):
    referent = sign_in(world.referent)
    assert 'value="citizen"' not in referent.get(f"/referrals/{asked_id}").text
    sent = {"text": ANSWER, "to": "citizen"}
    assert referent.post(f"/referrals/{asked_id}/answers", data=sent).status_code == 409
    assert seen(HeldReply) == []


def test_the_agent_is_told_where_the_citizen_cannot_be_written_to(matter, world, sign_in):
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert 'name="may_tell"' not in page
    assert "l’expert répond à vous seul" in page


def test_a_question_without_identity_gives_no_leave(matter, world, sign_in, change, seen):
    change(Ticket, channel=Channel.EMAIL)
    sent = form(world, mandate="nameless", may_tell="y")
    sign_in(world.agent).post(f"/tickets/{matter.reference}/referrals", data=sent)
    assert not seen(Referral)[-1].may_tell_citizen


def test_another_organisation_sees_and_calls_back_nothing(app, asked, answer, world, sign_in, seen):
    answer()
    [held] = seen(HeldReply)
    other = sign_in(world.other_referent)
    recall = f"/referrals/{asked}/held-answers/{held.id}/recall"
    assert other.post(recall).status_code == 404
    with app.app_context(), within(world.other_referent.scope):
        assert list(db.session.scalars(db.select(HeldReply))) == []
    with app.app_context(), within(world.referent.scope):
        assert len(list(db.session.scalars(db.select(HeldReply)))) == 1
