"""Opening hours as an administrator writes them, read and written back."""

import pytest

from contactcenter.directory.hours_text import format_hours, parse_hours
from contactcenter.directory.weekly_text import HoursUnclear
from contactcenter.languages import LANGUAGES

WRITTEN = """lundi-jeudi: 09:00-12:00, 13:30-17:00
samedi fermé

24/12/2026: 09:00-12:00
2.11.2026 fermé
"""


def test_weekdays_and_dates_are_told_apart():
    stored = parse_hours(WRITTEN)
    assert sorted(stored["weekly"]) == ["0", "1", "2", "3"]
    assert stored["extra"] == {"2026-12-24": [["09:00", "12:00"]]}
    assert stored["closed_on"] == ["2026-11-02"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_back_in_any_language_is_read_the_same(language):
    stored = parse_hours(WRITTEN)
    assert parse_hours(format_hours(stored, language)) == stored


def test_nothing_written_is_never_open():
    assert parse_hours("") == {"weekly": {}, "closed_on": [], "extra": {}}


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("lundi: 09:00-12:00\n31/11/2026: fermé", "date", 2),
        ("24/12/2026: 9h-12h\nmardi: 8h-25h", "time", 2),
        ("1/1/2027: midi", "interval", 1),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, reason, line):
    with pytest.raises(HoursUnclear) as unclear:
        parse_hours(text)
    assert (unclear.value.reason, unclear.value.line) == (reason, line)
