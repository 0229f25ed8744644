"""Some weeks after an expert's answer the citizen is asked once whether it is solved."""

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking, solved
from contactcenter.escalation.solved_models import AskedBy, SolvedQuestion
from contactcenter.intake.follow_up import actions as follow_up
from contactcenter.notices.models import Notice
from contactcenter.reports import experts
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, Status, Ticket


@pytest.fixture
def finished(app, world, matter, clock):
    """A request that ended with an expert's answer, thirty days ago."""

    def end(**details: object) -> int:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            ticket = tickets.get(matter.ticket_id)
            citizen = db.session.get_one(Citizen, (world.centre_id, ticket.citizen_id))
            for name, value in details.items():
                setattr(citizen, name, value)
            team = db.session.get_one(Team, (world.centre_id, world.team_id))
            referral = asking.ask(ticket, team, question="Définitif ?", by=world.agent)
            db.session.flush()
            locked = actions.lock(referral.id, person=world.referent)
            actions.answer(locked, "Oui.", by=world.referent)
            tickets.resolve(ticket, by=world.agent)
        clock.advance(days=30, hours=1)
        return matter.ticket_id

    return end


@pytest.fixture
def ask(app, world):
    def asked() -> tuple[list[SolvedQuestion], list[Notice]]:
        with app.app_context(), within(Scope(world.centre_id)):
            with transaction():
                solved.ask_due()
            questions = list(db.session.scalars(db.select(SolvedQuestion)))
            notices = list(db.session.scalars(db.select(Notice).where(Notice.kind == "solved")))
            db.session.expunge_all()
        return questions, notices

    return asked


@pytest.fixture
def link(finished, ask):
    """The path of the link that the citizen was sent."""
    finished()
    (_question,), (notice,) = ask()
    return next(word for word in notice.body.split() if "/solved/" in word).partition("localhost")[
        2
    ]


@pytest.fixture
def citizen(client, link):
    """Their browser, after they opened the link: its forms carry a good token."""
    token = client.get(link).text.split('name="csrf-token" content="')[1].split('"')[0]
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    return client


def status(app, world, ticket_id: int) -> Status:
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.get_one(Ticket, (world.centre_id, ticket_id)).status


def said(app, world) -> bool | None:
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(SolvedQuestion.is_solved)).one()


def test_it_is_asked_once_and_without_a_name_or_a_subject(finished, ask, clock):
    finished()
    (question,), (notice,) = ask()
    clock.advance(days=1)
    again, notices = ask()
    assert (len(again), len(notices)) == (1, 1)
    assert question.asked_by is AskedBy.EMAIL
    assert notice.to_address == "josette@citoyens.example"
    assert "Lambertin" not in notice.subject + notice.body
    assert "impôt" not in notice.subject + notice.body


@pytest.mark.parametrize(
    ("details", "means"),
    [
        ({"reach": Reach.SMS, "phone": "+33639980001"}, AskedBy.SMS),
        ({"reach": Reach.LETTER}, AskedBy.CALL),
        ({"email": None, "phone": "+33639980001"}, AskedBy.CALL),
    ],
)
def test_it_is_asked_by_the_way_the_citizen_prefers_or_by_an_agent(finished, ask, details, means):
    finished(**details)
    (question,), notices = ask()
    assert question.asked_by is means
    assert [each.means for each in notices] == ([means] if means is AskedBy.SMS else [])


def test_nobody_is_asked_before_the_day_at_night_or_where_the_centre_does_not_ask(
    finished, ask, app, world, clock
):
    finished()
    clock.advance(hours=-25)
    assert ask() == ([], [])
    clock.advance(hours=25 + 14)  # in the middle of the night
    assert ask() == ([], [])
    clock.advance(hours=10)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Centre, world.centre_id).asks_solved = False
    assert ask() == ([], [])


def test_looking_at_the_link_answers_nothing_and_one_click_does(link, app, world, citizen):
    page = citizen.get(link)
    assert page.status_code == 200
    assert "Lambertin" not in page.text
    assert said(app, world) is None
    assert citizen.post(link, data={"solved": "yes"}).status_code == 303
    assert said(app, world) is True


@pytest.mark.parametrize(("lang", "word"), [("nl", "opgelost"), ("en", "solved"), ("de", "gelöst")])
def test_the_page_speaks_the_language_of_the_link(link, client, lang, word):
    assert word in client.get(link.replace("lang=fr", f"lang={lang}")).text


