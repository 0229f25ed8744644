"""The pages of planning, as a manager uses them without JavaScript."""

import csv
import io
import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.outbox import ATTEMPTS
from contactcenter.planning import what_ifs
from contactcenter.planning.models import StaffingPlan, WhatIf
from contactcenter.queues.forecast_models import KnownEvent
from contactcenter.queues.simulation import play
from tests.scenes.house import REHEARSED


@pytest.fixture
def manager(sign_in, world):
    return sign_in(world.manager)


def staffing(world, day, **more):
    asked = "&".join(f"{name}={value}" for name, value in more.items())
    return f"/planning/queues/{world.phone_queue_id}?day={day.isoformat()}&{asked}"


def test_without_a_past_the_page_says_what_is_missing(manager, world, workday):
    page = manager.get(staffing(world, workday))
    assert page.status_code == 200
    assert "Pas encore de prévision pour ce jour" in page.text
    assert "Pas encore de prévision" in manager.get("/planning").text


def test_a_day_shows_who_comes_and_how_many_agents_that_takes(manager, world, history, workday):
    history(weeks=6, an_hour=60)
    page = manager.get(staffing(world, workday)).text
    assert "personnes attendues" in page
    assert page.count('name="agents-') == 6 or page.count('name="agents-') == 7
    curve = manager.get(staffing(world, workday, law="curve")).text
    assert "M/M/n+G" in curve
    assert "Agents à la pointe" in manager.get(f"/planning?day={workday.isoformat()}").text


def test_the_overview_and_the_day_need_the_same_agents(manager, world, history, workday):
    history(weeks=6, an_hour=60)
    page = manager.get(staffing(world, workday)).text
    rows = re.findall(r'<td class="num strong" data-label="Nécessaires">(\d+)</td>', page)
    overview = manager.get(f"/planning?day={workday.isoformat()}").text
    peak = re.search(r'data-label="Agents à la pointe">(\d+)</td>', overview)
    assert int(peak[1]) == max(map(int, rows))


def test_what_is_typed_is_kept_and_counts(app, manager, world, history, workday):
    history(weeks=6, an_hour=60)
    url = f"/planning/queues/{world.phone_queue_id}/plan?day={workday.isoformat()}"
    sent = {"agents-18": "9", "agents-19": "0", "min_service_level": "90 %", "max_occupancy": ""}
    assert manager.post(url, data=sent).status_code == 303
    manager.post(url, data=sent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        plan = db.session.scalars(db.select(StaffingPlan)).one()
        assert plan.agents == {"18": 9, "19": 0}
        assert plan.goals["min_service_level"] == 0.9
        assert plan.goals["max_occupancy"] is None
    page = manager.get(staffing(world, workday)).text
    assert 'aria-label="Agents prévus à 9\xa0h\xa000" value="9"' in page
    assert 'value="90"' in page


def test_what_is_wrong_stays_as_it_was_typed(manager, world, history, workday):
    history(weeks=6, an_hour=60)
    url = f"/planning/queues/{world.phone_queue_id}/plan?day={workday.isoformat()}"
    page = manager.post(url, data={"agents-18": "deux", "min_service_level": "800"})
    assert page.status_code == 422
    assert 'value="deux"' in page.text
    assert 'value="800"' in page.text
    assert "Écrire un pourcentage de 0 à 100." in page.text


def test_fewer_agents_mean_more_risk(manager, world, history, workday):
    history(weeks=6, an_hour=60)

    def risks(agents: int) -> list[int]:
        url = f"/planning/queues/{world.phone_queue_id}/plan?day={workday.isoformat()}"
        manager.post(url, data={"agents-20": str(agents), "min_service_level": "80"})
        page = manager.get(staffing(world, workday, at=20)).text
        ladder = page.split('id="ladder"')[1].split("</table>")[0]
        return [
            int(each) for each in re.findall(r'<td class="num">(\d+)\xa0%</td>\s*</tr>', ladder)
        ]

    rungs = risks(5)
    assert rungs == sorted(rungs, reverse=True)
    assert len(rungs) == 6


def test_the_day_is_taken_away_as_a_table(manager, world, history, workday):
    history(weeks=6, an_hour=60)
    answer = manager.get(
        f"/planning/queues/{world.phone_queue_id}/day.csv?day={workday.isoformat()}"
    )
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0]["Début"] == "09:00"
    assert int(rows[0]["Agents nécessaires"]) <= int(rows[0]["Agents pour être sûr"])


