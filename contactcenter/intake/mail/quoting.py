"""Where mail programs begin a quoted mail: their lines, headings and signatures."""

import re
from collections.abc import Sequence
from typing import NamedTuple

MOST_LINES = 3_000  # in which a heading or a signature is looked for
LONGEST_LINE = 300  # no heading of a quote is longer, and every pattern below stays cheap

WROTE = (
    r"wrote|writes|(?<!['’])\ba écrit|schreef|geschreven|schrieb|geschrieben|escribió|"
    r"escreveu|ha scritto|skrev|kirjoitti|napisał"
)
_WROTE = re.compile(WROTE, re.IGNORECASE)
_STARTS = re.compile(
    r"[-\s*]*(?:on|le|op|am|at|el|il|em|den|dnia|w dniu|\d{4}-|\d{1,2}[./]|"
    r"\w{2,4}\.? \d{1,2}\.? |(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |"
    r"(?:lun|mar|mercre|jeu|vendre|same)di |dimanche |"
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag |"
    r"(?:mon|diens|donners|frei|sams|sonn)tag,? |mittwoch,? )",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?::|-{3,})[\s*\u00a0]*\Z")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2}\s?[:h.]\s?\d{2}\b")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{2,}")

_HEADINGS = {
    "from": "from|de|van|von|od|från|fra|da|lähettäjä",
    "sent": "sent|date|envoyé(?: le)?|verzonden|datum|gesendet|wysłano|data|skickat|sendt|dato|"
    "fecha|enviado|inviato",
    "to": "to|à|a|aan|an|do|till|til|para",
    "copy": r"cc|copie(?: à)?|kopie(?: \(cc\))?|kopia|bcc|cci",
    "subject": "subject|objet|sujet|onderwerp|betreff|temat|ämne|emne|asunto|assunto|oggetto",
    "answer": "reply-to|répondre à|antwoord-aan|antwort an",
}
_HEADING = re.compile(
    r"[\s*]*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _HEADINGS.items())
    + r")[\s*\u00a0]{0,3}:",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"[\s*]*(?:"
    r"-{3,}\s*(?:message (?:d['’]origine|original|initial|transféré|réexpédié)|mail original|"
    r"courriel original|original message|forwarded (?:message|mail|by .{1,80})|"
    r"oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|"
    r"ursprüngliche (?:nachricht|mail)|original-?nachricht|"
    r"weitergeleitete (?:nachricht|mail))\s*-{3,}"
    r"|(?:début du message (?:réexpédié|transféré)|begin forwarded message|forwarded message|"
    r"begin doorgestuurd bericht|anfang der weitergeleiteten (?:nachricht|e-mail))\s*:\s*\Z"
    r"|.{0,60}(?:au[- ]dessus de cette ligne|above this line|boven deze (?:lijn|regel)|"
    r"(?:über|oberhalb) dieser (?:zeile|linie))\W*\Z)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_=*-]{10,}\s*\Z")
