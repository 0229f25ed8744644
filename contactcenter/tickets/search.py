"""Full-text search in four languages, accents ignored, answering only what one may see.

`@@` is not leakproof, so the row-level policy would keep PostgreSQL from using the index: the words
are looked up by one SECURITY DEFINER function that applies the same scope itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from contactcenter.db import current_centre, db, write_by
from contactcenter.insertions import Insertion
from contactcenter.tickets.search_rules import Terms, read_terms

LONGEST_INDEXED = 20_000
NEWEST = 2**62
CONFIGURATIONS = {"fr": "fr_plain", "nl": "nl_plain", "en": "en_plain", "de": "de_plain"}

# Matches in each look, one after the other.
LOOKS = (200, 800, 3_000)

_INDEX = Insertion(
    "search_documents",
    columns=("centre_id", "ticket_id", "message_id", "is_inside", "document"),
    values=("centre", "ticket", "message", "inside", "search_document(cfg, words, centre, ticket)"),
    given="centre bigint, ticket bigint, message bigint, inside boolean, cfg regconfig, words text",
)

_FIND = text("SELECT ticket_id FROM search_tickets(CAST(:wanted AS text[]), :most, :below)")

# Of tickets that were found in another way: by their own index, so no wall is in the way.
_AMONG = text(
    "SELECT d.ticket_id FROM search_documents d"
    " WHERE d.centre_id = :centre AND d.ticket_id = ANY(CAST(:ids AS bigint[]))"
    " GROUP BY d.ticket_id"
    " HAVING (CAST(:wanted AS text[]) = '{}'"
    " OR bool_or(d.document @@ search_all(CAST(:wanted AS text[]))))"
    " AND NOT coalesce(bool_or(d.document @@ search_any(CAST(:unwanted AS text[]))), false)"
)

_NEAR = text("SELECT word, likeness, times FROM near_words(:wanted, :most)")


def index(
    ticket_id: int,
    words: str,
    language: str,
    *,
    message_id: int | None = None,
    is_inside: bool = False,
) -> None:
    """Make `words` of a ticket searchable; `is_inside` hides them from partners."""
    write_by(
        _INDEX,
        centre=current_centre(),
        ticket=ticket_id,
        message=message_id,
        inside=is_inside,
        cfg=CONFIGURATIONS.get(language, "fr_plain"),
        words=words[:LONGEST_INDEXED].replace("\x00", " "),
    )


def ticket_ids(words: str | Terms, limit: int = 200, *, below: int = NEWEST) -> list[int]:
    """Ids of the newest tickets that hold all the terms, each in any of the four languages.

    What is not wanted is not looked at: `among` leaves it out. Fewer than `limit` mean that there
    are no more; else more are below the last. Whoever shows them leaves out what the reader may not
    see.
    """
    terms = read_terms(words) if isinstance(words, str) else words
    if not terms.wanted:
        return []
    rows = db.session.execute(_FIND, {"wanted": list(terms.wanted), "most": limit, "below": below})
    return [row.ticket_id for row in rows]


@dataclass(frozen=True)
class Found:
    """Ids, the newest first; `end` is the last id that was looked at, if there may be more."""

    ids: list[int]
    end: int | None = None


Readable = Callable[[list[int]], Sequence[int]]


def readable(terms: Terms, which: Readable, enough: int, below: int = NEWEST) -> Found:
    """The newest tickets with these terms among those that `which` selects.

    That a word matched would tell what a text says: only what may be read is ever counted or shown.
    """
    found: list[int] = []
    for most in LOOKS[:2] if terms.unwanted else LOOKS:  # what is not wanted is looked up in each
        ids = ticket_ids(terms, most, below=below)
        read = sorted(which(ids), reverse=True) if ids else []
        found += among(read, Terms(unwanted=terms.unwanted)) if terms.unwanted else read
        if len(ids) < most:
            return Found(found)
        below = ids[-1]
        if len(found) >= enough:
            break
    return Found(found, below)


def among(ids: Sequence[int], terms: Terms) -> list[int]:
    """Those of these tickets that hold the terms, in their order."""
    if not terms.wanted and not terms.unwanted:
        return list(ids)
    given = {"centre": current_centre(), "ids": list(ids), **_given(terms)}
    holding = {row.ticket_id for row in db.session.execute(_AMONG, given)}
    return [each for each in ids if each in holding]


def near_words(word: str, most: int = 4) -> list[Any]:
    """Words that were written in this centre and look like this one: (word, likeness, times)."""
    return list(db.session.execute(_NEAR, {"wanted": word[:60], "most": most}))


def _given(terms: Terms) -> dict[str, list[str]]:
    return {"wanted": list(terms.wanted), "unwanted": list(terms.unwanted)}
