"""Bytes of a mail to text: what is declared, then UTF-8, then Windows-1252."""

import codecs
import re

ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "iso-8859-8-i": "iso-8859-8",
}
# Clients write these when they mean something else, so UTF-8 is tried before them.
WEAK = frozenset({"", "ascii", "iso8859-1", "cp1252"})
# Codecs that are not charsets of mail, or that take quadratic time.
REFUSED = frozenset({"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"})

# NUL cannot be stored in PostgreSQL; UTF-7 can yield halves of a character, which cannot be sent.
_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")


def decode(raw: bytes, declared: str | None = None) -> str:
    """Text of `raw`, NUL bytes left out; never raises, what cannot be read becomes U+FFFD."""
    name = codec_name(declared)
    text = _strict(raw, "utf-8") if name in WEAK else _strict(raw, name)
    if text is None:
        text = _best_guess(raw)
    return text.replace("\0", "") if text.isascii() else _UNPRINTABLE.sub(_repaired, text)


def codec_name(declared: str | None) -> str:
    """Python's name of a declared charset; empty when it is missing or unknown."""
    found = _NAME.search(declared or "")
    if found is None:
        return ""
    name = found.group().lower()
    try:
        codec = codecs.lookup(ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    return "" if codec in REFUSED else codec


def _repaired(found: re.Match[str]) -> str:
    return "" if found.group() == "\0" else "\ufffd"


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        # LookupError: "base64" and its like are codecs, but not of text.
        return None


def _best_guess(raw: bytes) -> str:
    """UTF-8 if most of its letters read well, else Windows-1252; guessing more is worse."""
    lenient = raw.decode("utf-8", "replace")
    lost = lenient.count("\ufffd")
    read = sum(1 for character in lenient if character > "\x7f") - lost
    if lost == 0 or read > lost:
        return lenient
    return raw.decode("cp1252", "replace")