_DASHES = re.compile(r"\s?(?:--|—|__)\s*\Z")
_LIST_RULE = re.compile(r"_{30,}\s*\Z")
_DEVICE = re.compile(
    r"\W{0,3}(?:"
    r"(?:sent|envoyé|verzonden|verstuurd|gesendet|skickat|sendt|enviado|inviato|wysłane)\s"
    r"(?:[\w'’]+\s){1,3}?(?:my|mon|ma|mijn|meinem|meiner|mein|min|mi|mio|iphone|ipad|android|"
    r"samsung|galaxy|blackberry|outlook|yahoo|proton|gmail|gmx|web\.de|orange|windows|huawei|"
    r"xiaomi|courrier|mail|smartphone|téléphone|mobile|mobiel|handy|la messagerie)\b.{0,80}"
    r"|(?:get|télécharger|obtenir|téléchargez|download|ontvang|holen sie sich|laden sie)\s"
    r"outlook\b.{0,80}"
    r"|outlook (?:voor|für|pour|for) (?:ios|android)\b.{0,60}"
    r"|von meinem .{1,40} gesendet\.?"
    r")\Z",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """Lines `start` to `end` (exclusive) head a quoted mail.

    `by` is how: `words` (who wrote when), `header` (its copied header) or `marker` (it follows).
    """

    start: int
    end: int
    by: str


def is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def heading(lines: Sequence[str], since: int = 0) -> Heading | None:
    """The first heading of a quoted mail at or after the line `since`."""
    for index in range(since, min(len(lines), since + MOST_LINES)):
        line = lines[index]
        if not line.strip() or is_quoted(line):
            continue
        found = _marker(lines, index)
        if found is None and len(line) <= LONGEST_LINE:
            found = _attribution(lines, index, since) or _header_copy(lines, index)
        if found:
            return found
    return None


def _marker(lines: Sequence[str], index: int) -> Heading | None:
    """`----- Message d'origine -----`, with the copied header that may follow."""
    if not _MARKER.match(lines[index][:LONGEST_LINE]):
        return None
    copied = _header_copy(lines, _next_filled(lines, index + 1))
    return Heading(index, copied.end if copied else index + 1, "marker")


def without_rule(lines: Sequence[str]) -> Sequence[str]:
    """The lines without the rule and the blank lines that some programs put above a heading."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def signature(lines: Sequence[str]) -> int | None:
    """Where a signature begins: after its dashes, or a telephone's advertisement of itself.

    A name under a closing formula is no signature here: it says who writes.
    """
    filled = 0
    found = None
    for index in range(len(lines) - 1, max(0, len(lines) - MOST_LINES), -1):
        line = lines[index]
        if not line.strip():
            continue
        filled += 1
        if len(line) <= LONGEST_LINE and _is_signature(lines, index, filled):
            found = index
    return found


def _is_signature(lines: Sequence[str], index: int, filled: int) -> bool:
    line = lines[index]
    if _DASHES.match(line):
        return filled <= 16
    if _LIST_RULE.match(line):
        return filled <= 6 and any("http" in below for below in lines[index:])
    return bool(_DEVICE.match(line.strip())) and (filled == 1 or not lines[index - 1].strip())


def _attribution(lines: Sequence[str], last: int, since: int) -> Heading | None:
    """`Le 17/11/2026 à 10:14, Accueil a écrit :`, which may run over three lines up to `last`."""
    if not _ENDS.search(lines[last]):
        return None
    quoted = _next_is_quoted(lines, last + 1)
    for first in range(last, max(since - 1, last - 3), -1):
        if not lines[first].strip() or is_quoted(lines[first]):
            return None
        joined = " ".join(line.strip() for line in lines[first : last + 1])
        if len(joined) > LONGEST_LINE:
            return None
        if _says_who_wrote(joined, quoted=quoted):
            return Heading(first, last + 1, "words")
    return None


def _says_who_wrote(line: str, *, quoted: bool) -> bool:
    if not (_STARTS.match(line) and _DATE.search(line)):
        return False
    address, wrote = _ADDRESS.search(line), _WROTE.search(line)
    certain = address or quoted or _CLOCK.search(line)
    return bool(certain and (wrote or address))


def _next_filled(lines: Sequence[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _next_is_quoted(lines: Sequence[str], index: int) -> bool:
    index = _next_filled(lines, index)
    return index < len(lines) and is_quoted(lines[index])


def _header_copy(lines: Sequence[str], start: int) -> Heading | None:
    """`De : ... Envoyé : ... À : ... Objet : ...`, the copied header of a quoted mail.

    A letter may have such lines as well (a removal: from, to, object), so an address or a date
    with its time must stand there.
    """
    kinds: set[str] = set()
    end, block = start, []
    for index in range(start, min(start + 14, len(lines))):
        line = lines[index][:LONGEST_LINE]
        found = _HEADING.match(line)
        if not line.strip() or (found is None and (index == start or index - end >= 3)):
            break
        block.append(line)
        if found and found.lastgroup:
            kinds.add(found.lastgroup)
            end = index + 1
    if "from" not in kinds or len(kinds) < 3 or not _is_of_a_mail("\n".join(block)):
        return None
    return Heading(start, end, "header")


def _is_of_a_mail(block: str) -> bool:
    return bool(_ADDRESS.search(block) or (_DATE.search(block) and _CLOCK.search(block)))
