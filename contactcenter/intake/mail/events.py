from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a mail is not kept by itself; `why` is empty, large or many.

    Unless it was empty, the whole mail is kept as a file of the request.
    """

    ticket_id: int
    name: str
    why: str
