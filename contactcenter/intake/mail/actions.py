"""Read a stored mail: it opens a ticket, joins one, or tells us that one of ours did not arrive."""

from dataclasses import replace
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Mailbox
from contactcenter.events import announce
from contactcenter.intake.acknowledgement.actions import acknowledge
from contactcenter.intake.acknowledgement.queries import is_ours
from contactcenter.intake.mail import automatic, deliveries, experts, message, reply
from contactcenter.intake.mail.automatic import Classified
from contactcenter.intake.mail.events import MailCut
from contactcenter.intake.mail.files import keep_files
from contactcenter.intake.mail.message import ParsedMail
from contactcenter.intake.mail.sender_checks import is_authentic
from contactcenter.intake.mail.threading import notice_answered, ticket_of, writer_of
from contactcenter.languages import force_locale, zone
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Notice, NoticeState
from contactcenter.notices.queries import last_sent
from contactcenter.notices.tokens import notice_named
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.teamwork.actions import tie
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.live import wake
from contactcenter.tickets.messages import LONGEST_TEXT
from contactcenter.tickets.models import Channel, Interaction, Status, Ticket
from contactcenter.triage.language import detect

REPORTED_WITHIN = timedelta(days=6)  # a server tries for five days, then it reports


def read_mail(
    receipt: Receipt, mailbox: Mailbox, recipient: str, *, as_request: bool = False
) -> None:
    """Settle one stored mail. Done twice, it changes nothing the second time.

    `as_request`: a person says that somebody asks for something here; nobody is answered by itself.
    """
    if receipt.fate is not Fate.HELD:
        return None
    mail = message.read(receipt.raw or b"")
    kind = automatic.classify(mail)
    if as_request:
        return _open(receipt, mailbox, mail, replace(kind, answerable=False))
    if kind.bounce:
        return _hear_bounce(receipt, mail, kind)
    referral_id = experts.question_of(mail, recipient)
    if referral_id is not None:
        return experts.hear(receipt, referral_id, mail, kind)
    ticket = ticket_of(mail, recipient)
    if ticket is not None and ticket.status is not Status.CLOSED:
        return _join(receipt, ticket, mail, kind)
    if kind.by_machine:
        return receipts.settle(receipt, Fate.REJECTED, problem="automatic answer to nothing")
    return _open(receipt, mailbox, mail, kind, after=ticket)


def _hear_bounce(receipt: Receipt, mail: ParsedMail, kind: Classified) -> None:
    """A notice of ours did not arrive: its ticket shows it, and nobody is answered."""
    notice_id = notice_named(kind.about_message_id, receipt.centre_id or 0)
    notice = notices.lock(notice_id) if notice_id is not None else notice_answered(mail)
    notice = notice or _last_to(deliveries.recipients(mail))
    if notice is None:
        return receipts.settle(receipt, Fate.REJECTED, problem="report about a mail not of ours")
    if not kind.delayed and notice.state is not NoticeState.FAILED:
        notices.failed(notice, mail.subject)
    return receipts.settle(receipt, Fate.ATTACHED, ticket_id=notice.ticket_id)


def _last_to(reported: list[deliveries.Recipient]) -> Notice | None:
    """The last mail that left for the address of a report that returns nothing of our mail."""
    for one in reported:
        if one.address and one.action not in deliveries.DELIVERED:
            since = clock.now() - REPORTED_WITHIN
            notice_id = db.session.scalar(last_sent(one.address, since))
            return notices.lock(notice_id) if notice_id is not None else None
    return None


def _join(receipt: Receipt, ticket: Ticket, mail: ParsedMail, kind: Classified) -> None:
    if kind.by_machine:
        return _overhear(receipt, ticket, mail)
    visible, quoted = _words(mail)
    interaction = _interaction(receipt, mail, writer_of(mail, ticket.id))
    interaction.ticket_id = ticket.id
    heard = tickets.hear(
        ticket, visible, interaction=interaction, quoted=quoted, mail_id=mail.message_id or None
    )
    keep_files(ticket.id, mail, receipt.raw or b"", message_id=heard.id)
    _keep_cut(ticket, mail)
    return receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)


