"""What a transaction adds, as one statement."""

import json
from datetime import UTC, datetime

import pytest

from contactcenter.insertions import Insertion, as_json, together
from contactcenter.tickets.models import Status


def test_one_statement_asks_for_the_rows_of_each_table():
    first, second = Insertion("tickets", ("id", "subject")), Insertion("events", ("kind",))
    assert together((second,)) == second.sql
    assert together((first, second)).count("%s") == 2
    assert together((first, second)).startswith(f"WITH part_0 AS ({first.sql})")


def test_rows_travel_with_their_moments_and_choices():
    at = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    written = json.loads(as_json([{"at": at, "status": Status.OPEN, "detail": {"é": None}}]))
    assert written == [{"at": at.isoformat(), "status": "open", "detail": {"é": None}}]


def test_what_json_cannot_say_is_an_error():
    with pytest.raises(TypeError, match="bytes"):
        as_json([{"raw": b"x"}])


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("a\x00b\x00\x00", "ab"),
        (r"a\u0000", r"a\u0000"),
        ("\\\x00", "\\"),
        ('"\\\\\x00"', '"\\\\"'),
        ("\\\\u0000\x00\\", "\\\\u0000\\"),
    ],
)
def test_a_nul_is_left_out_and_nothing_else(said, stored):
    assert json.loads(as_json([{"text": said}])) == [{"text": stored}]
