"""The search box: filters typed among the words become those of the panel, and are written back.

So box and panel are two ways to say one thing. What is not understood is said, with what could have
been meant, and does not narrow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.desk.box_words import (
    ASKER,
    DAY_OF,
    FIELD_OF,
    VALUE_OF,
    field_name,
    plain,
    value_name,
    values_of,
)
from contactcenter.desk.filters import Filters, number
from contactcenter.languages import language, zone
from contactcenter.tickets.search_rules import Part, Terms, nearest, parts, terms_of, written

Names = Mapping[str, Mapping[int, str]]
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_DAYS = re.compile(r"(\d{1,3})\s?(?:j|d|t)")  # jours, days and dagen, Tage
MOST_OFFERED = 6
NEAR = 0.8  # how alike a misspelt name of a filter is, 0 to 1: « langeu » is, « objet » is none
CHOSEN_BY_CODE = VALUE_OF.keys() - {"assignee"}


@dataclass(frozen=True)
class Problem:
    """What was not understood, in words, and what one may type instead."""

    words: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """`words` are all that is left when the filters are taken out, written as they are typed."""

    words: str
    filters: Filters
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What is searched for: terms in the texts, and who asks."""

    terms: Terms
    loose: str  # the words that stand alone: they may be of a name or a number
    askers: tuple[str, ...] = ()


def names_a_field(name: str) -> bool:
    return plain(name) in FIELD_OF


def names_a_record(typed: str) -> bool:
    """Whether a filter is typed whose value is a name of this centre."""
    fields = {FIELD_OF[plain(part.name)] for part in parts(typed, names_a_field) if part.name}
    return bool(
        fields & {"queue_id", "topic_id", "tag_id", "site_id", "organisation_id", "assignee"}
    )


def read_box(typed: str, filters: Filters, names: Names) -> Box:
    """Take the filters out of what was typed; they win over those of the address."""
    left: list[str] = []
    problems: list[Problem] = []
    for part in parts(typed, names_a_field):
        field = FIELD_OF[plain(part.name)] if part.name else None
        if field is None or field == ASKER:
            left.append(_typed(part))
            problems += _nearly_a_filter(part)
        elif part.is_unwanted:
            problems.append(_cannot_be_left_out(part))
        elif (value := _value(field, part.text, names)) is None:
            problems.append(_not_understood(field, part, names))
        else:
            filters = replace(filters, **{field: value})
    words = " ".join(left)
    return Box(words, filters, (*problems, *_nothing_to_look_for(words, typed, filters, problems)))


def read_wanted(words: str) -> Wanted:
    """What is left of a box when its filters are taken out."""
    found = parts(words, names_a_field)
    loose = [part.text for part in found if not (part.name or part.is_phrase or part.is_unwanted)]
    askers = tuple(part.text for part in found if part.name and not part.is_unwanted)
    return Wanted(terms_of(found), " ".join(loose), askers)


def write_box(words: str, filters: Filters, names: Names) -> str:
    """What one would type for these words and filters, in the language of the page."""
    spoken = language()
    said = [
        f"{field_name(field, spoken)}:{written(_said(field, value, names, spoken))}"
        for field, value in filters.chosen.items()
    ]
    return " ".join([*said, words]).strip()


def _nothing_to_look_for(
    words: str, typed: str, filters: Filters, problems: list[Problem]
) -> list[Problem]:
    wanted = read_wanted(words)
    if wanted.terms.wanted or wanted.askers:
        return []
    if wanted.terms.unwanted:
        return [Problem(_("Ajoutez un mot à chercher : « sans » ne trouve rien à lui seul."))]
    if typed.strip() and not problems and filters == Filters():
        return [Problem(_("Écrivez un mot, un nom, un numéro ou une référence."))]
    return []


def _nearly_a_filter(part: Part) -> list[Problem]:
    """What looks like the name of a filter, misspelt: it is looked for as a word."""
    name, _colon, value = part.text.partition(":")
    near = get_close_matches(plain(name), FIELD_OF, n=1, cutoff=NEAR) if value else []
    if not near or part.name or part.is_phrase:
        return []
    meant = field_name(FIELD_OF[near[0]], language())
    return [
        Problem(
            _("« %(name)s » n’est pas un filtre : c’est cherché comme un mot.", name=name),
            (f"{meant}:{written(value)}",),
        )
    ]


