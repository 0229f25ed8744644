"""A ticket with a citizen, a permission and a paper, ready to be asked about.

A plugin of pytest, loaded by tests/conftest.py: the walls are tested with it too.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from contactcenter import clock
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation import asking, mandates
from contactcenter.escalation.models import MandateKind, Referral
from contactcenter.escalation.rules import EXPIRES_AFTER
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.factories import World


@dataclass(frozen=True)
class Matter:
    ticket_id: int
    reference: str
    papers: list[int]
    mandate_id: int


@pytest.fixture
def matter(app: ContactCenter, world: World) -> Matter:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        citizen = Citizen(
            name="Josette Lambertin",
            name_key="josette lambertin",
            email="josette@citoyens.example",
            birth_year=1960,
            met_at=clock.now(),
        )
        db.session.add(citizen)
        db.session.flush()
        ticket = tickets.open_ticket(
            "Avis d’impôt de Josette Lambertin",
            channel=Channel.COUNTER,
            language="fr",
            text="Je ne comprends pas cet avis.",
            topic_id=world.topic_id,
            queue_id=world.counter_queue_id,
            site_id=world.site_id,
            citizen_id=citizen.id,
        )
        papers = [_paper(ticket.id, name) for name in ("avis.pdf", "identite.pdf")]
        db.session.add_all(papers)
        db.session.flush()
        mandate = mandates.record_mandate(
            ticket,
            world.partner_id,
            kind=MandateKind.PAPER,
            expires_at=clock.now() + 4 * EXPIRES_AFTER,
            by=world.agent,
        )
        return Matter(ticket.id, ticket.reference, [p.id for p in papers], mandate.id)


def _paper(ticket_id: int, name: str) -> Attachment:
    content = b"%PDF-1.4 essai"
    return Attachment(
        ticket_id=ticket_id,
        name=name,
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        content=content,
        added_at=clock.now(),
    )


@pytest.fixture
def asked(in_centre: None, world: World, matter: Matter) -> Referral:
    """A question that waits for the team."""
    return _ask(world, matter)


@pytest.fixture
def asked_id(app: ContactCenter, world: World, matter: Matter) -> int:
    """The same for tests that look through browsers: no application context stays open."""
    with app.app_context(), within(Scope(world.centre_id)):
        return _ask(world, matter).id


def _ask(world: World, matter: Matter) -> Referral:
    with transaction():
        return asking.ask(
            tickets.get(matter.ticket_id),
            db.session.get_one(Team, (world.centre_id, world.team_id)),
            question="Cet avis est-il définitif ?",
            by=world.agent,
            papers=matter.papers[:1],
        )


def form(world: World, **more: Any) -> dict[str, Any]:
    """What the page for asking sends."""
    return {"team": world.team_id, "question": "Est-il définitif ?", "valid_days": 31} | more
