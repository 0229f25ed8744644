"""Asking whether it is solved: once a request, by the way the citizen prefers, by day."""

import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.db import db
from contactcenter.directory.keeping import this_centre
from contactcenter.errors import NotFound
from contactcenter.escalation import letters, solved_queries
from contactcenter.escalation.events import SolvedSaid
from contactcenter.escalation.solved_models import AskedBy, SolvedQuestion
from contactcenter.events import announce
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.references import ALPHABET, hash_code

AT_ONCE = 100
TOKEN_LENGTH = 12  # 25^12, about 56 bits: nobody guesses one
NO_LATER_THAN = timedelta(days=7)  # switched on, it does not ask about what is long over
SPARED = timedelta(days=30)  # between two such questions to one citizen
LINK_LASTS = timedelta(days=60)
BY_DAY = range(9, 19)  # hours at the centre's place


def ask_due() -> bool:
    """Ask about what was finished so many days ago; whether there may be more."""
    centre, now = this_centre(), clock.now()
    if not centre.asks_solved or now.astimezone(ZoneInfo(centre.timezone)).hour not in BY_DAY:
        return False
    until = now - timedelta(days=centre.solved_after_days)
    wanted = solved_queries.to_ask(until - NO_LATER_THAN, until, now - SPARED, AT_ONCE)
    tickets = db.session.scalars(wanted).all()
    spared: set[int] = set()  # one question to each of them, also within this round
    for ticket in tickets:
        if ticket.citizen_id is not None and ticket.citizen_id not in spared:
            spared.add(ticket.citizen_id)
            _ask(ticket, db.session.get_one(Citizen, (ticket.centre_id, ticket.citizen_id)))
    return len(tickets) == AT_ONCE


def _ask(ticket: Ticket, citizen: Citizen) -> None:
    means, address = _way_to(citizen)
    token = "".join(secrets.choice(ALPHABET) for _place in range(TOKEN_LENGTH))
    team_id = db.session.scalars(solved_queries.last_answer(ticket)).one()
    db.session.add(
        SolvedQuestion(
            ticket_id=ticket.id,
            team_id=team_id,
            asked_by=means,
            asked_at=clock.now(),
            token_hash=None if means is AskedBy.CALL else hash_code(token),
        )
    )
    if means is not AskedBy.CALL:
        _write(ticket, citizen, means, address, token)


def _way_to(citizen: Citizen) -> tuple[AskedBy, str]:
    """A letter for one click helps nobody: who wants letters, or gave no way, is called."""
    if citizen.phone and citizen.wants_texts:
        return AskedBy.SMS, citizen.phone
    if citizen.email and citizen.reach in (None, Reach.EMAIL, Reach.SMS):
        return AskedBy.EMAIL, citizen.email
    return AskedBy.CALL, ""


def _write(ticket: Ticket, citizen: Citizen, means: AskedBy, address: str, token: str) -> None:
    centre = this_centre()
    link = public_url(f"/solved/{centre.code}/{token}?lang={ticket.language}")
    with speaking(ticket.language, centre.timezone):
        letter = letters.solved(ticket.reference, centre.name, link)
        text = letters.solved_text(ticket.reference, centre.name, link)
    notices.write(
        kind="solved",
        means=Means(means),
        to_address=address,
        subject=letter.subject if means is AskedBy.EMAIL else "",
        body=letter.body if means is AskedBy.EMAIL else text,
        language=ticket.language,
        ticket_id=ticket.id,
        citizen_id=citizen.id,
        dedupe_key=f"solved:{ticket.id}",
    )


def by_token(token: str) -> SolvedQuestion:
    """The question a citizen holds the link of; changes wait for each other. Raises NotFound."""
    asked_from = clock.now() - LINK_LASTS
    wanted = solved_queries.by_token(hash_code(token), asked_from).with_for_update()
    question = db.session.scalar(wanted) if len(token) == TOKEN_LENGTH else None
    if question is None:
        raise NotFound(_("Ce lien ne mène à aucune demande. Relisez-le."))
    return question


def say(question: SolvedQuestion, *, is_solved: bool, by: Person | None = None) -> None:
    """What the citizen says, by themselves or to an agent; who thinks again may say otherwise."""
    if question.is_solved is is_solved:
        return
    question.answered_at, question.is_solved = clock.now(), is_solved
    question.settled_at = question.settled_by = None
    question.noted_by = by.id if by else None
    announce(
        SolvedSaid(
            ticket_id=question.ticket_id, is_solved=is_solved, person_id=by.id if by else None
        )
    )


def settle(question: SolvedQuestion, *, by: Person) -> None:
    """They were called back, or their request is open again: they wait for nobody here."""
    question.settled_at, question.settled_by = clock.now(), by.id