def _typed(part: Part) -> str:
    text = f'"{part.text}"' if part.is_phrase or " " in part.text else part.text
    name = f"{field_name(ASKER, language())}:" if part.name else ""
    return f"{'-' if part.is_unwanted else ''}{name}{text}"


def _value(field: str, typed: str, names: Names) -> Any:
    """None if it is not understood."""
    if field.endswith(("_from", "_to")):
        return _day(field, typed)
    if field in VALUE_OF and (code := VALUE_OF[field].get(plain(typed))):
        return code
    found = _record(typed, names.get(field, {}))
    if found is None and field not in CHOSEN_BY_CODE:
        found = number(typed)  # one that has no name here, as the address gives it
    return str(found) if found and field == "assignee" else found


def _day(field: str, typed: str) -> date | None:
    """A day; "before" a day ends on the day before it."""
    on = _named_day(plain(typed), ahead=field.startswith("due_")) or _written_day(typed)
    if on is None or not 2000 <= on.year <= 2200:
        return None
    return on - timedelta(days=1) if field.endswith("_to") else on


def _named_day(typed: str, *, ahead: bool) -> date | None:
    """A week ago for "7d"; of what is due, a week from now."""
    today = clock.now().astimezone(zone()).date()
    if typed in DAY_OF:
        return today + timedelta(days=DAY_OF[typed])
    days = _DAYS.fullmatch(typed)
    return today + timedelta(days=int(days[1]) * (1 if ahead else -1)) if days else None


def _written_day(typed: str) -> date | None:
    try:
        if numbers := _NUMBERS.fullmatch(typed):
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _record(typed: str, named: Mapping[int, str]) -> int | None:
    """The one that is called so, else the only one whose name begins so or has the words in it."""
    wanted = plain(typed)
    known = {key: plain(name) for key, name in named.items()}
    fits = (
        lambda name: name == wanted,
        lambda name: name.startswith(wanted),
        lambda name: wanted in name,
    )
    for fit in fits:
        found = [key for key, name in known.items() if wanted and fit(name)]
        if len(found) == 1 or (found and fit is fits[0]):
            return found[0]
    return None


def _not_understood(field: str, part: Part, names: Names) -> Problem:
    spoken = language()
    name = field_name(field, spoken)
    if field.endswith(("_from", "_to")):
        return Problem(
            _(
                "« %(value)s » n’est pas un jour que l’on comprend : ce filtre est laissé de côté.",
                value=part.text,
            ),
            (f"{name}:{clock.now().astimezone(zone()).date().isoformat()}",),
        )
    offered = _offered(field, part.text, names, spoken)
    return Problem(
        _("Le filtre « %(filter)s » ne connaît pas « %(value)s » : il est laissé de côté.",
          filter=name, value=part.text),
        tuple(f"{name}:{written(each)}" for each in offered),
    )  # fmt: skip


def _offered(field: str, typed: str, names: Names, spoken: str) -> list[str]:
    """The names that have it in them or are near to it, else the first of all."""
    known = [
        *(values_of(field, spoken) if field in VALUE_OF else ()),
        *names.get(field, {}).values(),
    ]
    by_plain = {plain(name): name for name in known}
    wanted = plain(typed)
    like = [each for each in by_plain if wanted in each] or nearest(wanted, list(by_plain))
    return [by_plain[each] for each in like or by_plain][:MOST_OFFERED]


def _cannot_be_left_out(part: Part) -> Problem:
    return Problem(
        _("Un filtre ne se retourne pas : écrivez « %(filter)s » sans le tiret.",
          filter=f"{part.name}:{written(part.text)}"),
        (f"{part.name}:{written(part.text)}",),
    )  # fmt: skip


def _said(field: str, value: Any, names: Names, spoken: str) -> str:
    if isinstance(value, date):
        return (value + timedelta(days=1 if field.endswith("_to") else 0)).isoformat()
    if field in VALUE_OF and str(value) in map(str, VALUE_OF[field].values()):
        return value_name(field, value, spoken)
    return names.get(field, {}).get(int(value), str(value))
