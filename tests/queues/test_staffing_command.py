"""The `staffing` command."""

import json

import pytest
from click.testing import CliRunner

from contactcenter.queues.commands import staffing

PUBLISHED = ["--arrivals-per-hour", "2880", "--aht-seconds", "60", "--patience-seconds", "120"]
FIELDS = {
    *("p_wait", "p_abandon", "asa_seconds", "mean_wait_seconds", "service_level", "occupancy"),
    "p_block",
}


def run(*arguments: str, stdin: str = ""):
    return CliRunner().invoke(staffing, arguments, input=stdin)


def test_one_case_is_answered_as_one_object():
    answer = json.loads(run("--json", *PUBLISHED, "--agents", "50").output)
    assert set(answer) == FIELDS
    assert answer["p_abandon"] == pytest.approx(0.0309, abs=1e-4)


def test_goals_add_the_agents_needed():
    answer = json.loads(
        run("--json", *PUBLISHED, "--agents", "50", "--min-service-level", "0.8").output
    )
    assert answer["agents_needed"] == 46


def test_without_agents_the_answer_is_for_those_needed():
    answer = json.loads(run("--json", *PUBLISHED, "--min-service-level", "0.8").output)
    assert answer["agents_needed"] == 46
    assert answer["service_level"] >= 0.8


def test_cases_are_answered_line_by_line():
    cases = [{"arrivals_per_hour": 60, "aht_seconds": 300, "agents": n} for n in (6, 7)]
    answered = run("--cases", "-", stdin="\n".join(map(json.dumps, cases)) + "\n\n")
    levels = [json.loads(line)["service_level"] for line in answered.output.splitlines()]
    assert levels == sorted(levels)
    assert len(levels) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2"),
        ("[]", "must be an object"),
        ('{"arrivals_per_hour": 1}', "aht_seconds is missing"),
        ('{"arrivals_per_hour": 1, "aht_seconds": 1, "agents": "many"}', "agents must be a number"),
        ('{"arrivals_per_hour": 1, "aht_seconds": 1, "agent": 1}', "agent is not known"),
    ],
)
def test_a_case_that_cannot_be_answered_is_named_by_its_line(line, reason):
    good = '{"arrivals_per_hour": 1, "aht_seconds": 1, "agents": 1}\n'
    answered = run("--cases", "-", stdin=good + line)
    assert answered.exit_code == 1
    assert reason in answered.output
    assert "line 2" in answered.output


def test_a_missing_input_is_a_usage_error():
    answered = run("--json", "--aht-seconds", "60", "--agents", "3")
    assert answered.exit_code == 2
    assert "arrivals_per_hour is missing" in answered.output


def test_without_json_the_answer_is_a_table():
    answered = run(*PUBLISHED, "--agents", "50")
    assert "service_level  0.943" in answered.output


def test_redials_make_more_calls_and_need_more_agents():
    base = {"arrivals_per_hour": 150, "aht_seconds": 240, "patience_seconds": 360, "agents": 9}
    cases = [base | {"max_abandonment": 0.03} | more for more in ({}, {"redial": 0.8})]
    answered = run("--cases", "-", stdin="\n".join(map(json.dumps, cases)))
    once, again = (json.loads(line) for line in answered.output.splitlines())
    assert again["p_abandon"] == pytest.approx(0.37, abs=0.006)
    assert again["p_abandon"] > once["p_abandon"]
    assert again["agents_needed"] >= once["agents_needed"]


def test_redials_that_never_end_are_named():
    answered = run("--json", *PUBLISHED, "--agents", "40", "--redial", "1")
    assert answered.exit_code == 2
    assert "more work than the agents can ever do" in answered.output
