"""A corrected topic or language asks for other people."""

import pytest

from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.queues.models import Visit
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.queues.giving import Giving


@pytest.fixture
def giving(in_centre, world):
    return Giving(world)


def test_a_corrected_topic_renews_what_its_wait_needs(giving, world):
    skill = giving.skill("Impôts")
    giving.asks(skill, topic_id=world.topic_id)
    with transaction():
        ticket = tickets.open_ticket(
            "Une question",
            channel=Channel.EMAIL,
            language="fr",
            queue_id=world.written_queue_id,
            text="Bonjour",
        )
        visit = db.session.scalars(db.select(Visit)).one()
        assert visit.needs == []
        tickets.set_topic(ticket, world.topic_id, by=world.agent)
        assert (visit.needs, visit.topic_id) == ([skill.id], world.topic_id)
        tickets.set_topic(ticket, None, by=world.agent)
        assert visit.needs == []
