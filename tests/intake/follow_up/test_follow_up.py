"""A citizen follows their own request, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from contactcenter.accounts import tries
from contactcenter.attachments.models import Attachment
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.intake.follow_up import routes
from contactcenter.intake.follow_up.actions import MOST_TRIES, MOST_WORDS_AN_HOUR
from contactcenter.intake.follow_up.told import told
from contactcenter.queues import actions as queues
from contactcenter.queues.announced import AnnouncedWait
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets import actions
from contactcenter.tickets.models import Channel, Message, MessageKind, Status, Ticket
from tests.intake.counter.conftest import Desk


@pytest.fixture
def desk(world, sign_in) -> Desk:
    return Desk(sign_in(world.agent), world.counter_id)


@pytest.fixture
def rows(app, world):
    def loaded(query) -> list:
        with app.app_context(), within(Scope(world.centre_id)):
            found = list(db.session.scalars(query))
            db.session.expunge_all()
            return found

    return loaded


@pytest.fixture
def citizen(app):
    return _stranger(app)


def _stranger(app):
    """A stranger's browser; it sends the form token as the page shows it."""
    browser = app.test_client()

    def post(path: str = "", **form: object):
        page = browser.get("/follow-up").text
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        return browser.post(f"/follow-up{path}", data={**form, "csrf_token": token})

    browser.send = post
    return browser


def _code(desk: Desk, visit: int) -> str:
    page = desk.browser.get(f"/counter/visits/{visit}/slip").text
    return page.split('class="code">')[1].split("<")[0]


@pytest.fixture
def following(desk, citizen):
    """Enter at the counter with a topic, then open the request with its code."""
    visit = desk.admit("avis")
    assert citizen.send(code=_code(desk, visit)).status_code == 303
    return visit


def test_the_code_opens_the_request(following, citizen):
    page = citizen.get("/follow-up").text
    assert "Avis d’impôt" in page
    assert "A001" in page
    assert "Dernier avis d’impôt" in page


def test_the_code_may_be_typed_as_one_likes(desk, citizen):
    code = _code(desk, desk.admit())
    assert citizen.send(code=f" {code.lower().replace('-', ' ')} ").status_code == 303


def test_the_place_in_line_is_said(desk, citizen, clock):
    desk.admit()
    clock.advance(minutes=1)
    citizen.send(code=_code(desk, desk.admit()))
    assert "rang 2" in citizen.get("/follow-up/place").text


def test_who_is_called_reads_where_to_go(desk, following, citizen):
    desk.call()
    assert "guichet 1" in citizen.get("/follow-up").text


def test_an_honest_range_needs_recent_services(desk, citizen, clock):
    for _time in range(6):
        visit = desk.admit()
        desk.call()
        desk.receive(visit)
        clock.advance(minutes=5)
        desk.post(f"visits/{visit}/end", visit=visit, done="Fait.")
    desk.admit()
    clock.advance(seconds=1)
    citizen.send(code=_code(desk, desk.admit()))
    assert "minutes." in citizen.get("/follow-up/place").text


def test_who_came_before_in_another_queue_of_the_same_counters_goes_before(
    app, world, desk, citizen, clock, rows
):
    for _time in range(6):
        visit = desk.admit()
        desk.call()
        desk.receive(visit)
        clock.advance(minutes=5)
        desk.post(f"visits/{visit}/end", visit=visit, done="Fait.")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        taxes = Queue(name="Impôts", kind=QueueKind.COUNTER, site_id=world.site_id, letter="B")
        db.session.add(taxes)
        db.session.flush()
        for _each in range(3):
            queues.enter(taxes, channel=Channel.COUNTER)
    clock.advance(seconds=1)
    citizen.send(code=_code(desk, desk.admit()))
    assert "minutes." in citizen.get("/follow-up/place").text
    assert [each.ahead for each in rows(db.select(AnnouncedWait))] == [3]


def test_a_wrong_code_opens_nothing_and_says_so(world, citizen):
    answer = citizen.send(code="AAAA-AAAA")
    assert answer.status_code == 422
    assert "Aucune demande n’a ce code" in answer.text
    assert "AAAA-AAAA" in answer.text


