from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a mail was too large to keep; the raw mail is in the ledger."""

    ticket_id: int
    name: str
