"""An expert invites another organisation, and experts write among themselves behind the walls."""

import pytest

from contactcenter import clock as times
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import mandates
from contactcenter.escalation.models import MandateKind, Referral, ReferralMessage
from contactcenter.escalation.rules import EXPIRES_AFTER
from contactcenter.tickets import actions as tickets


@pytest.fixture
def referrals(app, world):
    def rows() -> list[Referral]:
        with app.app_context(), within(Scope(world.centre_id)):
            found = list(db.session.scalars(db.select(Referral).order_by(Referral.id)))
            db.session.expunge_all()
            return found

    return rows


@pytest.fixture
def invited(asked_id, world, sign_in, worker, referrals):
    """The question of the team that was invited."""

    def invite() -> Referral:
        sent = {"team": str(world.other_team_id), "text": "Cette règle vaut-elle aussi chez vous ?"}
        path = f"/referrals/{asked_id}/invitations"
        for _twice in range(2):
            assert sign_in(world.referent).post(path, data=sent).status_code == 303
            worker.run_all()
        assert len(referrals()) == 2
        return referrals()[1]

    return invite


def page(sign_in, person, referral_id: int) -> str:
    return sign_in(person).get(f"/referrals/{referral_id}").text


def test_without_permission_an_invited_team_reads_the_words_of_the_invitation_only(
    invited, asked_id, world, sign_in
):
    other = invited()
    assert (other.invited_by, other.mandate_id) == (asked_id, None)
    assert other.due_at is not None
    shown = page(sign_in, world.other_referent, other.id)
    assert "Cette règle vaut-elle aussi chez vous ?" in shown
    assert "vous invite avec ces mots" in shown
    assert "Josette" not in shown
    assert "Cet avis est-il définitif" not in shown
    assert sign_in(world.other_referent).get(f"/referrals/{asked_id}").status_code == 404
    assert sign_in(world.referent).get(f"/referrals/{other.id}").status_code == 404


def test_under_a_permission_for_it_an_invited_team_sees_the_request(
    app, matter, invited, world, sign_in
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandates.record_mandate(
            tickets.get(matter.ticket_id),
            world.other_partner_id,
            kind=MandateKind.PAPER,
            expires_at=times.now() + EXPIRES_AFTER,
            by=world.agent,
        )
    other = invited()
    assert other.mandate_id is not None
    assert "Josette L." in page(sign_in, world.other_referent, other.id)


def test_experts_write_to_each_other_and_the_agent_does_not_read_it(
    invited, asked_id, matter, world, sign_in, worker
):
    other = invited()
    words = "Chez nous, c’est l’article 12."
    path = f"/referrals/{other.id}/side-words"
    assert sign_in(world.other_referent).post(path, data={"text": words}).status_code == 303
    worker.run_all()
    assert words in page(sign_in, world.referent, asked_id)
    assert words in page(sign_in, world.other_referent, other.id)
    agent = sign_in(world.agent)
    assert words not in agent.get(f"/tickets/{matter.reference}/referrals").text
    assert words not in agent.get(f"/tickets/{matter.reference}").text


def test_the_answer_of_an_invited_team_reaches_those_who_invited_it_once(
    app, invited, asked_id, world, sign_in, worker
):
    other = invited()
    path = f"/referrals/{other.id}/answers"
    sign_in(world.other_referent).post(path, data={"text": "Oui, depuis 2024."})
    worker.run_all()
    assert "Oui, depuis 2024." in page(sign_in, world.referent, asked_id)
    with app.app_context(), within(Scope(world.centre_id)):
        copies = db.session.scalars(
            db.select(ReferralMessage).where(
                ReferralMessage.referral_id == asked_id, ReferralMessage.kind == "side"
            )
        ).all()
    assert len(copies) == 1


def test_the_team_to_invite_is_to_be_chosen(asked_id, world, sign_in):
    form = sign_in(world.referent).get(f"/referrals/{asked_id}?reply=invitation").text
    team = form.split('for="team"')[1].split("</label>")[0]
    assert "facultatif" not in team


def test_ones_own_organisation_is_not_invited(asked_id, world, sign_in, referrals):
    sent = {"team": str(world.team_id), "text": "Et vous ?"}
    answer = sign_in(world.referent).post(f"/referrals/{asked_id}/invitations", data=sent)
    assert answer.status_code == 422
    assert len(referrals()) == 1


def test_a_note_of_the_agent_stays_on_their_side(asked_id, matter, world, sign_in):
    agent = sign_in(world.agent)
    agent.post(f"/referrals/{asked_id}/asker-notes", data={"text": "Rappeler jeudi."})
    assert "Rappeler jeudi." in agent.get(f"/tickets/{matter.reference}/referrals").text
    assert "Rappeler jeudi." not in page(sign_in, world.referent, asked_id)
