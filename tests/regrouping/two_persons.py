"""What Lina asked is joined to what Omar asked: the centre goes on in one, they stay two."""

from dataclasses import dataclass
from datetime import timedelta

from contactcenter import clock as times
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team, TopicTeam
from contactcenter.edge import transaction
from contactcenter.escalation import actions as questions
from contactcenter.escalation import asking, bookings, mandates
from contactcenter.escalation.models import MandateKind, Referral
from contactcenter.escalation.slot_models import Way
from contactcenter.tickets import actions as tickets
from tests.escalation.appointments import slot
from tests.regrouping.stage import LINA, OTHER

LINAS, OMARS = "+33639980111", "+33639980222"


@dataclass
class Two:
    """`kept` is Omar's request, `joined` Lina's; her partner may see hers, another one his."""

    scene: object
    kept: str
    joined: str
    referral_id: int = 0
    booking_id: int = 0

    @property
    def world(self):
        return self.scene.world

    def ask(self, question="Dossier de Lina ?", with_paper=True) -> None:
        def act():
            ticket = tickets.lock(self.joined, person=self.world.agent)
            papers = [_paper(ticket)] if with_paper else []
            team = db.session.get_one(Team, (self.world.centre_id, self.world.team_id))
            asked = {"question": question, "by": self.world.agent, "papers": papers}
            return asking.ask(ticket, team, **asked).id

        self.referral_id = self.scene.do(act)

    def book(self) -> None:
        def act():
            ticket = tickets.lock(self.joined, person=self.world.agent)
            asked = {"question": "Rendez-vous ?", "by": self.world.agent}
            made = bookings.book(
                slot(self.world).id, ticket, Way.PHONE, without_identity=False, **asked
            )
            return made.referral_id, made.id

        self.referral_id, self.booking_id = self.scene.do(act)

    def join(self) -> int:
        return self.scene.merge(self.kept, self.joined, is_sure=True)

    def by_expert(self, act) -> None:
        """`act(referral)` behind the wall of the partner that Lina's question is with."""
        expert = self.world.referent
        with self.scene.app.test_request_context(), within(expert.scope), transaction():
            act(questions.lock(self.referral_id, person=expert))

    def allowed(self, reference, organisation_id) -> None:
        def act():
            mandates.record_mandate(
                tickets.lock(reference, person=self.world.agent),
                organisation_id,
                kind=MandateKind.PAPER,
                expires_at=times.now() + timedelta(days=90),
                by=self.world.agent,
            )

        self.scene.do(act)

    def other_team_answers_too(self) -> None:
        rank = {"topic_id": self.world.topic_id, "team_id": self.world.other_team_id, "rank": 9}
        self.scene.do(lambda: db.session.add(TopicTeam(**rank)))

    def seen_by_the_other_partner(self) -> tuple[list[str], list[str], list[str]]:
        """The questions, papers and people that PostgreSQL shows to who has Omar's permission."""
        partner = Scope(self.world.centre_id, self.world.other_partner_id)
        with self.scene.app.app_context(), within(partner):
            return tuple(
                list(db.session.scalars(db.select(column)))
                for column in (Referral.question, Attachment.name, Citizen.name)
            )


def two_persons(scene) -> Two:
    topic = {"topic_id": scene.world.topic_id}
    two = Two(scene, scene.open("Un mot d’Omar", email=OTHER, **topic), scene.open("Avis", **topic))

    def numbers():
        for email, phone in ((LINA, LINAS), (OTHER, OMARS)):
            db.session.scalars(db.select(Citizen).where(Citizen.email == email)).one().phone = phone

    scene.do(numbers)
    two.allowed(two.joined, scene.world.partner_id)
    two.allowed(two.kept, scene.world.other_partner_id)
    return two


def _paper(ticket) -> int:
    content = b"%PDF-1.4 essai"
    paper = Attachment(
        ticket_id=ticket.id,
        name="certificat-de-lina.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        content=content,
        added_at=times.now(),
    )
    db.session.add(paper)
    db.session.flush()
    return paper.id
