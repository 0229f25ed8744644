"""What earlier systems export, read into visits and sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.queues.asterisk_log import read_queue_log
from contactcenter.queues.log_formats import LogUnreadable, read_agents_csv, read_visits_csv
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rows import AgentSession

HEADER = (
    "call_id,leg,queue,arrived,answered_at,agent,ended_at,abandoned_at,outcome,transferred_to\n"
)
EIGHT = "2026-03-17T08:00:00+01:00"
LATER = "2026-03-17T08:00:{:02}+01:00"


def read_one(line: str):
    (row,) = read_visits_csv(HEADER + line)
    return row


def test_an_answered_call_ends_its_wait_with_the_answer():
    row = read_one(f"c1,1,roads,{EIGHT},{LATER.format(10)},a1,{LATER.format(40)},,handled,")
    assert (row.outcome, row.agent, row.source) == (Outcome.ANSWERED, "a1", "new")
    assert row.wait == timedelta(seconds=10)
    assert row.ended_at == datetime(2026, 3, 17, 7, 0, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "outcome"), [(5, Outcome.ABANDONED_SHORT), (6, Outcome.ABANDONED)]
)
def test_giving_up_within_five_seconds_is_short(second, outcome):
    row = read_one(f"c1,1,roads,{EIGHT},,,,{LATER.format(second)},abandoned,")
    assert (row.outcome, row.wait) == (outcome, timedelta(seconds=second))


def test_a_blocked_call_never_waited():
    row = read_one(f"c1,1,roads,{EIGHT},,,,,blocked,")
    assert (row.outcome, row.wait, row.entered_line) == (Outcome.FULL, timedelta(0), False)


def test_a_waiting_call_has_no_outcome():
    assert read_one(f"c1,1,roads,{EIGHT},,,,,waiting,").outcome is None


def test_a_call_in_progress_is_answered():
    row = read_one(f"c1,1,roads,{EIGHT},{EIGHT},a1,,,in_progress,")
    assert (row.outcome, row.in_progress, row.ended_at) == (Outcome.ANSWERED, True, None)


def test_a_transfer_makes_a_second_leg():
    first = f"c1,1,roads,{EIGHT},{EIGHT},a1,{LATER.format(9)},,transferred,tax\n"
    second = f"c1,2,tax,{LATER.format(9)},,,,{LATER.format(50)},abandoned,"
    rows = read_visits_csv(HEADER + first + second)
    assert [(row.source, row.transferred, row.leg) for row in rows] == [
        ("new", True, 1),
        ("transfer", False, 2),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"c1,1,roads,{EIGHT},,,,,lost,", "unknown outcome lost"),
        (f"c1,1,roads,{EIGHT},,,,,handled,", "answered_at is empty"),
        ("c1,1,roads,yesterday,,,,,waiting,", "arrived is not a moment"),
        ("c1,1,roads,2026-03-17T08:00:00,,,,,waiting,", "no offset"),
        (f"c1,one,roads,{EIGHT},,,,,waiting,", "leg is not a number"),
        (f"c1,1,roads,{EIGHT}", "4 cells"),
        (f"c1,1,roads,{LATER.format(9)},{EIGHT},a1,,,in_progress,", "not in order"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, reason):
    good = f"c0,1,roads,{EIGHT},,,,,waiting,\n"
    with pytest.raises(LogUnreadable, match=f"line 3: .*{reason}"):
        read_visits_csv(HEADER + good + line)


def test_a_missing_column_is_named():
    with pytest.raises(LogUnreadable, match="line 1: no column agent"):
        read_agents_csv("queue,login,logout\n")


def test_agents_are_there_from_login_to_logout():
    (session,) = read_agents_csv(f"agent,queue,login,logout\na1,roads,{EIGHT},\n")
    start = datetime(2026, 3, 17, 7, tzinfo=UTC)
    assert session == AgentSession("a1", "roads", start, None)


def queue_log(*lines: str):
    return read_queue_log("\n".join(lines))


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_asterisk_writes_one_answered_visit_in_three_lines():
    (row,), _ = queue_log(
        "1000|u1|roads|NONE|ENTERQUEUE||0199000001|1",
        "1012|u1|roads|SIP/7|CONNECT|12|u2|3",
        "1072|u1|roads|SIP/7|COMPLETECALLER|12|60|1",
    )
    assert (row.outcome, row.agent, row.caller) == (Outcome.ANSWERED, "SIP/7", "0199000001")
    assert (row.entered_at, row.answered_at, row.ended_at) == (at(1000), at(1012), at(1072))
    assert not row.in_progress


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("ABANDON|1|1|30", Outcome.ABANDONED),
        ("EXITWITHTIMEOUT|1|1|30", Outcome.TIMEOUT),
        ("EXITEMPTY|1|1|30", Outcome.NO_AGENT),
        ("EXITWITHKEY|1|1|1|30", Outcome.KEY_EXIT),
        ("WITHDRAW|1|1|30", Outcome.CALLBACK),
        ("SYSCOMPAT", Outcome.ERROR),
    ],
)
def test_asterisk_says_how_a_call_left(event, outcome):
    (row,), _ = queue_log(
        "1000|u1|roads|NONE|ENTERQUEUE||0199000001|1", f"1030|u1|roads|NONE|{event}"
    )
    assert (row.outcome, row.wait) == (outcome, timedelta(seconds=30))


def test_a_second_ending_of_the_same_call_changes_nothing():
    (row,), _ = queue_log(
        "1000|u1|roads|NONE|ENTERQUEUE||x|1",
        "1030|u1|roads|NONE|EXITWITHTIMEOUT|1|1|30",
        "1030|u1|roads|NONE|ABANDON|1|1|30",
    )
    assert row.outcome is Outcome.TIMEOUT


def test_a_transfer_to_another_queue_is_a_second_leg():
    rows, _ = queue_log(
        "1000|u1|roads|NONE|ENTERQUEUE||x|1",
        "1010|u1|roads|SIP/7|CONNECT|10|u2|3",
        "1060|u1|roads|SIP/7|BLINDTRANSFER|800|default|10|50|1",
        "1060|u1|tax|NONE|ENTERQUEUE||x|1",
    )
    assert [(row.queue, row.leg, row.source, row.outcome) for row in rows] == [
        ("roads", 1, "new", Outcome.ANSWERED),
        ("tax", 2, "transfer", None),
    ]
    assert rows[0].transferred


def test_an_overflow_without_an_exit_line_is_a_move():
    rows, _ = queue_log("1000|u1|roads|NONE|ENTERQUEUE||x|1", "1060|u1|tax|NONE|ENTERQUEUE||x|1")
    assert [row.outcome for row in rows] == [Outcome.MOVED, None]
    assert rows[1].source == "overflow"


def test_a_refused_call_never_stood_in_line():
    (row,), _ = queue_log("1000|u1|roads|NONE|FULL|")
    assert (row.outcome, row.entered_line) == (Outcome.FULL, False)


def test_a_restart_ends_every_call():
    rows, sessions = queue_log(
        "900|NONE|roads|SIP/7|ADDMEMBER|",
        "1000|u1|roads|NONE|ENTERQUEUE||x|1",
        "1001|u2|roads|NONE|ENTERQUEUE||x|1",
        "1002|u2|roads|SIP/7|CONNECT|1|u3|1",
        "1100|NONE|NONE|NONE|QUEUESTART|",
    )
    assert [row.outcome for row in rows] == [Outcome.ERROR, Outcome.ANSWERED]
    assert rows[1].ended_at == at(1100)
    assert sessions == [AgentSession("SIP/7", "roads", at(900), at(1100))]


def test_a_break_is_not_time_logged_in():
    _, sessions = queue_log(
        "1000|NONE|roads|SIP/7|ADDMEMBER|",
        "1100|NONE|NONE|SIP/7|PAUSEALL|lunch",
        "1400|NONE|NONE|SIP/7|UNPAUSEALL|",
        "1500|NONE|roads|SIP/7|REMOVEMEMBER|",
        "1600|NONE|roads|SIP/8|ADDMEMBER|",
    )
    assert sessions == [
        AgentSession("SIP/7", "roads", at(1000), at(1100)),
        AgentSession("SIP/7", "roads", at(1400), at(1500)),
        AgentSession("SIP/8", "roads", at(1600), None),
    ]


def test_a_call_without_an_end_is_over_when_its_agent_answers_the_next():
    rows, _ = queue_log(
        "1000|u1|roads|NONE|ENTERQUEUE||x|1",
        "1010|u1|roads|SIP/7|CONNECT|10|u2|3",
        "1100|u3|roads|NONE|ENTERQUEUE||y|1",
        "1110|u3|roads|SIP/7|CONNECT|10|u4|3",
    )
    assert [(row.ended_at, row.in_progress) for row in rows] == [(at(1110), False), (None, True)]


def test_a_clock_that_was_set_back_makes_no_time_that_is_less_than_none():
    (row,), (session,) = queue_log(
        "1000|NONE|roads|SIP/7|ADDMEMBER|",
        "1000|u1|roads|NONE|ENTERQUEUE||x|1",
        "998|u1|roads|SIP/7|CONNECT|0|u2|3",
        "990|u1|roads|SIP/7|COMPLETECALLER|0|0|1",
        "991|NONE|roads|SIP/7|REMOVEMEMBER|",
    )
    assert (row.answered_at, row.ended_at, session.logout) == (at(1000), at(1000), at(1000))


@pytest.mark.parametrize("line", ["1000|u1|roads", "noon|u1|roads|NONE|ABANDON|1|1|30"])
def test_a_broken_queue_log_line_is_named(line):
    with pytest.raises(LogUnreadable, match="line 2"):
        queue_log("1000|u1|roads|NONE|ENTERQUEUE||x|1", line)
