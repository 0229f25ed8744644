from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a mail is not kept by itself; `why` is empty, large or many.

    Unless it was empty, the whole mail is kept as a file of the request. One that came with a text
    is not kept at all: `why` is picture.
    """

    ticket_id: int
    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class MailCut(Event):
    """The text of a mail was too long for the page: the whole is the file of this name."""

    ticket_id: int
    name: str
