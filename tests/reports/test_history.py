import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.callers import caller_key
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.past_models import LoggedSession
from contactcenter.queues.queries import waiting, waiting_count
from contactcenter.tickets.models import Interaction

VISITS = """call_id,leg,queue,arrived,answered_at,agent,ended_at,abandoned_at,outcome,transferred_to
c1,1,Accueil,2026-03-17T08:00:00+01:00,2026-03-17T08:00:10+01:00,ana,2026-03-17T08:05:10+01:00,,transferred,Experts
c1,2,Experts,2026-03-17T08:05:10+01:00,2026-03-17T08:06:10+01:00,bo,2026-03-17T08:10:10+01:00,,handled,
c2,1,Accueil,2026-03-17T08:01:00+01:00,,,,2026-03-17T08:03:00+01:00,abandoned,
c3,1,Accueil,2026-03-17T08:02:00+01:00,,,,2026-03-17T08:02:04+01:00,abandoned,
c4,1,Accueil,2026-03-17T08:04:00+01:00,,,,,blocked,
c5,1,Accueil,2026-03-17T08:20:00+01:00,2026-03-17T08:20:30+01:00,ana,,,in_progress,
c6,1,Accueil,2026-03-17T08:30:00+01:00,,,,,waiting,
"""
AGENTS = """agent,queue,login,logout
ana,Accueil,2026-03-17T08:00:00+01:00,2026-03-17T12:00:00+01:00
bo,Experts,2026-03-17T08:00:00+01:00,
"""
QUEUE_LOG = """1773730800|q1|Accueil|NONE|ENTERQUEUE||0639980264|1
1773730830|q1|Accueil|NONE|ABANDON|1|1|30
1773731000|q2|Accueil|NONE|ENTERQUEUE||+33639980264|1
1773731010|q2|Accueil|SIP/12|CONNECT|10|x|2
1773731070|q2|Accueil|SIP/12|COMPLETEAGENT|10|60|1
"""
WINDOW = ["--from", "2026-03-17T00:00", "--to", "2026-03-18T00:00", "--timezone", "Europe/Paris"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "agents.csv").write_text(AGENTS)
    (tmp_path / "queue_log").write_text(QUEUE_LOG)
    return tmp_path


@pytest.fixture
def run(app):
    def invoke(*words: object):
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return invoke


@pytest.fixture
def taken_in(run, files):
    words = ["import-log", files / "visits.csv", "--agents", files / "agents.csv"]
    return lambda *more: run(*words, "--format", "visits-csv", *more)


def report(run, *more: str) -> dict:
    answer = run("report", "--json", *WINDOW, *more)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_an_empty_installation_gets_its_centre_and_queues(app, run, taken_in):
    assert taken_in().exit_code == 0
    with app.app_context(), transaction():
        assert db.session.scalars(db.select(Centre.code)).all() == ["centre"]
    told = report(run)
    assert set(told) == {"all", "queue:Accueil", "queue:Experts"}


def test_the_figures_are_those_of_the_log(run, taken_in):
    taken_in()
    told = report(run)["all"]
    expected = {
        "legs_offered": 7,
        "contacts": 6,
        "answered": 3,
        "handled": 1,
        "transferred_out": 1,
        "in_progress": 1,
        "abandoned": 2,
        "short_abandoned_le5s": 1,
        "blocked": 1,
        "still_waiting": 1,
        "answered_within_20s": 1,
        "asa_s": 100 / 3,
        "aht_s": 270.0,
        "answered_by_agent": {"ana": 2, "bo": 1},
        "agent_logged_seconds": 4 * 3600 + 16 * 3600,
    }
    assert {name: told[name] for name in expected} == expected
    assert told["outcomes"]["full"] == 1
    assert told["sl20_headline"] == 1 / 5
    assert told["lost_rate"] == 2 / 6


def test_the_same_file_twice_adds_nothing(app, run, taken_in):
    taken_in()
    first = report(run)
    answer = taken_in()
    assert "7 visits read, 0 added, 0 completed; 2 sessions read, 0 added" in answer.output
    assert report(run) == first
    with app.app_context():
        centre_id = db.session.scalars(db.select(Centre.id)).one()
        db.session.rollback()
        with within(Scope(centre_id)), transaction():
            counts = [
                db.session.scalar(db.select(db.func.count()).select_from(table))
                for table in (Visit, Interaction, LoggedSession)
            ]
    assert counts == [7, 6, 2]


def test_what_a_file_tells_twice_is_one_as_far_on_as_it_is_told(run, taken_in, files):
    ended = VISITS.splitlines()[6].replace(
        ",ana,,,in_progress,", ",ana,2026-03-17T08:30:00+01:00,,handled,"
    )
    (files / "visits.csv").write_text(VISITS + ended + "\n" + VISITS.splitlines()[1] + "\n")
    (files / "agents.csv").write_text(AGENTS + AGENTS.splitlines()[1] + "\n")
    assert "9 visits read, 7 added, 0 completed; 3 sessions read, 2 added" in taken_in().output
    told = report(run)["all"]
    assert (told["legs_offered"], told["in_progress"]) == (7, 0)


