"""Where the terms of a search stand in a request: its subject and some words around them.

Only for requests whose content the reader may see: `content_is_for` is asked again here. What comes
back are words and never markup: each piece says whether it was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import REGCONFIG

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import AGENT
from contactcenter.db import db
from contactcenter.tickets.models import Message, MessageKind, SearchDocument, Ticket
from contactcenter.tickets.queries import content_is_for
from contactcenter.tickets.search import CONFIGURATIONS, LONGEST_INDEXED
from contactcenter.tickets.search_rules import Terms

_OPEN, _SHUT = "\x02", "\x03"  # taken out of every text before they mark what was found
MARKS = _OPEN + _SHUT
AROUND = f'StartSel="{_OPEN}", StopSel="{_SHUT}", MaxFragments=1, MaxWords=22, MinWords=12'
_WHOLE = f'StartSel="{_OPEN}", StopSel="{_SHUT}", HighlightAll=true'

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Excerpt:
    """Pieces of text, each with whether it was searched for; `around` may be empty."""

    subject: Pieces
    around: Pieces
    kind: MessageKind | None


def excerpts(ids: Sequence[int], person: Person, terms: Terms) -> dict[int, Excerpt]:
    """By id, for those of these tickets that this person may read."""
    if not (ids and terms.wanted and person.may(Permission.WORK_TICKETS)):
        return {}
    given = {"ids": list(ids), "wanted": list(terms.wanted), "now": clock.now()}
    given |= {"centre": person.centre_id, "reader": person.id}
    return {
        row.id: Excerpt(
            _pieces(row.subject),
            marked_pieces(row.around or ""),
            row.kind,
        )
        for row in db.session.execute(_found_in(), given)
    }


@cache
def _found_in() -> Select[Any]:
    wanted = bindparam("wanted", type_=ARRAY(Text))
    query, every = func.search_any(wanted), func.search_all(wanted)
    document = _newest_document(every)
    message = _message_of(document)
    configuration = cast(
        case(CONFIGURATIONS, value=Ticket.language, else_=CONFIGURATIONS["fr"]), REGCONFIG
    )
    return (
        select(
            Ticket.id,
            func.ts_headline(configuration, _bare(Ticket.subject), query, _WHOLE).label("subject"),
            func.ts_headline(configuration, _bare(message.c.text), query, AROUND).label("around"),
            message.c.kind,
        )
        .select_from(Ticket)
        .outerjoin(document, true())
        .outerjoin(message, true())
        .where(
            Ticket.centre_id == AGENT.centre_id,
            Ticket.id == any_(bindparam("ids", type_=ARRAY(BigInteger))),
            content_is_for(AGENT, bindparam("now", type_=DateTime(timezone=True))),
        )
    )


def _newest_document(query: Any) -> Any:
    return (
        select(SearchDocument.message_id)
        .where(
            SearchDocument.centre_id == Ticket.centre_id,
            SearchDocument.ticket_id == Ticket.id,
            SearchDocument.document.op("@@")(query),
        )
        .order_by(SearchDocument.id.desc())
        .limit(1)
        .correlate(Ticket)
        .lateral("document")
    )


def _message_of(document: Any) -> Any:
    """The message a document was made of; of subject and first words, the first of the citizen."""
    return (
        select(func.left(Message.text, LONGEST_INDEXED).label("text"), Message.kind)
        .where(
            Message.centre_id == Ticket.centre_id,
            Message.ticket_id == Ticket.id,
            or_(
                Message.id == document.c.message_id,
                and_(document.c.message_id.is_(None), Message.kind == MessageKind.CITIZEN),
            ),
        )
        .order_by(Message.written_at, Message.id)
        .limit(1)
        .correlate(Ticket, document)
        .lateral("message")
    )


def _bare(words: Any) -> Any:
    return func.translate(words, literal(MARKS), literal(""))


def marked_pieces(marked: str) -> Pieces:
    """A text with its marks as pieces; nothing if nothing is marked in it."""
    return _pieces(marked) if _OPEN in marked else []


def _pieces(marked: str) -> Pieces:
    """A text with its marks as pieces, each with whether it stood between them."""
    pieces: Pieces = []
    for place, piece in enumerate(marked.split(_OPEN)):
        found, _, rest = piece.partition(_SHUT) if place else ("", "", piece)
        pieces += [(text, is_found) for text, is_found in ((found, True), (rest, False)) if text]
    return pieces
