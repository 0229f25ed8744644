from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class ReplyHeld(Event):
    """A reply was sent off; it leaves in a few seconds unless it is called back."""

    ticket_id: int
    held_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerLeaves(Event):
    """The time to call back an expert's answer to the citizen is over."""

    ticket_id: int
    held_id: int
    referral_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyRecalled(Event):
    """It was called back before it left: nothing was said."""

    ticket_id: int
    held_id: int


@dataclass(frozen=True, kw_only=True)
class MacroUsed(Event):
    """A ready-made reply was used on a ticket; `tag_ids` are the tags it sets."""

    ticket_id: int
    macro_id: int
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class DraftTaken(Event):
    """Someone goes on with what a colleague had begun to write."""

    ticket_id: int
    from_id: int
