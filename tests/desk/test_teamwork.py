"""Put away and back, named and told, ticked and linked, and whose time it was."""

import re
from datetime import UTC, datetime, time

import pytest

from contactcenter.db import Scope, within
from contactcenter.directory.rules import Hours, Interval
from contactcenter.edge import transaction
from contactcenter.teamwork import actions, queries
from contactcenter.teamwork.jobs import tell_due, wake_due
from contactcenter.teamwork.models import CheckItem, Nudge, Snooze, TicketLink, Why
from contactcenter.teamwork.rules import named_in, next_morning
from tests.desk.stage import act, heard, opened, page, rows

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
OFFICE = Hours(weekly=dict.fromkeys(range(5), (Interval(time(9), time(17)),)))


@pytest.fixture
def second(sign_in, world):
    return sign_in(world.second_agent)


@pytest.fixture
def ticket(app, world):
    return opened(app, world, "Mes mots à moi.", subject="Avis reçu deux fois")


def sweep(app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        wake_due()
        tell_due()


def listed(browser, ticket, view="todo"):
    page = browser.get("/tickets", query_string={"view": view}).text
    return f'href="/tickets/{ticket.reference}' in page


# --- Put away ---


@pytest.mark.parametrize(
    ("until", "comes"),
    [
        ("opening", datetime(2026, 11, 23, 12, 30, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),
        ("week", datetime(2026, 11, 30, 7, 30, tzinfo=UTC)),
    ],
)
def test_what_is_put_away_comes_back_when_the_place_opens(agent, app, world, ticket, until, comes):
    assert act(agent, ticket, "snooze", until=until).status_code == 303
    (away,) = rows(app, world, Snooze)
    assert away.until == comes


def test_what_is_put_away_leaves_the_list_and_comes_back_by_itself(
    agent, app, world, ticket, clock
):
    act(agent, ticket, "snooze", at="2026-11-23T11:00")
    assert (listed(agent, ticket), listed(agent, ticket, "snoozed")) == (False, True)
    clock.advance(minutes=59)
    sweep(app, world)
    assert rows(app, world, Snooze) != []
    clock.advance(minutes=1)
    sweep(app, world)
    assert rows(app, world, Snooze) == []
    assert (listed(agent, ticket), listed(agent, ticket, "snoozed")) == (True, False)
    assert [each.why for each in rows(app, world, Nudge)] == [Why.WOKEN]


def test_a_word_of_the_citizen_brings_it_back_at_once(agent, app, world, ticket):
    act(agent, ticket, "snooze", until="week")
    heard(app, ticket, "J’ai retrouvé le papier.")
    assert rows(app, world, Snooze) == []


def test_whoever_takes_it_out_again_finds_no_line_about_it(agent, app, world, ticket):
    act(agent, ticket, "snooze", until="week")
    act(agent, ticket, "waking")
    assert (rows(app, world, Snooze), rows(app, world, Nudge)) == ([], [])


@pytest.mark.parametrize("at", ["", "hier", "2020-01-01T10:00", "2199-01-01T10:00"])
def test_a_moment_that_is_none_is_refused(agent, app, world, ticket, at):
    assert act(agent, ticket, "snooze", at=at).status_code == 422
    assert rows(app, world, Snooze) == []


# --- Told ---


def test_who_is_named_in_a_note_finds_it_in_their_list(agent, second, app, world, ticket):
    act(agent, ticket, "notes", text="@Second peux-tu rappeler ? @agent aussi.")
    (nudge,) = rows(app, world, Nudge)
    assert (nudge.person_id, nudge.why) == (world.second_agent.id, Why.MENTION)
    assert "peux-tu rappeler" in second.get("/nudges").text
    assert second.post(f"/nudges/{nudge.id}/settling").status_code == 303
    assert "Rien pour vous." in second.get("/nudges").text


def test_the_page_says_whom_a_note_tells_and_which_name_is_nobodys(agent, second, world, ticket):
    act(agent, ticket, "notes", text="@Second et @Séc, vu @9h avec moi@exemple.example ?")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert f"{world.second_agent.name} la trouvera dans «\xa0Pour moi\xa0»." in page
    assert "«\xa0@Séc\xa0» ne désigne personne" in page
    assert page.count("ne désigne personne") == 1
    line = second.get("/nudges").text
    assert f"{world.agent.name} vous nomme dans une note" in line
    assert ticket.subject in line


def test_what_is_kept_beside_a_request_comes_back_in_its_place(agent, ticket):
    address = f"/tickets/{ticket.reference}/checklist"
    answer = agent.post(address, data={"item": "Le RIB"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<div")
    assert "Le RIB" in answer.text


def test_another_persons_line_does_not_exist(agent, second, app, world, ticket):
    act(agent, ticket, "notes", text="@Second peux-tu rappeler ?")
    (nudge,) = rows(app, world, Nudge)
    assert agent.post(f"/nudges/{nudge.id}/settling").status_code == 404


def test_who_follows_is_told_once_until_they_have_looked(agent, app, world, ticket):
    act(agent, ticket, "followers", follow="yes")
    for _each in range(2):
        heard(app, ticket, "Encore un mot.")
    assert [each.why for each in rows(app, world, Nudge)] == [Why.FOLLOWED]
    act(agent, ticket, "followers", follow="no")
    assert "Suivie par" not in agent.get(f"/tickets/{ticket.reference}/work").text


def test_a_reminder_comes_at_its_time(agent, app, world, ticket, clock):
    act(agent, ticket, "reminders", at="2026-11-23T11:00", text="Rappeler la CAF")
    assert "Rien pour vous." in agent.get("/nudges").text
    clock.advance(minutes=61)
    sweep(app, world)
    assert "Rappeler la CAF" in agent.get("/nudges").text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Léa voyez", [1]),
        ("@lea d", [1]),
        ("vu avec @Sam Petit.", [2]),
        ("@sam lequel ?", []),
        ("lea@exemple.example", []),
        ("@leandre", []),
    ],
)
def test_a_name_is_called_whole_or_by_a_first_name_that_only_one_has(text, named):
    assert named_in(text, {1: "Léa Durand", 2: "Sam Petit", 3: "Sam Grand"}) == named


# --- Ticked and linked ---


def test_a_line_is_added_ticked_unticked_and_dropped(agent, app, world, ticket):
    act(agent, ticket, "checklist", item="Demander l’avis")
    (item,) = rows(app, world, CheckItem)
    act(agent, ticket, f"checklist/{item.id}")
    assert rows(app, world, CheckItem)[0].done_by == world.agent.id
    assert "1 sur 1" in agent.get(f"/tickets/{ticket.reference}/work").text
    act(agent, ticket, f"checklist/{item.id}")
    assert rows(app, world, CheckItem)[0].done_at is None
    act(agent, ticket, f"checklist/{item.id}", drop="1")
    assert rows(app, world, CheckItem) == []


def test_two_requests_are_linked_once_seen_from_both_and_parted(agent, app, world, ticket):
    other = opened(app, world, "Autre chose.")
    act(agent, ticket, "links", other=other.reference)
    act(agent, other, "links", other=ticket.reference)
    assert len(rows(app, world, TicketLink)) == 1
    assert other.reference in agent.get(f"/tickets/{ticket.reference}/work").text
    assert ticket.reference in agent.get(f"/tickets/{other.reference}/work").text
    act(agent, other, "links", part=ticket.id)
    assert rows(app, world, TicketLink) == []


def test_a_request_of_another_centre_cannot_be_linked(agent, app, other_world, ticket):
    far = opened(app, other_world, "Ailleurs.")
    opened(app, other_world, "Ailleurs encore.")
    answer = act(agent, ticket, "links", other=far.reference)
    assert answer.status_code == 422


def test_who_may_not_read_it_does_none_of_this(sign_in, app, world, ticket):
    browser = sign_in(world.outsider)
    assert browser.get(f"/tickets/{ticket.reference}/work").status_code == 404
    for noun in ("snooze", "waking", "reminders", "followers", "checklist", "links"):
        assert act(browser, ticket, noun, until="week", item="x", other="y").status_code == 404


# --- Summary ---


def test_tomorrow_after_a_friday_is_monday():
    friday = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    assert next_morning(OFFICE, friday) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_three_sentences_tell_it_on_the_phone(agent, ticket):
    shown = agent.get(f"/tickets/{ticket.reference}/work").text
    told = shown.split('class="aloud">')[1].split("</p>")[0]
    assert "Une personne a demandé" in told
    assert "Avis reçu deux fois" in told
    assert "C’est à nous de répondre" in told
    assert "Le dernier message vient de la personne" in told


def test_without_scripts_the_page_links_to_what_is_kept_beside_it(agent, ticket):
    assert f'href="/tickets/{ticket.reference}/work"' in page(agent, ticket)
    assert "Remettre à plus tard" in page(agent, ticket)
    with_scripts = agent.get(f"/tickets/{ticket.reference}/work", headers={"HX-Request": "true"})
    assert "<html" not in with_scripts.text


def test_a_long_list_of_ones_own_goes_on_page_after_page(agent, app, world, ticket):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for number in range(queries.PAGE + 3):
            actions.nudge(ticket.id, world.agent.id, Why.MENTION, text=f"mot {number:03d}.")
    first = agent.get("/nudges").text
    further = re.search(r'href="(/nudges[?]after=[^"]+)"', first)
    assert further
    second = agent.get(further.group(1)).text
    numbers = [re.findall(r"mot (\d{3})[.]", page) for page in (first, second)]
    assert [len(page) for page in numbers] == [queries.PAGE, 3]
    assert not set(numbers[0]) & set(numbers[1])
    assert "after=" not in second
