from datetime import UTC, datetime, time

import pytest

from contactcenter.directory.rules import Hours, Interval
from contactcenter.intake.counter.rules import Found, find_topic, last_day_ended

LABELS = {1: "Carte grise", 2: "Carte d’identité", 3: "Aide au logement", 4: "Aide"}
OTHERS = {1: ["immatriculation"], 3: ["APL"]}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Carte grise", Found(1)),
        ("carte g", Found(1)),
        ("CARTE D'IDENTITE", Found(2)),
        ("aide au", Found(3)),
        ("aide", Found(4)),
        ("immat", Found(1)),
        ("apl", Found(3)),
        ("cart", Found(between=(2, 1))),
        ("crate grise", Found(almost=(1, 2))),
        ("identiter", Found(almost=(2,))),
        ("chien", Found()),
        ("", Found()),
    ],
)
def test_the_first_letters_find_the_topic(typed, found):
    assert find_topic(typed, LABELS, OTHERS) == found


MORNING, AFTERNOON = Interval(time(8, 30), time(12)), Interval(time(13, 30), time(17))
WEEKDAYS = Hours(weekly=dict.fromkeys(range(5), (MORNING, AFTERNOON)))


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        (datetime(2026, 11, 24, 11, 45, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (datetime(2026, 11, 24, 16, 29, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)),
        (datetime(2026, 11, 29, 12, tzinfo=UTC), datetime(2026, 11, 27, 16, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_half_an_hour_after_its_last_closing(now, ended):
    assert last_day_ended(WEEKDAYS, now) == ended


def test_a_place_without_hours_has_no_end_of_day():
    assert last_day_ended(Hours(weekly={}), datetime(2026, 11, 24, 12, tzinfo=UTC)) is None
