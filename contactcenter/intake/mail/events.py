from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a mail was too large, or one too many: it stays with the raw mail."""

    ticket_id: int
    name: str
