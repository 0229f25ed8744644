"""Words nearly alike, as PostgreSQL tells them."""

import pytest
from sqlalchemy import text

from contactcenter.db import db
from contactcenter.triage.spelling import Spelling, likeness, trigrams

WORDS = ("loyer", "loyyer", "foyer", "impot", "impots", "imposition", "aaaaa", "strasse")


@pytest.mark.usefixtures("in_centre")
def test_words_are_as_alike_as_postgresql_finds_them():
    rows = db.session.execute(
        text(
            "SELECT one, other, similarity(one, other) AS alike FROM unnest(CAST(:words AS text[]))"
            " AS one, unnest(CAST(:words AS text[])) AS other"
        ),
        {"words": list(WORDS)},
    )
    for row in rows:
        assert likeness(trigrams(row.one), trigrams(row.other)) == pytest.approx(row.alike)


def test_a_word_means_the_known_ones_it_is_nearest_to():
    known = Spelling.of(["impots", "impot", "imposition", "depot"])
    assert [word for _alike, word in known.alike("impotz")] == ["impot", "impots"]
    assert known.alike("foudre") == []