def test_a_reference_is_not_a_code(desk, citizen, rows):
    desk.admit()
    reference = rows(db.select(Ticket))[0].reference
    answer = citizen.send(code=reference)
    assert answer.status_code == 422
    assert "numéro de la demande" in answer.text


def test_guesses_at_once_are_all_counted(app, world):
    def guess(_number: int) -> int:
        return _stranger(app).send(code="AAAA-AAAA").status_code

    with ThreadPoolExecutor(6) as guessers:
        answers = list(guessers.map(guess, range(24)))
    assert (answers.count(422), answers.count(429)) == (MOST_TRIES, 24 - MOST_TRIES)


def test_wrong_codes_keep_nobody_from_signing_in(app, citizen, world, monkeypatch):
    monkeypatch.setattr(tries, "MOST_TRIES_ADDRESS", 1)
    assert citizen.send(code="AAAA-AAAA").status_code == 422
    with app.test_request_context():
        tries.refuse_too_many("somebody", tries.source_of("127.0.0.1"))


def test_a_long_conversation_shows_its_last_words_and_those_before_on_demand(
    following, citizen, monkeypatch
):
    monkeypatch.setattr(routes, "SAID_AT_ONCE", 1)
    for number in range(2):
        citizen.send("/messages", text=f"Mot {number}.", key=str(number))
    page = citizen.get("/follow-up").text
    earlier = "Voir ce qui précède"
    assert ("Mot 0." in page, "Mot 1." in page, earlier in page) == (False, True, True)
    page = citizen.get("/follow-up?said=5").text
    assert ("Mot 0." in page, "Mot 1." in page, earlier in page) == (True, True, False)


def test_guessing_is_slowed(desk, citizen, clock):
    code = _code(desk, desk.admit())
    for _time in range(MOST_TRIES):
        citizen.send(code="AAAA-AAAA")
    assert citizen.send(code=code).status_code == 429
    clock.advance(minutes=16)
    assert citizen.send(code=code).status_code == 303


def test_words_join_the_request_and_open_it_again(desk, following, citizen, rows):
    desk.call()
    desk.call()
    desk.receive(following)
    desk.post(f"visits/{following}/end", visit=following, done="Répondu.")
    citizen.send("/messages", text="Il manque une page.", key="k")
    citizen.send("/messages", text="Il manque une page.", key="k")
    said = rows(db.select(Message).where(Message.kind == MessageKind.CITIZEN))
    assert [message.text for message in said] == ["Il manque une page."]
    assert rows(db.select(Ticket))[0].status is Status.OPEN


def test_empty_words_keep_the_page(following, citizen):
    assert citizen.send("/messages", text="").status_code == 422


def test_words_without_end_are_slowed(following, citizen):
    for each in range(MOST_WORDS_AN_HOUR):
        citizen.send("/messages", text="Encore un mot.", key=str(each))
    assert citizen.send("/messages", text="Encore un mot.", key="last").status_code == 429


def test_a_number_given_back_is_an_abandonment(following, citizen, rows, clock):
    clock.advance(minutes=5)
    assert citizen.send("/departure").status_code == 303
    visit = rows(db.select(Visit))[0]
    assert (visit.state, visit.outcome) == (VisitState.OVER, Outcome.ABANDONED)
    assert citizen.send("/departure").status_code == 409


def test_the_page_closes_by_itself(following, citizen, clock):
    clock.advance(minutes=31)
    assert "code" in citizen.get("/follow-up").text
    assert "A001" not in citizen.get("/follow-up").text


def test_closing_forgets_the_request(following, citizen):
    citizen.send("/closing")
    assert citizen.get("/follow-up/place").status_code == 303


def test_no_name_and_no_words_of_others_are_shown(desk, citizen):
    visit = desk.admit("avis", name="Zoé Exemple", phone="01 99 00 12 34")
    citizen.send(code=_code(desk, visit))
    page = citizen.get("/follow-up").text
    assert "Exemple" not in page
    assert "0199" not in page.replace(" ", "")


def test_the_page_speaks_the_language_of_who_looks(following, citizen):
    assert 'lang="nl"' in citizen.get("/follow-up", headers={"Accept-Language": "nl"}).text