def _overhear(receipt: Receipt, ticket: Ticket, mail: ParsedMail) -> None:
    """What a program answered to us can be read; it answers nothing and reopens nothing."""
    interaction = _interaction(receipt, mail, writer_of(mail, ticket.id))
    interaction.ticket_id = ticket.id
    interaction.detail = {**interaction.detail, "automatic": "yes"}
    words = mail.text or mail.subject or "…"
    tickets.overhear(ticket, words, interaction=interaction, mail_id=mail.message_id or None)
    wake(ticket.id)
    receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id, problem="automatic answer")


def _keep_cut(ticket: Ticket, mail: ParsedMail) -> None:
    """A text too long for the page is kept whole as a file, and the request says so."""
    if len(mail.text) <= LONGEST_TEXT:
        return
    upload = Upload(_("texte du courriel") + ".txt", mail.text.encode(errors="replace"))
    kept = attachments.keep(ticket.id, upload, accepted=None, is_bounded=False)
    announce(MailCut(ticket_id=ticket.id, name=kept.name))


def _open(
    receipt: Receipt,
    mailbox: Mailbox,
    mail: ParsedMail,
    kind: Classified,
    *,
    after: Ticket | None = None,
) -> None:
    """A new request, linked to the closed one it comes `after`."""
    visible, quoted = _words(mail)
    language = detect(f"{mail.subject}\n{visible}") or "fr"
    citizen = _sender(mail, language)
    interaction = _interaction(receipt, mail, citizen.id if citizen else None)
    with force_locale(language):
        ticket = tickets.open_ticket(
            mail.subject,
            channel=Channel.EMAIL,
            language=language,
            text=visible,
            quoted=quoted,
            queue_id=mailbox.queue_id,
            site_id=mailbox.site_id,
            citizen_id=citizen.id if citizen else None,
            interaction=interaction,
            mail_id=mail.message_id or None,
        )
    keep_files(ticket.id, mail, receipt.raw or b"")
    _keep_cut(ticket, mail)
    if after is not None:
        tie(ticket, after)
    if kind.answerable:
        acknowledge(ticket, interaction)
    receipts.settle(receipt, Fate.TICKETED, ticket_id=ticket.id)


def _words(mail: ParsedMail) -> tuple[str, str]:
    """What is new in a mail, and the rest folded below it. A mail without words says so."""
    visible = reply.visible(mail.text, mail.html)
    rest = mail.text if mail.text.strip() != visible.strip() else ""
    bounded = visible[:LONGEST_TEXT]
    return bounded or _("(Message sans texte)"), rest


def _sender(mail: ParsedMail, language: str) -> Citizen | None:
    if not mail.from_address:
        return None
    return citizens.find_or_create(
        name=mail.from_name, email=_writing_from(mail), language=language
    )


def _writing_from(mail: ParsedMail) -> str:
    """The address of who writes; a form or a robot names them in its Reply-To."""
    is_robot = automatic.is_a_robot(mail.from_address)
    return (_reply_to(mail) if is_robot else "") or mail.from_address


def _reply_to(mail: ParsedMail) -> str:
    """The one address that is to be answered instead, if it is none of ours."""
    asked = mail.reply_to[0] if len(mail.reply_to) == 1 else ""
    is_other = asked and asked.lower() != mail.from_address.lower()
    return asked if is_other and not db.session.scalar(is_ours(asked)) else ""


def _interaction(receipt: Receipt, mail: ParsedMail, citizen_id: int | None) -> Interaction:
    """The contact, begun when the mail reached us: reading it may have had to wait."""
    trusted = current_app.config["SETTINGS"].mail_authserv_id
    interaction = tickets.open_interaction(
        Channel.EMAIL,
        citizen_id=citizen_id,
        subject=mail.subject[:300],
        mail_id=mail.message_id,
        receipt_id=str(receipt.id),
        sender=_writing_from(mail),
        sender_name=mail.from_name[:200],
        reply_to=_reply_to(mail),
        proved="yes" if is_authentic(mail, trusted) else "no",
    )
    interaction.started_at = receipt.received_at
    interaction.received_on = receipt.received_at.astimezone(zone()).date()
    return interaction