def test_an_event_is_written_corrected_and_removed(app, manager, world, workday):
    sent = {"name": "Échéance", "begins": workday.isoformat(), "ends": "", "times": "1,5"}
    assert manager.post("/planning/events", data=sent).status_code == 303
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        event = db.session.scalars(db.select(KnownEvent)).one()
        event_id = event.id
        assert (event.factor, event.begins_on, event.ends_on) == (1.5, workday, workday)
    better = sent | {"times": "2", "queues": str(world.phone_queue_id)}
    assert manager.post(f"/planning/events/{event_id}", data=better).status_code == 303
    assert "× 2" in manager.get("/planning/events").text.replace("\xa0", " ")
    assert manager.post(f"/planning/events/{event_id}/removal").status_code == 303
    assert "Aucun évènement connu" in manager.get("/planning/events").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"times": "0"}, "multipliée"),
        ({"times": "beaucoup"}, "multipliée"),
        ({"begins": "demain"}, "2026-03-17"),
        ({"ends": "2001-01-01"}, "avant le premier"),
        ({"name": ""}, "Dire ce qui arrive"),
        ({"queues": "77"}, "n’existe plus"),
    ],
)
def test_an_event_without_meaning_is_refused_and_kept_as_typed(manager, workday, change, said):
    sent = {"name": "Lettres", "begins": workday.isoformat(), "ends": "", "times": "2"} | change
    page = manager.post("/planning/events", data=sent)
    assert page.status_code == 422
    assert said in page.text


def test_patience_is_told_in_words(manager, world, history):
    history(weeks=4, an_hour=30)
    page = manager.get(f"/planning/queues/{world.phone_queue_id}/patience").text
    assert "En moyenne on est prêt à attendre" in page
    assert "Encore prêts à attendre" in page
    empty = manager.get(f"/planning/queues/{world.counter_queue_id}/patience").text
    assert "Personne n’a attendu" in empty


def test_a_day_is_rehearsed_by_the_workers_and_shown_beside_the_formula(
    app, manager, world, history, workday, worker
):
    history(weeks=6, an_hour=12)
    url = f"/planning/queues/{world.phone_queue_id}/what-ifs?day={workday.isoformat()}"
    answer = manager.post(url, data={"more": "1", "seed": "7", "stays": "30"})
    assert answer.status_code == 303
    assert "jours joués sur 200" in manager.get(answer.location).text
    worker.run_all()
    page = manager.get(answer.location).text
    assert "jours joués" not in page
    assert "Par la formule" in page
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        asked = db.session.scalars(db.select(WhatIf)).one()
        assert len(asked.results) == asked.total == asked.done == 200
        again = play(what_ifs.plan_of(asked.content), asked.seed * 1_000_003 + 199)
        assert asked.results[199] == again.figures


def test_a_stretch_that_was_played_is_not_played_again(app, manager, world, history, workday):
    history(weeks=6, an_hour=12)
    manager.post(f"/planning/queues/{world.phone_queue_id}/what-ifs?day={workday.isoformat()}")
    for _ in range(2):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            asked = db.session.scalars(db.select(WhatIf)).one()
            what_ifs.run_stretch(asked.id, 0)
            assert asked.done == len(asked.results) == what_ifs.STRETCH


def test_the_hours_of_the_overview_are_those_of_the_page(manager, world, history, workday):
    history(weeks=6, an_hour=60)
    page = manager.get(staffing(world, workday)).text.replace("\xa0", " ")
    whole = manager.get(f"/planning?day={workday.isoformat()}").text
    row = whole.split(f"/planning/queues/{world.phone_queue_id}?")[1]
    cells = re.findall(r'<td class="num"[^>]*>([^<]*)</td>', row.split("</tr>")[0])
    assert f"{cells[3]} heures d’agent pour tenir les objectifs" in page