def test_a_code_of_another_centre_opens_that_centre(following, citizen, other_world, sign_in):
    theirs = Desk(sign_in(other_world.agent), other_world.counter_id)
    citizen.send("/closing")
    assert citizen.send(code=_code(theirs, theirs.admit("avis"))).status_code == 303
    assert "Autre centre" in citizen.get("/follow-up").text


def test_the_code_never_stands_in_an_address(desk, app):
    paths = {rule.rule for rule in app.url_map.iter_rules() if "follow-up" in rule.rule}
    assert not any("<" in path for path in paths)


@pytest.fixture
def ticket(app, world, following):
    """Change the request that is being followed, as staff would."""

    def change(act) -> None:
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            act(db.session.scalars(db.select(Ticket)).one())

    return change


def test_the_conversation_is_shown_without_what_is_inside(ticket, citizen, world):
    ticket(lambda t: actions.reply(t, "Votre avis est reparti.", by=world.agent))
    ticket(lambda t: actions.note(t, "Attention, dossier délicat.", by=world.agent))
    ticket(lambda t: actions.record(t, "Vue au guichet.", by=world.agent))
    citizen.send("/messages", text="Merci, je regarde.", key="k")
    page = citizen.get("/follow-up").text
    assert "Votre avis est reparti." in page
    assert "Merci, je regarde." in page
    assert "délicat" not in page
    assert "Vue au guichet" not in page
    assert world.agent.name not in page


def test_files_come_along_with_words(following, citizen, rows):
    sent = (BytesIO(b"%PDF-1.4 essai"), "avis.pdf")
    citizen.send("/messages", text="Voici mon avis.", key="k", files=sent)
    assert [each.name for each in rows(db.select(Attachment))] == ["avis.pdf"]
    assert "avis.pdf" in citizen.get("/follow-up").text


def test_a_file_that_is_no_paper_is_refused_and_the_words_stay(following, citizen, rows):
    sent = (BytesIO(b"MZ\x90\x00"), "virus.exe")
    answer = citizen.send("/messages", text="Voici mon avis.", key="k", files=sent)
    assert answer.status_code == 422
    assert "virus.exe" in answer.text
    assert "Voici mon avis." in answer.text
    assert rows(db.select(Attachment)) == []


def test_who_says_that_it_is_solved_ends_the_wait(ticket, citizen, rows):
    ticket(lambda t: None)
    status = rows(db.select(Ticket))[0].status
    for _click in range(2):
        assert citizen.send("/resolution", was=status).status_code == 303
    assert rows(db.select(Ticket))[0].status is Status.RESOLVED


def test_who_left_unserved_is_not_told_that_they_were_answered(
    app, world, following, citizen, rows
):
    citizen.send("/departure")
    page = citizen.get("/follow-up").text
    assert "Cette demande est terminée" in page
    assert "Nous avons répondu" not in page
    assert "Réponse donnée" not in page
    with app.test_request_context(), within(Scope(world.centre_id)):
        said = told(rows(db.select(Ticket))[0])
    assert said[0] == "Cette demande est terminée."


def test_who_was_served_is_told_that_they_were_answered(desk, following, citizen):
    desk.call()
    desk.receive(following)
    desk.post(f"visits/{following}/end", visit=following, done="Avis expliqué.")
    assert "Nous avons répondu" in citizen.get("/follow-up").text


def test_what_is_not_solved_opens_again_until_it_is_closed(ticket, citizen, rows):
    ticket(lambda t: actions.resolve(t, by=None))
    citizen.send("/messages", text="Toujours rien.", key="a")
    assert rows(db.select(Ticket))[0].status is Status.OPEN
    ticket(lambda t: actions.resolve(t, by=None))
    ticket(lambda t: actions.close(t))
    assert citizen.send("/messages", text="Encore rien.", key="b").status_code == 409
    assert "Poser une nouvelle question" in citizen.get("/follow-up").text


def test_no_title_and_no_address_says_who_or_what(ticket, citizen):
    ticket(lambda t: setattr(t, "subject", "Divorce de Zoé Exemple"))
    page = citizen.get("/follow-up").text
    assert "Divorce" not in page.split("</title>")[0]
