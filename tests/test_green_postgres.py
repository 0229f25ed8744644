"""Connections that let other greenlets go on while their server works."""

from collections.abc import Iterator

import gevent
import psycopg
import pytest

from contactcenter.green_postgres import GreenConnection

BODY = "word " * 200_000  # more than the line holds at once


@pytest.fixture
def line(urls) -> Iterator[GreenConnection]:
    address = urls.database_url.replace("postgresql+psycopg", "postgresql")
    with GreenConnection.connect(address) as opened:
        yield opened


def test_others_go_on_while_an_answer_is_awaited(line):
    done: list[str] = []
    asking = gevent.spawn(lambda: line.execute("SELECT pg_sleep(0.2)") and done.append("answered"))
    gevent.spawn(lambda: done.append("went on"))
    asking.join()
    assert done == ["went on", "answered"]


def test_what_is_longer_than_the_line_arrives_whole(line):
    assert line.execute("SELECT length(%s), %s", [BODY, BODY]).fetchone() == (len(BODY), BODY)


def test_many_statements_are_sent_one_after_the_other(line):
    with line.cursor() as cursor:
        cursor.executemany("SELECT set_config('app.now', %s, true)", [[str(n)] for n in range(900)])
    assert line.execute("SELECT current_setting('app.now')").fetchone() == ("899",)


def test_a_line_that_is_cut_is_an_error(line):
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
    assert line.closed
