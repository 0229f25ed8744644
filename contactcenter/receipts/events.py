"""What happened to what came to the doors."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class RawRead(Event):
    """Somebody downloaded what was kept aside or refused, as it came, with a reason."""

    receipt_id: int
