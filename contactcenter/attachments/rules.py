"""What a file is, told by its content and never by its name."""

import re

PDF = "application/pdf"
UNKNOWN = "application/octet-stream"
SCANS = frozenset({PDF, "image/jpeg", "image/png", "image/tiff"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OFFICE = frozenset({WORD, OPEN_TEXT})
PAPERS = SCANS | OFFICE | {"image/webp", "image/heic", "text/plain"}

LONGEST_NAME = 120
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"@echo")  # also where every byte is a letter
# Under these no computer runs a file; the first is given to one that bears none of its kind.
_ENDINGS = {
    PDF: (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    "image/webp": (".webp",),
    "text/plain": (".txt", ".csv", ".md", ".log", ".ics", ".vcf", ".eml"),
    WORD: (".docx",),
    OPEN_TEXT: (".odt",),
}
_ZIP = b"PK\x03\x04"
_ODT = f"mimetype{OPEN_TEXT}".encode()


def content_type_of(content: bytes) -> str:
    """The type its first bytes prove; `application/octet-stream` when they prove none we know."""
    for start, content_type in _STARTS:
        if content.startswith(start):
            return content_type
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(_ZIP):
        return _office_type(content)
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _is_text(content) and not content.startswith(_PROGRAMS) else UNKNOWN


def safe_name(name: str, otherwise: str) -> str:
    """The last part of a file name without control characters, bounded, its ending kept."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip(" .") or otherwise
    if len(shown) <= LONGEST_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        return shown[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(ending) - 1] + dot + ending


def named_as(name: str, content_type: str) -> str:
    """The name, with an ending of what it is, under which no computer runs it as a program."""
    endings = _ENDINGS.get(content_type, ("",))
    return name if name.lower().endswith(endings) else name + endings[0]


def _office_type(content: bytes) -> str:
    if _ODT in content[:200]:
        return OPEN_TEXT
    if b"word/document.xml" in content:
        return WORD
    return UNKNOWN


def _is_text(content: bytes) -> bool:
    try:
        words = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(words) and not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", words)
