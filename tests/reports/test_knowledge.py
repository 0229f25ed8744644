"""Where the first line needs experts, beside before, and why a topic is listed."""

from datetime import timedelta

import pytest

from contactcenter import clock
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.knowledge import proposing, using
from contactcenter.knowledge.models import Article
from contactcenter.reports.knowledge import of_topics, precision, to_clear_up
from contactcenter.reports.overview import topics
from tests.reports.test_experts import a_ticket, ask

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("in_centre")


@pytest.fixture
def figures():
    def made():
        now = clock.now()
        return of_topics((now - 5 * DAY, now + DAY), (now - 11 * DAY, now - 5 * DAY), topics())

    return made


@pytest.fixture
def used(world, make_article):
    """Say of an article, beside so many new requests, whether it helped."""
    article_id = make_article()

    def say(times: int, *, helped: bool) -> None:
        article = db.session.get_one(Article, (world.centre_id, article_id))
        for number in range(times):
            ticket = a_ticket(world, number)
            proposing.keep_proposed(
                ticket, proposing.proposed("", world.agent, "fr", topic_id=world.topic_id)
            )
            db.session.flush()
            using.use(article, by=world.agent, ticket_id=ticket.id, helped=helped)

    return say


def test_what_is_asked_often_without_an_article_is_listed_with_its_reason(world, figures):
    with transaction():
        ask(world, 6)
    [(known, reason)] = to_clear_up(figures())
    assert known.topic.id == world.topic_id
    assert "6 fois" in reason
    assert "aucune fiche" in reason


def test_what_is_asked_seldom_is_not_listed_and_not_shown(world, figures):
    with transaction():
        ask(world, 4)
    [known] = figures()
    assert (known.counts, known.share) == (None, None)
    assert to_clear_up([known]) == []


def test_an_article_that_does_not_help_says_that_the_procedure_is_unclear(world, figures, used):
    with transaction():
        ask(world, 6)
        used(5, helped=False)
    [(_known, reason)] = to_clear_up(figures())
    assert "peu claire" in reason


def test_an_article_that_nobody_uses_says_that_the_first_line_wants_training(
    world,
    figures,
    used,
):
    with transaction():
        ask(world, 6)
    [(_known, reason)] = to_clear_up(figures())
    assert "formez" in reason


def test_the_share_is_told_beside_the_one_before(world, figures, clock):
    with transaction():
        ask(world, 5)
        for number in range(5):
            a_ticket(world, number)
    clock.advance(days=6)
    with transaction():
        ask(world, 9)
        a_ticket(world, 0)
    [known] = figures()
    assert known.share == pytest.approx(0.9)
    assert known.change == pytest.approx(0.4)


def test_how_often_the_first_proposal_was_right_is_told_once_it_was_shown_often_enough(world, used):
    period = (clock.now() - DAY, clock.now() + DAY)
    with transaction():
        used(4, helped=True)
    assert precision(period) == []
    with transaction():
        used(2, helped=False)
    [first] = precision(period)
    assert (first.rank, first.shown, first.used, first.wrong) == (1, 6, 4, 2)