@pytest.fixture
def begun(manager, world, history, workday):
    """The address of a day that waits to be played."""
    history(weeks=6, an_hour=12)
    url = f"/planning/queues/{world.phone_queue_id}/what-ifs?day={workday.isoformat()}"
    return manager.post(url).location


def test_a_rehearsed_day_that_is_stopped_keeps_what_was_played_and_goes_on(
    app, manager, world, worker, begun
):
    assert "Arrêter" in manager.get(begun).text
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        what_ifs.run_stretch(db.session.scalars(db.select(WhatIf.id)).one(), 0)
    assert manager.post(f"{begun}/stopping").status_code == 303
    worker.run_all()
    page = manager.get(begun).text
    for words in ("10 jours joués sur 200", "Le jeu a été arrêté", "Par la formule", "Continuer"):
        assert words in page
    assert manager.post(f"{begun}/going-on").status_code == 303
    worker.run_all()
    assert "jours joués" not in manager.get(begun).text


def test_a_rehearsed_day_that_breaks_says_so_and_can_be_taken_up(
    app, sign_in, world, worker, begun, clock
):
    def content(wanted):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            asked = db.session.scalars(db.select(WhatIf)).one()
            kept, asked.content = asked.content, wanted or {**asked.content, "busyness": "?"}
            return kept

    whole = content(None)
    for _attempt in range(ATTEMPTS):
        worker.run_all()
        clock.advance(hours=2)
    manager = sign_in(world.manager)  # the night is over
    page = manager.get(begun).text
    assert "une panne" in page
    assert "Arrêter" not in page
    content(whole)
    manager.post(f"{begun}/going-on")
    worker.run_all()
    assert "jours joués" not in manager.get(begun).text


@pytest.mark.parametrize(
    "sent", [{"more": "x"}, {"opens": "25:00"}, {"opens": "12:00", "closes": "11:00"}]
)
def test_a_change_without_meaning_is_said(manager, world, history, workday, sent):
    history(weeks=4)
    url = f"/planning/queues/{world.phone_queue_id}/what-ifs?day={workday.isoformat()}"
    answer = manager.post(url, data=sent)
    assert "/planning/queues/" in answer.location
    assert 'class="toast error"' in manager.get(answer.location).text


def test_the_played_day_agrees_with_the_formula_where_days_are_alike():
    steady = REHEARSED | {
        "rates": [60.0] * 48,
        "agents": [6] * 48,
        "busyness": 0.0,
        "stays": 3600.0,
        "patience_seconds": 300.0,
        "threshold_seconds": 60,
    }
    results = [play(what_ifs.plan_of(steady), seed).figures for seed in range(20)]
    bands, formula = what_ifs.bands(results), what_ifs.by_formula(steady)
    for name in ("offered", "p_lost", "service_level", "occupancy", "mean_wait_seconds"):
        assert bands[name].low <= formula[name] <= bands[name].high, name


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"closes": "16:30"}, "ouvert jusqu’à 16\xa0h\xa030, puis 30 minutes"),
        ({"opens": "08:00"}, "ouvert dès 8\xa0h\xa000"),
        ({"opens": "08:00", "closes": "12:00"}, "ouvert de 8\xa0h\xa000 à 12\xa0h\xa000, puis"),
    ],
)
def test_the_hours_of_a_day_played_otherwise_are_said(
    manager, world, history, workday, hours, said
):
    history(weeks=4)
    url = f"/planning/queues/{world.phone_queue_id}/what-ifs?day={workday.isoformat()}"
    page = manager.get(manager.post(url, data={"stays": "30", **hours}).location).text
    assert said in page


def test_hours_in_which_nobody_comes_and_nobody_works_add_no_wait_to_a_day():
    open_once = [0.0] * 20 + [4.0] + [0.0] * 27
    agents = [2 * bool(rate) for rate in open_once]
    quiet = REHEARSED | {"rates": open_once, "agents": agents, "patience_seconds": None}
    assert 0 < what_ifs.by_formula(quiet)["mean_wait_seconds"] < 60


def test_small_teams_are_not_shown(manager):
    page = manager.get("/planning/strain").text
    assert "Moins de 5 personnes" in page


def test_planning_is_for_managers(sign_in, world):
    assert sign_in(world.agent).get("/planning").status_code == 403
