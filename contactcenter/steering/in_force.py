"""What running protocols ask of those who serve and of what callers hear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from contactcenter.db import Json, current_centre, db
from contactcenter.steering.models import ProtocolRun


@dataclass(frozen=True)
class Said:
    """What callers hear while protocols are in force; `replaces_menu`: instead of its text."""

    words: tuple[str, ...] = ()
    replaces_menu: bool = False


def said(queue_ids: Sequence[int], language: str) -> Said:
    """What callers of these queues are told now; French where a language has no words.

    The menu is replaced only where there are words in the language it is said in.
    """
    running = [each for each in _actions(queue_ids) if each.get("announce")]
    told = (each["announce"] for each in running)
    return Said(
        tuple(words for each in told if (words := each.get(language) or each.get("fr"))),
        any(each.get("replaces_menu") and each["announce"].get(language) for each in running),
    )


def wrap_up_of(queue_id: int, usual: timedelta) -> timedelta:
    """How long a call may be written up before the next: never longer than usual."""
    shortened = (actions.get("wrap_up_seconds") for actions in _actions([queue_id]))
    return min((timedelta(seconds=each) for each in shortened if each is not None), default=usual)


def offers_callbacks(queue_id: int) -> bool:
    """Whether whoever waits there may ask to be called back, however short the wait."""
    return any(actions.get("offer_callbacks") for actions in _actions([queue_id]))


def longest_at_kiosk(queue_ids: Sequence[int]) -> int | None:
    """Minutes of service beyond which nobody takes a number alone now; None without a bound."""
    told = (actions.get("kiosk_minutes") for actions in _actions(queue_ids))
    return min((int(each) for each in told if each is not None), default=None)


def _actions(queue_ids: Sequence[int]) -> Sequence[Json]:
    return db.session.scalars(
        select(ProtocolRun.actions)
        .where(
            ProtocolRun.centre_id == current_centre(),
            ProtocolRun.queue_id.in_(queue_ids),
            ProtocolRun.ended_at.is_(None),
        )
        .order_by(ProtocolRun.id)
    ).all()
