"""One answer to everybody of an incident, each by their own way and in their language.

Rows are settled one by one by a worker, some in one transaction: the row, the reply and the notice
are there together or not at all, so that a worker killed at any moment tells nobody twice.
"""

from collections import Counter
from dataclasses import dataclass

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.incidents import queries
from contactcenter.incidents.actions import text_for
from contactcenter.incidents.models import Incident, IncidentTicket, Way
from contactcenter.incidents.rules import Reachable, way_of
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.replies import actions as replies
from contactcenter.replies.models import Then
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

CHUNK = 25  # requests in one transaction: they are locked together
_MEANS = {Way.EMAIL: Means.EMAIL, Way.SMS: Means.SMS, Way.LETTER: Means.LETTER}


@dataclass(frozen=True)
class Preview:
    """Who would be told if the answer was sent now."""

    total: int
    by_way: dict[Way, int]
    by_language: dict[str, int]
    untranslated: list[str]  # languages of citizens that have no text of their own


def preview(incident: Incident) -> Preview:
    rows = db.session.execute(queries.untold(incident)).all()
    languages = Counter(row.Ticket.language for row in rows)
    return Preview(
        total=len(rows),
        by_way=dict(Counter(way_of(_reachable(row.Ticket, row.Citizen)) for row in rows)),
        by_language=dict(languages),
        untranslated=sorted(code for code in languages if code not in incident.told),
    )


def go_on(incident: Incident) -> None:
    """Tell the next; what is left after them is staged again."""
    by = db.session.get_one(Person, (incident.centre_id, incident.sent_by))
    rows = db.session.scalars(queries.pending(incident, CHUNK)).all()
    for row in rows:
        _tell(incident, row, by)
    if len(rows) == CHUNK:
        outbox.stage("incidents.tell", lane="bulk", incident_id=incident.id)
    live.touch(f"incident:{incident.id}")


def _tell(incident: Incident, row: IncidentTicket, by: Person) -> None:
    ticket = tickets.lock_survivor(row.ticket_id)
    if ticket is None:
        row.way = Way.NONE
        return
    own = tickets.get(row.ticket_id)
    if own.citizen_id not in (None, ticket.citizen_id):
        _tell_apart(incident, row, own)
        return
    if ticket.id != row.ticket_id and db.session.scalar(queries.row_of(incident, ticket.id)):
        row.way, row.told_at = Way.JOINED, clock.now()
        return
    citizen = _citizen(ticket)
    row.way = way_of(_reachable(ticket, citizen))
    if row.way in _MEANS and citizen is not None:
        _write(ticket, citizen, text_for(incident, ticket.language), row.way, by)
        row.told_at = clock.now()
        if incident.finishes:
            replies.follow(ticket, Then.RESOLVE, by=by)


def _tell_apart(incident: Incident, row: IncidentTicket, own: Ticket) -> None:
    """It was joined to another person's request: a letter of their own, no reply in that one."""
    citizen = _citizen(own)
    row.way = way_of(_reachable(own, citizen))
    if row.way not in _MEANS or citizen is None:
        return
    notices.write(
        kind="incident",
        means=_MEANS[row.way],
        to_address=_address(citizen, row.way),
        subject=f"{own.subject} [{own.reference}]",
        body=text_for(incident, own.language),
        language=own.language,
        ticket_id=own.merged_into,  # where the agents see it
        citizen_id=citizen.id,
        is_automatic=False,
        dedupe_key=f"incident:{incident.id}:{own.id}",
        is_rehearsal=own.is_rehearsal,
    )
    row.told_at = clock.now()


def _write(ticket: Ticket, citizen: Citizen, text: str, way: Way, by: Person) -> None:
    """A reply leaves by the way its request came; where it came by none that leaves, as it can."""
    message = tickets.reply(ticket, text, by=by)
    if message.notice_id is not None:
        return
    message.notice_id = notices.write(
        kind="reply",
        means=_MEANS[way],
        to_address=_address(citizen, way),
        subject=f"{ticket.subject} [{ticket.reference}]",
        body=message.text,
        language=ticket.language,
        ticket_id=ticket.id,
        said_id=message.id,
        citizen_id=citizen.id,
        is_automatic=False,
        dedupe_key=f"reply:{message.id}",
        is_rehearsal=ticket.is_rehearsal,
    ).id


def _address(citizen: Citizen, way: Way) -> str:
    if way is Way.EMAIL:
        return citizen.email or ""
    if way is Way.SMS:
        return citizen.phone or ""
    return f"{citizen.name}\n{citizen.address}".strip()


def _reachable(ticket: Ticket, citizen: Citizen | None) -> Reachable:
    if citizen is None:
        return Reachable(ticket.channel)
    return Reachable(
        channel=ticket.channel,
        email=citizen.email,
        phone=citizen.phone,
        wants_texts=citizen.wants_texts,
        address=citizen.address,
    )


def _citizen(ticket: Ticket) -> Citizen | None:
    if ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
