"""Requests that are opened, merged, parted and read again as they are now."""

from contactcenter import clock as times
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.intake.mail import door
from contactcenter.regrouping import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, Ticket

LINA, OTHER = "lina@citoyens.example", "omar@citoyens.example"


class Scene:
    def __init__(self, app, world) -> None:
        self.app, self.world = app, world

    def staff(self):
        return within(Scope(self.world.centre_id))

    def open(self, text, email=LINA, **more) -> str:
        with self.app.test_request_context(), self.staff(), transaction():
            citizen = db.session.scalar(db.select(Citizen).where(Citizen.email == email))
            if citizen is None and email:
                citizen = Citizen(
                    name=f"{email[:4].capitalize()} Petit", email=email, met_at=times.now()
                )
                db.session.add(citizen)
                db.session.flush()
            settings = {"channel": Channel.EMAIL, "language": "fr"} | more
            return tickets.open_ticket(
                text[:40],
                text=text,
                site_id=self.world.site_id,
                queue_id=self.world.written_queue_id,
                citizen_id=citizen.id if citizen else None,
                **settings,
            ).reference

    def do(self, act):
        with self.app.test_request_context(), self.staff(), transaction():
            return act()

    def merge(self, kept, merged, by=None, **more) -> int:
        by = by or self.world.agent
        return self.do(lambda: actions.merge(kept, merged, by=by, **more).id)

    def part(self, done) -> None:
        self.do(lambda: actions.part(done, by=self.world.agent))

    def ticket(self, reference) -> Ticket:
        with self.app.app_context(), self.staff():
            return db.session.scalar(db.select(Ticket).where(Ticket.reference == reference))

    def rows(self, model):
        with self.app.app_context(), self.staff():
            return list(db.session.scalars(db.select(model).order_by(model.id)))

    def words(self, reference) -> list[str]:
        ticket_id = self.ticket(reference).id
        return [m.text for m in self.rows(Message) if m.ticket_id == ticket_id]

    def receive(self, raw, to=None) -> None:
        to = to or self.world.mailbox

        def store():
            mailbox = door.mailbox_of(to)
            door.store(raw, mailbox, to)

        self.do(store)
