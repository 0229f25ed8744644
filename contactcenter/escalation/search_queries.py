"""The search of an expert in what was asked of their organisation, the newest first.

There are few questions beside requests: their words are read as they are looked through, a stretch
at a time, and no table of words could be looked into from beyond the wall.
"""

from dataclasses import dataclass

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import REGCONFIG

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.escalation.models import Referral, ReferralMessage, Side
from contactcenter.escalation.queries import visible_to
from contactcenter.languages import language
from contactcenter.tickets.excerpts import AROUND, MARKS, Pieces, marked_pieces
from contactcenter.tickets.search import CONFIGURATIONS, NEWEST
from contactcenter.tickets.search_rules import Terms, read_terms

PAGE = 25
LOOKED_AT = 500  # questions in one search; the next page looks at older ones


@dataclass(frozen=True)
class Hit:
    referral: Referral
    excerpt: Pieces


@dataclass(frozen=True)
class Hits:
    """`after` is where the next page begins, if there may be more."""

    hits: list[Hit]
    after: int | None


def find(typed: str, person: Person, below: int = NEWEST) -> Hits:
    """What this person may see with these words: their side of it, and no private word of ours."""
    terms = read_terms(typed)
    if not terms.wanted:
        return Hits([], None)
    rows = list(db.session.execute(_looked_at(person, below)))
    ids = [row.id for row in rows]
    found = list(db.session.execute(_holding(person, ids, terms))) if ids else []
    hits = [Hit(row[0], marked_pieces(row.around)) for row in found[:PAGE]]
    if len(found) > PAGE:
        return Hits(hits, hits[-1].referral.id)
    return Hits(hits, ids[-1] if len(ids) == LOOKED_AT else None)


def _looked_at(person: Person, below: int) -> Select[int]:
    newest = visible_to(person).with_only_columns(Referral.id).where(Referral.id < below)
    return newest.order_by(Referral.id.desc()).limit(LOOKED_AT)


def _holding(person: Person, ids: list[int], terms: Terms) -> Select[Referral, str]:
    wanted = func.search_all(cast(list(terms.wanted), ARRAY(Text)))
    unwanted = func.search_any(cast(list(terms.unwanted), ARRAY(Text)))
    marked = func.search_any(cast(list(terms.wanted), ARRAY(Text)))
    words = _words()
    document = func.search_words_of(words)
    configuration = cast(CONFIGURATIONS.get(language(), CONFIGURATIONS["fr"]), REGCONFIG)
    return (
        visible_to(person)
        .add_columns(
            func.ts_headline(configuration, func.translate(words, MARKS, ""), marked, AROUND).label(
                "around"
            )
        )
        .where(
            Referral.id.in_(ids),
            document.op("@@")(wanted),
            ~func.coalesce(document.op("@@")(unwanted), False),
        )
        .order_by(Referral.id.desc())
        .limit(PAGE + 1)
    )


def _words() -> ColumnElement[str]:
    said = (
        select(func.string_agg(ReferralMessage.text, literal(" ")))
        .where(
            and_(
                ReferralMessage.centre_id == Referral.centre_id,
                ReferralMessage.referral_id == Referral.id,
            ),
            or_(~ReferralMessage.is_private, ReferralMessage.side == Side.REFERENT),
        )
        .correlate(Referral)
        .scalar_subquery()
    )
    return func.concat_ws(
        " ",
        Referral.question,
        Referral.blocks,
        Referral.tried,
        Referral.right_lost,
        Referral.closing_text,
        said,
    )
