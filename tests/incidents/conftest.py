"""An open incident on the topic of the small centre, and requests of people who can be reached."""

from collections.abc import Callable

import pytest

from contactcenter import clock
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import ContactCenter, transaction
from contactcenter.incidents import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.factories import World

Ask = Callable[..., str]
SAY = {"fr": "Les avis en double seront corrigés, ne payez rien."}


@pytest.fixture
def asks(app: ContactCenter, world: World) -> Ask:
    """A request on the topic, by a citizen with these details; its reference."""

    def ask(
        channel: Channel = Channel.EMAIL, language: str = "fr", topic: bool = True, **citizen: str
    ) -> str:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            who = Citizen(name="", name_key="", met_at=clock.now(), **citizen)
            db.session.add(who)
            db.session.flush()
            ticket = tickets.open_ticket(
                "Avis reçu deux fois",
                channel=channel,
                language=language,
                text="J’ai reçu deux avis.",
                topic_id=world.topic_id if topic else None,
                queue_id=world.written_queue_id,
                site_id=world.site_id,
                citizen_id=who.id if citizen else None,
            )
            return ticket.reference

    return ask


@pytest.fixture
def incident_id(app: ContactCenter, world: World) -> int:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
        begun_at = clock.now()
        return actions.open_new(topic, SAY, begun_at=begun_at, by=world.manager).id
