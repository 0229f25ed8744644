"""Likely the same person, likely the same request: what is proposed, and why."""

from dataclasses import dataclass
from datetime import timedelta

from flask import g
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.citizens.actions import country
from contactcenter.citizens.likeness import Described, Likeness, alike
from contactcenter.citizens.words import same_person
from contactcenter.db import db
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import alike_for

LOOKS_BACK = timedelta(days=30)
MOST = 5


@dataclass(frozen=True)
class AlikeTicket:
    """A request that may be the same; its subject is shown only if this person may read it."""

    ticket: Ticket
    because: str
    is_seen: bool


def people_alike(person: Described) -> list[tuple[Likeness, str]]:
    return [(each, same_person(each)) for each in alike(person, country())]


def tickets_alike(
    subject: str,
    *,
    citizen_id: int | None = None,
    topic_id: int | None = None,
    but: int | None = None,
) -> list[AlikeTicket]:
    """Requests of the last thirty days, the likeliest first; none without person and topic."""
    if citizen_id is None and (topic_id is None or not subject.strip()):
        return []
    rows = db.session.execute(
        alike_for(
            g.person,
            citizen_id=citizen_id,
            topic_id=topic_id,
            words=subject.strip()[:200],
            since=clock.now() - LOOKS_BACK,
            most=MOST + 1,
        )
    )
    found = [row for row in rows if row.Ticket.id != but][:MOST]
    return [
        AlikeTicket(
            row.Ticket,
            _same_request(is_same_citizen=row.same_citizen, likeness=row.likeness),
            row.is_seen,
        )
        for row in found
    ]


def _same_request(*, is_same_citizen: bool, likeness: float) -> str:
    alike_words = _("même motif, objet proche")
    if not is_same_citizen:
        return alike_words
    return _("même personne, objet proche") if likeness >= 0.45 else _("même personne")
