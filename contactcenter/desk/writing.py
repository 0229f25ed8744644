"""What stands around the place one writes in: drafts, replies about to leave, who else is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.desk import presence, records
from contactcenter.desk.presence import Looking
from contactcenter.replies.macro_queries import usable_by
from contactcenter.replies.models import Draft, HeldReply, Kind, Macro
from contactcenter.replies.queries import drafts_of, held_of
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Writing:
    """`names` has everyone whose draft or reply is here."""

    own: dict[Kind, Draft]
    of_others: Sequence[Draft]
    held: Sequence[HeldReply]
    looking: Sequence[Looking]
    macros: Sequence[Macro]
    names: dict[int, str]

    def macro(self, sent: str | None) -> Macro | None:
        """The ready-made reply that was sent along, else the one of one’s own draft."""
        draft = self.own.get(Kind.REPLY)
        wanted = int(sent) if sent and sent.isdecimal() else draft.macro_id if draft else None
        return next((each for each in self.macros if each.id == wanted), None)

    def text(self, kind: Kind) -> str:
        draft = self.own.get(kind)
        return draft.text if draft else ""

    def seen(self, last_said: int, person: Person) -> str:
        """What the person knew of when the page was made: the last words, and replies leaving."""
        return f"{last_said}-{max(self.held_by_others(person), default=0)}"

    def held_by_others(self, person: Person) -> list[int]:
        return [each.id for each in self.held if each.person_id != person.id]


@dataclass(frozen=True)
class Seen:
    """The version of the talk that a page showed."""

    message_id: int
    held_id: int

    @classmethod
    def parse(cls, written: str) -> "Seen":
        """What cannot be read has seen nothing: everything is shown once more."""
        said, _, held = written.partition("-")
        return cls(_number(said), _number(held))


def gather(ticket: Ticket, person: Person) -> Writing:
    drafts = db.session.scalars(drafts_of(ticket)).all()
    held = db.session.scalars(held_of(ticket)).all()
    named = {draft.person_id for draft in drafts} | {each.person_id for each in held}
    names: Iterable[Any] = db.session.execute(records.names_of(named)) if named else []
    return Writing(
        own={each.kind: each for each in drafts if each.person_id == person.id},
        of_others=[each for each in drafts if each.person_id != person.id],
        held=held,
        looking=presence.others(ticket, person),
        macros=db.session.scalars(usable_by(person)).all(),
        names={row.id: row.name for row in names},
    )


def leaves_in(held: HeldReply, now: datetime) -> int:
    """Whole seconds until it leaves; 0 once it may leave at any moment."""
    return max(0, round((held.leaves_at - now).total_seconds()))


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 19 else 0
