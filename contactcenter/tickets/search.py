"""Full-text search in four languages, accents ignored, answering only what one may see.

`@@` is not leakproof, so the row-level policy would keep PostgreSQL from using the index: the words
are looked up by one SECURITY DEFINER function that applies the same scope itself.
"""

from sqlalchemy import text

from contactcenter.db import current_centre, db, write_by

LONGEST_INDEXED = 20_000
NEWEST = 2**62
CONFIGURATIONS = {"fr": "fr_plain", "nl": "nl_plain", "en": "en_plain", "de": "de_plain"}

_INDEX = text(
    "INSERT INTO search_documents (centre_id, ticket_id, is_inside, document) VALUES"
    " (:centre, :ticket, :inside,"
    " search_document(CAST(:cfg AS regconfig), :words, :centre, :ticket))"
)

_FIND = text("SELECT ticket_id FROM search_tickets(:words, :most, :below)")


def index(ticket_id: int, words: str, language: str, *, is_inside: bool = False) -> None:
    """Make `words` of a ticket searchable; `is_inside` hides them from partners."""
    write_by(
        _INDEX,
        centre=current_centre(),
        ticket=ticket_id,
        inside=is_inside,
        cfg=CONFIGURATIONS.get(language, "fr_plain"),
        words=words[:LONGEST_INDEXED].replace("\x00", " "),
    )


def ticket_ids(words: str, limit: int = 200, *, below: int = NEWEST) -> list[int]:
    """Ids of the newest tickets that hold all the words, in any of the four languages.

    Fewer than `limit` mean that there are no more; else more are below the last. Whoever shows them
    leaves out what the reader may not see.
    """
    rows = db.session.execute(
        _FIND, {"words": words[:200].replace("\x00", " "), "most": limit, "below": below}
    )
    return [row.ticket_id for row in rows]
