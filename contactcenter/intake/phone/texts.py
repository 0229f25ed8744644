"""A text from a citizen: it joins what they already asked, opens a request, or asks us to stop."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.citizens.queries import reached_by
from contactcenter.citizens.rules import name_key
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Line
from contactcenter.escalation import consent
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.intake.phone import pictures, text_follow
from contactcenter.intake.phone.menu import first_language
from contactcenter.intake.phone.queries import lines_here
from contactcenter.intake.phone.rules import caller_number
from contactcenter.languages import force_locale
from contactcenter.notices import refusals
from contactcenter.notices.models import Means
from contactcenter.queues.callers import caller_key
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.receipts.queries import held_texts
from contactcenter.receipts.words import NO_LINE
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import UNFINISHED, Channel, Interaction, Ticket
from contactcenter.tickets.rules import subject_in
from contactcenter.triage.language import detect

STOP = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"),
        *("arret", "arreter", "stopp", "abmelden", "afmelden"),
    }
)
START = frozenset(["start", "unstop", "reprendre"])
LONGEST_SUBJECT = 60
OPEN_FOR = timedelta(days=30)  # an open request older than that is another matter
TALKED_FOR = timedelta(days=3)  # a finished exchange of texts goes on if they answer so soon


@dataclass(frozen=True)
class Text:
    """One text as the operator tells of it.

    `pictures` are the addresses of what came along; `wish` is set where the operator itself took
    the text for STOP, START or HELP, and answered.
    """

    sid: str
    sender: str
    body: str
    pictures: Sequence[str] = ()
    wish: str = ""


def receive(text: Text, line: Line, centre: Centre) -> None:
    """Take in one text. The same one twice changes nothing."""
    receipt = receipts.claim(Door.SMS, text.sid)
    if receipt is not None:
        read(text, receipt, line, centre)


def hold(text: Text, called: str, *, is_kept: bool) -> None:
    """Keep aside a text to a number that is no line's, until it is.

    Not `is_kept`: several centres may be meant, so its words are nobody's to read.
    """
    raw = json.dumps(asdict(text)).encode() if is_kept else None
    receipt = receipts.claim(Door.SMS, text.sid, raw=raw)
    if receipt is not None:
        fate = Fate.HELD if is_kept else Fate.REJECTED
        receipts.settle(receipt, fate, problem=f"{NO_LINE}{called[:40]}")


def read_held(most: int) -> None:
    """Read what was kept aside for a number that is a line's by now."""
    lines = {line.number: line for line in db.session.scalars(lines_here())}
    problems = [f"{NO_LINE}{number}" for number in lines]
    centre = db.session.get_one(Centre, current_centre())
    for receipt in db.session.scalars(held_texts(problems, most)).all():
        text = Text(**json.loads(receipt.raw or b"{}"))
        read(text, receipt, lines[receipt.problem.removeprefix(NO_LINE)], centre)


def read(text: Text, receipt: Receipt, line: Line, centre: Centre) -> None:
    """Open or join a request with a text of this receipt, unless it asks for none."""
    number = caller_number(text.sender, centre.country)
    if number is not None and _asks_for_nothing(text, number, receipt, centre):
        return
    language = detect(text.body) or first_language(centre)
    citizen = citizens.find_or_create(phone=number, language=language) if number else None
    interaction = tickets.open_interaction(
        Channel.SMS,
        citizen_id=citizen.id if citizen else None,
        caller_key=caller_key(number) if number else None,
        message_sid=text.sid,
        line=line.number,
    )
    consented = consent.waiting_for(number, name_key(text.body)) if number else None
    ticket = _ticket_of(consented) or _known_ticket(citizen)
    if ticket is None:
        ticket = _open(text.body, language, citizen, interaction, line)
        receipts.settle(receipt, Fate.TICKETED, ticket_id=ticket.id)
    else:
        _join(ticket, text.body, interaction, receipt)
        if consented is not None:
            consent.answer(consented, ticket, name_key(text.body))
    pictures.ask_for(ticket, interaction, text.pictures)


def _asks_for_nothing(text: Text, number: str, receipt: Receipt, centre: Centre) -> bool:
    """Whether it is about texts themselves, or a code that was answered."""
    wish = text.wish.lower() or name_key(text.body)
    if _is_about_texts(number, wish) or text.wish:
        receipts.settle(receipt, Fate.REJECTED, problem="about texts themselves")
        return True
    return text_follow.answer(number, text.body, receipt, centre)


def _is_about_texts(number: str, word: str) -> bool:
    """Someone asks for no more texts, or for texts again."""
    if word in STOP:
        refusals.refuse(Means.SMS, number)
        for citizen in db.session.scalars(reached_by(phone=number, email=None)):
            if citizen.reach is Reach.SMS:
                citizen.reach = None
    elif word in START and refusals.is_refused(Means.SMS, number):
        refusals.lift(Means.SMS, number)
    else:
        return False
    return True


def _known_ticket(citizen: Citizen | None) -> Ticket | None:
    """What they most likely go on about: an exchange of texts first, then any open request."""
    if citizen is None:
        return None
    now = clock.now()
    by_text = Ticket.channel == Channel.SMS
    goes_on = or_(
        Ticket.status.in_(UNFINISHED) & (Ticket.updated_at > now - OPEN_FOR),
        by_text & (Ticket.updated_at > now - TALKED_FOR),
    )
    ticket_id = db.session.scalar(
        db.select(Ticket.id)
        .where(Ticket.centre_id == current_centre(), Ticket.citizen_id == citizen.id, goes_on)
        .order_by(by_text.desc(), Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(1)
    )
    return tickets.lock_survivor(ticket_id) if ticket_id is not None else None


def _ticket_of(consented: ConsentRequest | None) -> Ticket | None:
    """The request that a yes or no is about."""
    return tickets.lock_survivor(consented.ticket_id) if consented is not None else None


def _join(ticket: Ticket, body: str, interaction: Interaction, receipt: Receipt) -> None:
    interaction.ticket_id = ticket.id
    tickets.hear(ticket, _words(body, ticket.language), interaction=interaction)
    receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)


def _open(
    body: str, language: str, citizen: Citizen | None, interaction: Interaction, line: Line
) -> Ticket:
    words = _words(body, language)
    return tickets.open_ticket(
        subject_in(words, LONGEST_SUBJECT),
        channel=Channel.SMS,
        language=language,
        text=words,
        site_id=line.site_id,
        citizen_id=citizen.id if citizen else None,
        interaction=interaction,
    )


def _words(body: str, language: str) -> str:
    with force_locale(language):
        return body.strip() or _("(Message sans texte)")