def test_years_of_agents_hours_are_taken_in(app, world, run, files):
    began = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [(began + timedelta(minutes=number)).isoformat() for number in range(12_002)]
    hours = (f"ana,Accueil,{here},{gone}" for here, gone in pairwise(moments))
    (files / "agents.csv").write_text("\n".join([AGENTS.splitlines()[0], *hours]))
    words = ["import-log", files / "visits.csv", "--agents", files / "agents.csv"]
    answer = run(*words, "--format", "visits-csv")
    assert "12001 sessions read, 12001 added" in answer.output


def test_a_longer_export_completes_what_was_going_on(run, taken_in, files):
    taken_in()
    longer = VISITS.replace(",,,,,waiting,", ",,,,2026-03-17T08:31:00+01:00,abandoned,")
    longer = longer.replace(",ana,,,in_progress,", ",ana,2026-03-17T08:30:00+01:00,,handled,")
    (files / "visits.csv").write_text(longer)
    assert "0 added, 2 completed" in taken_in().output
    told = report(run)["all"]
    assert (told["still_waiting"], told["in_progress"], told["handled"]) == (0, 0, 2)


def test_what_was_waiting_then_does_not_wait_now(app, world, taken_in):
    taken_in()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        queue_id = db.session.scalars(db.select(Queue.id).where(Queue.name == "Accueil")).one()
        assert db.session.scalars(waiting([queue_id])).all() == []
        assert db.session.scalar(waiting_count(queue_id)) == 0
        assert set(db.session.scalars(db.select(Visit.state))) == {VisitState.OVER}


def test_the_legs_of_a_contact_follow_each_other(app, world, taken_in):
    taken_in()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        first, second = db.session.scalars(
            db.select(Visit).where(Visit.log_call == "c1").order_by(Visit.log_leg)
        )
        assert second.previous_id == first.id
        assert second.interaction_id == first.interaction_id
        assert second.source == "transfer"


def test_a_queue_log_keeps_a_key_and_not_the_number(app, world, run, files, owner):
    answer = run("import-log", files / "queue_log", "--format", "asterisk-queue_log")
    assert "2 visits read, 2 added" in answer.output
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        keys = set(db.session.scalars(db.select(Visit.caller_key)))
        assert keys == {caller_key("+33639980264")}
        kept = db.session.scalars(db.select(Interaction.detail)).all()
    assert "39980264" not in json.dumps(list(kept))
    told = report(run)["all"]
    assert (told["demands"], told["unserved_people"]) == (1, 0)


def test_a_window_can_be_cut_into_stretches_and_to_one_queue(run, taken_in):
    taken_in()
    told = report(run, "--queue", "Experts", "--interval", "12h")
    assert set(told) == {"all", "queue:Experts", "intervals"}
    assert [each["all"]["legs_offered"] for each in told["intervals"]] == [1, 0]
    assert told["intervals"][0]["to"] == "2026-03-17T12:00:00+01:00"


def test_days_of_a_report_begin_at_midnight_of_the_place_whatever_the_clocks_do(run, taken_in):
    taken_in()
    asked = "--from", "2026-03-28T00:00", "--to", "2026-03-31T00:00", "--timezone", "Europe/Paris"
    days = json.loads(run("report", "--json", *asked, "--interval", "1d").output)["intervals"]
    assert [each["from"] for each in days] == [
        "2026-03-28T00:00:00+01:00",
        "2026-03-29T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",
    ]


def test_the_night_of_the_spring_change_has_92_quarter_hours(run, taken_in):
    taken_in()
    answer = run(
        "report", "--json", "--from", "2026-03-29T00:00", "--to", "2026-03-30T00:00",
        "--timezone", "Europe/Paris", "--interval", "15m",
    )  # fmt: skip
    assert len(json.loads(answer.output)["intervals"]) == 92


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--timezone", "Mars/Olympus"], "unknown time zone"),
        (["--from", "yesterday"], "is not a moment"),
        (["--to", "2026-03-16T00:00"], "--to is not after --from"),
        (["--interval", "soon"], "is not an interval"),
        (["--queue", "Nulle part"], "there is no queue"),
    ],
)
def test_a_wrong_word_is_named_and_shown_right(world, run, words, said):
    answer = run("report", "--json", *WINDOW, *words)
    assert answer.exit_code == 2
    assert said in answer.output


def test_a_broken_line_is_named_and_nothing_is_kept(app, run, taken_in, files):
    (files / "visits.csv").write_text(VISITS + "c7,1,Accueil,soon,,,,,waiting,\n")
    answer = taken_in()
    assert answer.exit_code == 1
    assert "line 9" in answer.output
    with app.app_context(), transaction():
        assert db.session.scalars(db.select(Centre)).all() == []


def test_history_goes_to_the_centre_that_is_named(world, other_world, run, taken_in):
    assert taken_in().exit_code == 2
    assert taken_in("--centre", "autre").exit_code == 0
    assert report(run, "--centre", "autre")["all"]["legs_offered"] == 7
    assert report(run, "--centre", "orme")["all"]["legs_offered"] == 0
