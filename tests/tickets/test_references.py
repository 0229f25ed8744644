"""A reference is never given twice, also by the first tickets of a year that come at once."""

import threading

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.tickets.actions import open_ticket
from contactcenter.tickets.models import Channel, Ticket


def test_twenty_first_tickets_at_once_have_twenty_references(app, world):
    def open_one() -> None:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            open_ticket("Avis", channel=Channel.EMAIL, language="fr")

    threads = [threading.Thread(target=open_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), within(Scope(world.centre_id)):
        references = list(db.session.scalars(db.select(Ticket.reference)))
    assert len(references) == 20
    assert len(set(references)) == 20


def test_another_centre_has_numbers_of_its_own(app, world, other_world):
    for centre in (world, other_world):
        with app.app_context(), within(Scope(centre.centre_id)), transaction():
            ticket = open_ticket("Avis", channel=Channel.EMAIL, language="fr")
            assert ticket.reference == "2026-000001"
