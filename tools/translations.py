"""Translations: gather the French words of the source, and prove that none is left untranslated.

`python -m tools.translations update` gathers the words into `translations/*/LC_MESSAGES`;
`python -m tools.translations` fails if a word is missing, unsure, or lost a placeholder.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "translations"
TARGETS = ("nl", "en", "de")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def gather() -> Catalog:
    """Every word of the source that a person reads."""
    catalog = Catalog(project="contactcenter", header_comment="# Words of the contact centre.")
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for name, line, message, comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS
    ):
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    if not path_of(language).exists():
        return Catalog(locale=language)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    source = gather()
    for language in TARGETS:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(language, catalog)
    _write("fr", _french(source))


def _french(source: Catalog) -> Catalog:
    """French needs a catalogue only for its plurals (0 is singular there) and its fine spaces.

    The source is written with ordinary spaces; a sign must not begin a line by itself.
    """
    french = Catalog(locale="fr")
    for message in source:
        if message.id and (isinstance(message.id, tuple) or spaced(message.id) != message.id):
            french.add(message.id, _map(message.id, spaced))
    return french


def spaced(words: str) -> str:
    """No-break spaces before high signs, inside quotes and between a number and its unit."""
    return _BEFORE.sub("\u00a0", _AFTER.sub("\u00a0", words))


_BEFORE = re.compile(r"(?<=\S) (?=[;:?!»%](?:\s|$|[.,)»]))")
_AFTER = re.compile(r"(?<=«) ")


def _map(words: str | tuple[str, ...], change: Callable[[str], str]) -> str | tuple[str, ...]:
    return tuple(map(change, words)) if isinstance(words, tuple) else change(words)


def _write(language: str, catalog: Catalog) -> None:
    catalog.fuzzy = False  # else compiling passes over the whole language in silence
    catalog.header_comment = f"# Words of the contact centre: {language}."
    catalog.project, catalog.version = "contactcenter", "main"
    catalog.creation_date = read(language).creation_date  # nothing changes when no word does
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, catalog, omit_header=False, sort_output=True, no_location=True, width=100)


def complaints(language: str, source: Catalog) -> list[str]:
    """What is wrong with one language, a line each."""
    catalog = read(language)
    found = [f"{language}: marked as unsure, compiling would pass it over"] if catalog.fuzzy else []
    for wanted in source:
        if not wanted.id:
            continue
        got = catalog.get(wanted.id, context=wanted.context)
        if got is None or got.fuzzy or not _is_full(got.string):
            found.append(f"{language}: not translated: {_first(wanted.id)!r}")
        elif _placeholders(wanted.id) != _placeholders(got.string):
            found.append(f"{language}: placeholders differ: {_first(wanted.id)!r}")
    return found


def _is_full(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _first(words: object) -> str:
    return str(words[0]) if isinstance(words, tuple | list) else str(words)


def _placeholders(words: object) -> set[str]:
    texts = words if isinstance(words, tuple | list) else [words]
    return {name for text in texts for name in _PLACEHOLDER.findall(str(text))}


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        update()
        return 0
    source = gather()
    found = [line for language in TARGETS for line in complaints(language, source)]
    print("\n".join(found[:50]))
    print(f"translations: {len(source)} words, {len(found)} to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