def test_what_is_missing_opens_the_request_again_once(link, matter, app, world, citizen):
    citizen.post(link, data={"solved": "no"})
    assert said(app, world) is False
    assert status(app, world, matter.ticket_id) is not Status.OPEN
    words = link.replace("?", "/words?")
    for _twice in range(2):
        assert citizen.post(words, data={"text": "Rien reçu."}).status_code == 303
    assert status(app, world, matter.ticket_id) is Status.OPEN
    with app.app_context(), within(Scope(world.centre_id)):
        heard = db.session.scalars(db.select(Message).where(Message.text == "Rien reçu.")).all()
    assert len(heard) == 1


def test_who_writes_too_often_by_the_link_waits_an_hour(link, citizen, monkeypatch):
    monkeypatch.setattr(follow_up, "MOST_WORDS_AN_HOUR", 2)
    words = link.replace("?", "/words?")
    answers = [citizen.post(words, data={"text": f"Et {n} ?"}).status_code for n in range(3)]
    assert answers == [303, 303, 429]


def test_the_link_ends(link, client, clock):
    clock.advance(days=60)
    assert client.get(link).status_code == 404


def test_a_guessed_link_and_that_of_another_centre_lead_nowhere(link, world, other_world, client):
    assert client.get(f"/solved/{world.code}/ACDEFGHJKMNQ").status_code == 404
    elsewhere = link.replace(f"/{world.code}/", f"/{other_world.code}/")
    assert client.get(elsewhere).status_code == 404


def test_who_cannot_be_written_to_is_listed_for_a_call(finished, ask, matter, app, world, sign_in):
    finished(reach=Reach.LETTER)
    ask()
    agent = sign_in(world.agent)
    assert "Lambertin" in agent.get("/tickets/solved").text
    assert "Lambertin" not in sign_in(world.outsider).get("/tickets/solved").text
    path = f"/tickets/{matter.reference}/solved"
    assert sign_in(world.outsider).post(path, data={"solved": "no"}).status_code == 404
    agent.post(path, data={"solved": "yes"})
    assert said(app, world) is True
    assert "Lambertin" not in agent.get("/tickets/solved").text


def test_a_bare_no_waits_on_the_list_until_the_request_is_open_again(
    link, matter, app, world, citizen, sign_in
):
    citizen.post(link, data={"solved": "no"})
    agent = sign_in(world.agent)
    page = agent.get("/tickets/solved").text
    assert "Lambertin" in page
    assert "Avis d’impôt de Josette Lambertin" in page  # what the call is about
    assert 'aria-keyshortcuts="o"' in page
    assert "Lambertin" not in sign_in(world.outsider).get("/tickets/solved").text
    shown = agent.get("/tickets").text.partition('href="/tickets/solved"')[2]
    assert '<span class="count">1</span>' in shown.partition("</a>")[0]
    path = f"/tickets/{matter.reference}/solved/reopening"
    assert sign_in(world.outsider).post(path).status_code == 404
    assert agent.post(path).location.endswith(f"/tickets/{matter.reference}")
    assert status(app, world, matter.ticket_id) is Status.OPEN
    assert "Lambertin" not in agent.get("/tickets/solved").text
    assert agent.post(path).status_code == 404  # twice is once


def test_who_was_called_back_is_off_the_list_until_they_say_no_again(
    link, matter, app, world, citizen, sign_in
):
    citizen.post(link, data={"solved": "no"})
    agent = sign_in(world.agent)
    agent.post(f"/tickets/{matter.reference}/solved/call-back")
    assert "Lambertin" not in agent.get("/tickets/solved").text
    assert status(app, world, matter.ticket_id) is not Status.OPEN
    citizen.post(link, data={"solved": "yes"})
    citizen.post(link, data={"solved": "no"})
    assert "Lambertin" in agent.get("/tickets/solved").text


def test_a_team_with_few_answers_shows_no_figure(finished, ask, app, world, clock, monkeypatch):
    finished()
    ask()
    span = (clock.time.replace(day=1), clock.time.replace(day=28))
    with app.app_context(), within(Scope(world.centre_id)):
        assert experts.solved_by_team(*span) == []
        monkeypatch.setattr(experts, "LEAST", 1)
        (shown,) = experts.solved_by_team(*span)
    assert (shown.asked, shown.said) == (1, None)
