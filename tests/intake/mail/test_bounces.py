"""What of ours did not arrive is seen by who can do something about it."""

import pytest

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Notice, NoticeState
from contactcenter.teamwork.models import Nudge, Why
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Status, Ticket
from tests.intake.mail.letters import mail, pieces


@pytest.fixture
def answered(app, world, arrive, kept, worker) -> Notice:
    """The reply to a request that was then finished."""
    arrive(mail())
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        agent = db.session.get_one(Person, (world.centre_id, world.agent.id))
        ticket = tickets.get(kept(Ticket)[0].id)
        tickets.reply(ticket, "Il part ce soir.", by=agent)
        tickets.resolve(ticket, by=agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for each in db.session.scalars(db.select(Notice)):
            notices.sent(each)
    return kept(Notice, Notice.kind == "reply")[0]


def report(address: str = "usager@citoyen.example", about: str = "") -> bytes:
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
    )
    returned = f"Content-Type: message/rfc822\n\nMessage-ID: <{about}>\nSubject: Re\n\nx"
    parts = ["Content-Type: text/plain\n\nIt did not arrive.", status]
    return pieces(
        *([*parts, returned] if about else parts),
        kind="report",
        from_="MAILER-DAEMON@x.example",
        subject="Undelivered Mail",
        message_id="<b@x.example>",
    )


def test_a_reply_that_bounced_lets_the_request_wait_again_and_tells_who_wrote_it(
    world, arrive, answered, kept, sign_in
):
    assert kept(Ticket)[0].status is Status.RESOLVED
    arrive(report(about=answered.message_id))
    ticket = kept(Ticket)[0]
    assert (ticket.status, ticket.due_at is not None) == (Status.OPEN, True)
    assert [(each.person_id, each.why) for each in kept(Nudge)] == [
        (world.agent.id, Why.UNDELIVERED)
    ]
    browser = sign_in(world.agent)
    page = browser.get(f"/tickets/{ticket.reference}").text
    assert "notre réponse n’est pas arrivée" in page
    assert "Le dernier courriel à cette adresse n’est pas arrivé" in page
    assert "Votre réponse n’est pas arrivée" in browser.get("/nudges").text


def test_whom_we_told_otherwise_since_then_does_not_wait(app, world, arrive, answered, kept):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        agent = db.session.get_one(Person, (world.centre_id, world.agent.id))
        tickets.record(tickets.get(answered.ticket_id), "Dit au téléphone.", by=agent)
    arrive(report(about=answered.message_id))
    assert kept(Ticket)[0].status is Status.RESOLVED


def test_a_report_that_returns_nothing_of_our_mail_is_about_the_last_to_its_address(
    arrive, answered, kept
):
    arrive(report())
    states = {each.kind: each.state for each in kept(Notice)}
    assert states["reply"] is NoticeState.FAILED


def test_a_report_about_another_address_fails_nothing(arrive, answered, kept):
    arrive(report("autre@citoyen.example"))
    assert {each.state for each in kept(Notice)} == {NoticeState.SENT}


def test_who_asked_a_team_that_no_mail_reaches_is_told(app, world, asked_id, worker, kept):
    worker.run_all()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for each in db.session.scalars(db.select(Notice).filter_by(kind="referral_asked")):
            notices.failed(notices.lock(each.id), "no such user")
    assert [(each.person_id, each.why) for each in kept(Nudge)] == [(world.agent.id, Why.UNREACHED)]
