"""A surge of one topic proposes an incident, once; a usual hour and a refused one do not."""

from datetime import timedelta

import pytest

from contactcenter import clock
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.incidents import actions
from contactcenter.incidents.models import Incident
from contactcenter.incidents.watching import watch_topics
from contactcenter.tickets.models import Channel, Ticket

pytestmark = pytest.mark.usefixtures("in_centre")


@pytest.fixture
def opened(world):
    """So many requests on the topic, opened so long ago."""

    def rows(times, **ago):
        at = clock.now() - timedelta(**ago)
        for number in range(times):
            db.session.add(
                Ticket(
                    reference=f"{at:%Y%m%d%H%M}-{number}",
                    subject="Avis",
                    channel=Channel.WEB,
                    language="fr",
                    topic_id=world.topic_id,
                    opened_at=at,
                    updated_at=at,
                )
            )
        db.session.flush()

    return rows


@pytest.fixture
def known(opened):
    """Four weeks in which this hour brought two requests each."""
    opened(1, days=30)
    for week in range(4, 0, -1):
        opened(2, days=7 * week, minutes=20)


def incidents():
    return db.session.scalars(db.select(Incident).order_by(Incident.id)).all()


def test_many_more_than_usual_propose_one_incident_with_the_numbers(opened, known):
    with transaction():
        opened(16, minutes=20)
        watch_topics(clock.now())
    with transaction():
        watch_topics(clock.now() + timedelta(minutes=15))
    [incident] = incidents()
    assert (incident.came, incident.expected, incident.is_proposed) == (16, 2.0, True)


def test_a_usual_hour_proposes_nothing(opened, known):
    with transaction():
        opened(3, minutes=20)
        watch_topics(clock.now())
    assert incidents() == []


def test_nothing_is_proposed_where_no_weeks_are_known(opened):
    with transaction():
        opened(16, minutes=20)
        watch_topics(clock.now())
    assert incidents() == []


def test_what_a_person_refused_is_not_proposed_again_at_once(opened, known, world, clock):
    with transaction():
        opened(16, minutes=20)
        watch_topics(clock.time)
        actions.refuse(incidents()[0], by=world.manager)
    clock.advance(minutes=15)
    with transaction():
        opened(16, minutes=5)
        watch_topics(clock.time)
    assert len(incidents()) == 1
