"""A permission asked for by SMS: the question waits until the citizen's own telephone says yes."""

import pytest

from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import asking, consent
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.models import Mandate, MandateKind, Referral, SharedPaper
from contactcenter.notices.models import Means, Notice
from contactcenter.tickets import actions as tickets
from tests.escalation.appointments import give_number


def ask(world, matter, **more):
    """Of the other partner: for the first one a permission is written down already."""
    team = db.session.get_one(Team, (world.centre_id, world.other_team_id))
    return consent.ask_by_text(
        tickets.get(matter.ticket_id),
        team,
        "Est-ce définitif ?",
        told=asking.Told(blocks="La date limite."),
        papers=matter.papers[:1],
        until=asking.end_of_day(31),
        by=world.agent,
        **more,
    )


@pytest.fixture
def asked(world, matter, telephone, within_centre):
    telephone.caller = "+33639980099"
    within_centre(lambda: give_number(matter))
    return within_centre(lambda: ask(world, matter).id)


def text(telephone, body, sid="SM1"):
    return telephone.ask("/phone/sms", MessageSid=sid, Body=body, NumMedia="0")


def test_nothing_leaves_before_the_yes_and_then_the_question_does(asked, telephone, look, matter):
    assert look.all(Referral) == []
    [notice] = [each for each in look.all(Notice) if each.kind == "consent"]
    assert (notice.means, notice.to_address) == (Means.SMS, "+33639980099")
    assert "Répondez OUI ou NON" in notice.body
    for sid in ("SM1", "SM1", "SM2"):  # the same text twice, and a second yes
        text(telephone, " Oui ! ", sid)
    [referral] = look.all(Referral)
    given = look.all(Mandate)[-1]
    assert (given.kind, referral.mandate_id) == (MandateKind.SMS, given.id)
    assert (referral.question, referral.blocks) == ("Est-ce définitif ?", "La date limite.")
    assert [paper.attachment_id for paper in look.all(SharedPaper)] == matter.papers[:1]


@pytest.mark.parametrize("word", ["Non", "nee", "Oui mais à qui ?"])
def test_anything_but_a_yes_lets_nothing_leave(word, asked, telephone, look):
    text(telephone, word)
    assert look.all(Referral) == []
    [kept] = look.all(ConsentRequest)
    assert kept.is_yes is (None if "mais" in word else False)


def test_a_yes_from_another_telephone_or_too_late_shares_nothing(asked, telephone, look, clock):
    telephone.caller = "+33639980042"
    text(telephone, "oui")
    telephone.caller = "+33639980099"
    clock.advance(days=3)
    text(telephone, "oui", "SM2")
    assert look.all(Referral) == []


def test_a_yes_from_the_number_that_was_wrong_shares_nothing(
    asked, telephone, look, sign_in, world, matter
):
    details = {"name": "Josette Lambertin", "phone": "06 39 98 00 55", "language": "fr"}
    details |= {"reach": "", "birth_year": ""}
    path = f"/tickets/{matter.reference}/citizen/details"
    assert sign_in(world.agent).post(path, data=details).status_code == 303
    [kept] = look.all(ConsentRequest)
    assert kept.withdrawn_at is not None
    text(telephone, "oui")
    assert (look.all(Referral), len(look.all(Mandate))) == ([], 1)


def test_a_yes_is_nobodys_once_the_person_has_another_number(
    asked, telephone, look, within_centre, matter
):
    within_centre(lambda: give_number(matter, phone="+33639980055"))
    text(telephone, "oui")
    within_centre(
        lambda: consent.answer(
            db.session.scalars(db.select(ConsentRequest)).one(),
            tickets.get(matter.ticket_id),
            "oui",
        )
    )
    assert (look.all(Referral), len(look.all(Mandate))) == ([], 1)


def test_a_yes_after_the_agent_gave_up_shares_nothing(
    asked, telephone, look, within_centre, matter
):
    within_centre(lambda: consent.withdraw(tickets.get(matter.ticket_id)))
    text(telephone, "oui")
    assert look.all(Referral) == []


def test_it_is_asked_once_and_of_a_number_only(world, matter, within_centre):
    with pytest.raises(Invalid):
        within_centre(lambda: ask(world, matter))
    within_centre(lambda: give_number(matter))
    within_centre(lambda: ask(world, matter))
    with pytest.raises(Conflict):
        within_centre(lambda: ask(world, matter))


def test_the_form_asks_by_sms_and_the_panel_says_what_waits(
    world, matter, within_centre, sign_in, look
):
    within_centre(lambda: give_number(matter))
    agent = sign_in(world.agent)
    sent = {"team": world.other_team_id, "question": "Est-ce définitif ?", "valid_days": 31}
    answer = agent.post(f"/tickets/{matter.reference}/referrals", data=sent | {"mandate": "sms"})
    assert answer.status_code == 303
    assert look.all(Referral) == []
    panel = f"/tickets/{matter.reference}/referrals"
    assert "La question part dès le oui." in agent.get(panel).text
    agent.post(f"/tickets/{matter.reference}/consent/withdrawal")
    assert "La question part dès le oui." not in agent.get(panel).text


def other_topic(world):
    topic = Topic(code="autre", organisation_id=world.partner_id, label={"fr": "Succession"})
    db.session.add(topic)
    db.session.flush()
    return topic.id


def test_the_yes_is_for_the_topic_the_text_named_and_for_no_other(
    world, matter, telephone, within_centre, look, sign_in
):
    telephone.caller = "+33639980099"
    within_centre(lambda: give_number(matter))
    within_centre(lambda: ask(world, matter, topic_ids=[world.topic_id]))
    [notice] = [each for each in look.all(Notice) if each.kind == "consent"]
    assert "Avis d’impôt" in notice.body
    other = within_centre(lambda: other_topic(world))
    within_centre(lambda: setattr(tickets.get(matter.ticket_id), "topic_id", other))
    text(telephone, "oui")
    assert look.all(Mandate)[-1].topic_ids == [world.topic_id]
    assert look.all(Referral) == []
    panel = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals").text
    assert "la question n’est pas partie" in panel
