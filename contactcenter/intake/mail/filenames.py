"""Names of files in a mail: found where clients put them, and made safe to show and to save."""

import mimetypes
import re
from email.message import Message

from contactcenter.intake.mail import headers

LONGEST = 200

# Built in, so that a name does not depend on the machine.
_TYPES = mimetypes.MimeTypes()
# Control characters, those that turn the reading direction to hide an extension, and halves of
# characters, which no database stores.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def declared(message: Message) -> str:
    """The safe form of the name a part gives itself; empty if it gives none."""
    try:
        name = message.get_filename("") or ""
    except (UnicodeError, ValueError, LookupError, TypeError):
        return ""
    return safe(headers.decode_words(str(name)[: headers.PARAMETERS_LENGTH]))


def safe(name: str) -> str:
    """A name without folders or invisible characters, its extension kept when it is shortened."""
    plain = _INVISIBLE.sub("", re.split(r"[\\/]", name.replace("\n", " "))[-1]).strip(" .\"'")
    if len(plain) <= LONGEST:
        return plain
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > 20:
        return plain[:LONGEST]
    return f"{stem[: LONGEST - len(extension) - 1]}.{extension}"


def made(content_type: str, number: int) -> str:
    """A name for a file that has none: `piece-2.pdf`."""
    known = _TYPES.guess_extension(content_type)
    readable = content_type.startswith(("text/", "message/"))
    return f"piece-{number}{known or ('.txt' if readable else '.bin')}"
