"""A mail becomes one ticket, an answer joins it, and nothing is lost or joined by guessing."""

import smtplib
import threading

import pytest

from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.intake.mail import door
from contactcenter.languages import date_in_words, zone
from contactcenter.notices.models import Notice, NoticeState
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.teamwork.models import TicketLink
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Interaction, Message, MessageKind, Status, Ticket
from tests.intake.mail.letters import mail
from tests.intake.mail.post import all_tickets, deliver, reply_of

pytestmark = pytest.mark.usefixtures("in_centre")


def test_a_mail_becomes_a_ticket_with_its_words_and_sender(world, worker):
    deliver(mail(), worker)
    (ticket,) = all_tickets()
    words = db.session.scalars(db.select(Message.text)).all()
    sender = db.session.get_one(Citizen, (world.centre_id, ticket.citizen_id))
    assert (ticket.subject, ticket.status, sender.email) == (
        "Avis",
        Status.OPEN,
        "usager@citoyen.example",
    )
    assert words == ["Bonjour, je n’ai pas reçu mon avis."]


def test_the_same_mail_twice_makes_one_ticket(world, worker):
    assert deliver(mail(), worker)
    assert not deliver(b"Received: by elsewhere\r\n" + mail(), worker)
    assert len(all_tickets()) == 1


def test_one_message_id_on_two_texts_loses_neither(world, worker):
    deliver(mail("Un colis."), worker)
    deliver(mail("Un autre colis."), worker)
    words = set(db.session.scalars(db.select(Message.text)))
    assert words == {"Un colis.", "Un autre colis."}


