"""Opening hours in the form the database keeps."""

import json
from datetime import date

import pytest

from contactcenter.directory.rules import Hours
from contactcenter.directory.stored_hours import read_hours, store_hours
from contactcenter.directory.weekly_text import parse_day, parse_weekly


def test_a_calendar_survives_storage():
    hours = Hours(
        weekly=parse_weekly("lundi-vendredi: 09:00-12:00, 13:30-17:00\ndimanche: 00:00-24:00"),
        closed_on=frozenset({date(2026, 12, 24)}),
        extra={date(2026, 12, 26): parse_day("10:00-12:00"), date(2026, 12, 27): ()},
        timezone="Europe/Brussels",
        country="BE",
    )
    stored = json.loads(json.dumps(store_hours(hours)))
    assert read_hours(stored, timezone="Europe/Brussels", country="BE") == hours


def test_nothing_stored_is_a_calendar_that_never_opens():
    assert read_hours({}, timezone="Europe/Paris") == Hours({})


def test_a_broken_hour_is_refused():
    with pytest.raises(ValueError, match="nine"):
        read_hours({"weekly": {"0": [["nine", "12:00"]]}}, timezone="Europe/Paris")