def test_ten_deliveries_at_once_make_one_ticket(app, world, worker):
    raw, mailbox = mail(), door.mailbox_of(world.mailbox)

    def once() -> None:
        with app.app_context():
            door.store(raw, mailbox, world.mailbox)

    threads = [threading.Thread(target=once) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worker.run_all()
    assert len(all_tickets()) == 1


def test_the_reply_leaves_in_the_same_conversation(world, worker, postbox):
    deliver(mail(), worker)
    notice = reply_of(world, all_tickets()[0], worker)
    _acknowledgement, envelope = postbox
    assert envelope.rcpt_tos == ["usager@citoyen.example"]
    assert b"In-Reply-To: <premier@citoyen.example>" in envelope.content
    assert notice.state is NoticeState.SENT


def test_long_ids_of_a_conversation_leave_as_they_came(world, worker, postbox):
    theirs = f"<{'A' * 100}@outlook.example>"
    deliver(mail(Message_ID=theirs), worker)
    reply_of(world, all_tickets()[0], worker)
    for name in ("In-Reply-To", "References"):
        assert f"\r\n{name}: {theirs}\r\n".encode() in postbox[-1].content


def test_the_answer_to_our_reply_joins_its_ticket(world, worker, postbox):
    deliver(mail(), worker)
    notice = reply_of(world, all_tickets()[0], worker)
    answer = mail(
        "Merci, bien reçu.", Message_ID="<2@x.example>", In_Reply_To=f"<{notice.message_id}>"
    )
    deliver(answer, worker)
    (ticket,) = all_tickets()
    kinds = db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()
    assert kinds == [MessageKind.CITIZEN, MessageKind.REPLY, MessageKind.CITIZEN]
    assert ticket.status is Status.OPEN


def test_a_forged_id_of_ours_joins_nothing(world, worker):
    deliver(mail(), worker)
    forged = f"<n1.c{world.centre_id}.{'0' * 20}@orme.example>"
    deliver(
        mail("Intrus", Message_ID="<3@x.example>", In_Reply_To=forged, sender="x@y.example"), worker
    )
    assert len(all_tickets()) == 2


def test_a_reference_in_the_subject_proves_nothing_for_a_stranger(world, worker):
    deliver(mail(), worker)
    reference = all_tickets()[0].reference
    deliver(
        mail("Intrus", subject=reference, Message_ID="<4@x.example>", sender="x@y.example"), worker
    )
    assert len(all_tickets()) == 2


def test_a_reference_from_the_citizen_joins(world, worker):
    deliver(mail(), worker)
    reference = all_tickets()[0].reference
    deliver(mail("Encore moi", subject=f"TR: {reference}", Message_ID="<5@x.example>"), worker)
    assert len(all_tickets()) == 1


def test_a_bounce_fails_the_notice_and_opens_nothing(world, worker, postbox):
    deliver(mail(), worker)
    notice = reply_of(world, all_tickets()[0], worker)
    report = (
        f"From: MAILER-DAEMON@orme.example\r\nTo: contact@orme.example\r\n"
        f"Subject: Undelivered Mail\r\nMessage-ID: <b@x.example>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\n\r\nIt did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; usager@citoyen.example\r\n"
        f"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: <{notice.message_id}>\r\nSubject: Re\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    deliver(report, worker)
    assert len(all_tickets()) == 1
    db.session.expire_all()
    assert db.session.get_one(Notice, (world.centre_id, notice.id)).state is NoticeState.FAILED


def test_what_came_is_always_accounted_for(world, worker):
    deliver(mail(), worker)
    deliver(
        mail(
            "Absent",
            subject="Réponse automatique",
            Message_ID="<6@x.example>",
            Auto_Submitted="auto-replied",
        ),
        worker,
    )
    fates = db.session.scalars(db.select(Receipt.fate).order_by(Receipt.id)).all()
    assert fates == [Fate.TICKETED, Fate.REJECTED]


def test_a_mail_in_pieces_is_kept_and_read(world, worker):
    deliver(b"\xff\xfe\x00 not a mail at all", worker)
    assert len(all_tickets()) == 1


def test_a_mail_to_a_tagged_address_finds_its_mailbox(world):
    assert door.mailbox_of("Contact+news@ORME.example") is not None
    assert door.mailbox_of("nobody@orme.example") is None


def test_the_listener_accepts_after_the_commit(listener, world, worker):
    with smtplib.LMTP("127.0.0.1", listener) as client:
        client.sendmail("usager@citoyen.example", [world.mailbox], mail())
    worker.run_all()
    assert len(all_tickets()) == 1


def test_what_the_listener_takes_from_no_sender_is_not_acknowledged(listener, world, worker):
    with smtplib.LMTP("127.0.0.1", listener) as client:
        client.sendmail("", [world.mailbox], mail())
    worker.run_all()
    assert db.session.scalars(db.select(Notice)).all() == []


def test_the_listener_refuses_a_mailbox_nobody_has(listener):
    with smtplib.LMTP("127.0.0.1", listener) as client:
        client.docmd("LHLO", "x")
        assert client.mail("a@b.example")[0] == 250
        assert client.rcpt("nobody@orme.example")[0] == 550


def test_a_mail_that_waited_to_be_read_was_received_the_day_it_came(world, clock, worker):
    door.store(mail(), door.mailbox_of(world.mailbox), world.mailbox)
    came = clock.time
    clock.advance(days=3)
    worker.run_all()
    contact = db.session.scalars(db.select(Interaction)).one()
    (ticket,) = all_tickets()
    assert (contact.started_at, contact.received_on) == (came, came.astimezone(zone()).date())
    assert ticket.due_at < clock.time
    told = db.session.scalars(db.select(Notice).where(Notice.kind == "acknowledgement")).one()
    assert f"le {date_in_words(contact.received_on, 'EEEE d MMMM y')}" in told.body


def test_a_mail_that_waited_to_be_read_is_due_from_when_it_came_after_an_answer_too(
    world, clock, worker
):
    deliver(mail(), worker)
    clock.advance(days=1)
    notice = reply_of(world, all_tickets()[0], worker)
    again = mail("Et ?", Message_ID="<2@x.example>", In_Reply_To=f"<{notice.message_id}>")
    clock.advance(days=1)
    door.store(again, door.mailbox_of(world.mailbox), world.mailbox)
    clock.advance(days=3)
    worker.run_all()
    (ticket,) = all_tickets()
    assert ticket.due_at is not None
    assert ticket.due_at < clock.time


def test_who_is_absent_on_a_day_is_heard_and_gets_no_automatic_answer(world, worker):
    deliver(mail(subject="Je suis absente le 12 mars, changer mon rendez-vous"), worker)
    assert len(all_tickets()) == 1
    assert db.session.scalars(db.select(Notice)).all() == []


def test_a_mail_to_a_closed_request_opens_another_that_is_linked_to_it(world, worker):
    deliver(mail(), worker)
    with transaction():
        first = db.session.scalars(db.select(Ticket)).one()
        tickets.resolve(first, by=None)
        tickets.close(first)
    deliver(
        mail("Encore moi", subject=f"TR: {first.reference}", Message_ID="<5@x.example>"), worker
    )
    _first, second = all_tickets()
    link = db.session.scalars(db.select(TicketLink)).one()
    assert (link.ticket_id, link.other_id, link.person_id) == (first.id, second.id, None)
