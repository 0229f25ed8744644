"""What those who run the centre set: rules, ladders, plans, invitations and tokens."""

from datetime import date, timedelta
from typing import Any

from contactcenter import clock
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import ApiToken, Centre, Organisation
from contactcenter.accounts.permissions import Role
from contactcenter.citizens import identifiers
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.escalation import trials as ladder_trials
from contactcenter.escalation.correction_models import DirectoryCorrection
from contactcenter.escalation.models import LadderStep, Press
from contactcenter.escalation.solved_models import AskedBy, SolvedQuestion
from contactcenter.escalation.staffing_models import Absence, DutyShift
from contactcenter.escalation.trial_models import Tried
from contactcenter.incidents import actions as incidents
from contactcenter.knowledge import actions as knowledge
from contactcenter.knowledge.actions import Words
from contactcenter.planning import actions as planning
from contactcenter.planning.models import WhatIf
from contactcenter.queues import loans
from contactcenter.queues.routing_models import Skill
from contactcenter.reports import orders
from contactcenter.reports.models import Every
from contactcenter.steering import actions as steering
from contactcenter.steering.models import Protocol, Trigger
from contactcenter.teamwork.models import Tag
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.references import hash_code
from contactcenter.triage import rulebook, trials
from tests.scenes.hand import Hand

A_DAY = timedelta(days=1)
REHEARSED = {
    "rates": [0.0] * 20 + [12.0] * 4 + [0.0] * 24,
    "agents": [0] * 20 + [2] * 4 + [0] * 24,
    "handling_seconds": 300.0,
    "handling_cv": 1.0,
    "busyness": 0.1,
    "threshold_seconds": 600,
    "patience_seconds": 900.0,
    "patience": None,
    "opens": 0,
    "closes": 48,
    "stays": 0.0,
    "priority_share": 0.0,
    "most_overtakes": 2,
    "reserve": 0,
    "reserve_at": 0,
    "more": 0,
}


class House(Hand):
    def rule(self) -> dict[str, Any]:
        """A triage rule and a trial of it."""
        content = dict.fromkeys(rulebook.CONTENT) | {
            "name": "Avis",
            "words": ["avis"],
            "sets": {"priority": "high"},
        }
        rule = rulebook.add(content, by=self.world.manager)
        return {
            "rule_id": rule.id,
            "trial_id": trials.begin(content, rule, by=self.world.manager).id,
        }

    def quality(self) -> dict[str, Any]:
        """Everybody may see how the centre serves."""
        db.session.get_one(Centre, self.world.centre_id).publishes_quality = True
        return {}

    def order(self) -> dict[str, Any]:
        """The manager has the figures of each week by mail."""
        orders.order(Every.WEEK, None, by=self.world.manager)
        ((made, _queue),) = orders.orders_of(self.world.manager)
        return {"order_id": made.id}

    def correction(self) -> dict[str, Any]:
        """What refusals say is wrong in the directory."""
        proposed = self.add(
            DirectoryCorrection(
                topic_id=self.world.topic_id,
                team_id=self.world.team_id,
                refusals=3,
                proposed_at=clock.now(),
            )
        )
        db.session.flush()  # its id
        return {"correction_id": proposed.id}

    def lent(self) -> dict[str, Any]:
        """A language some speak, and someone who will be lent to another queue tomorrow."""
        skill = self.add(Skill(name="Néerlandais", language="nl"))
        begins_at = clock.now() + timedelta(days=1)
        loan = loans.lend(
            self.person(self.world.outsider),
            self.queue(self.world.phone_queue_id),
            level=2,
            begins_at=begins_at,
            ends_at=begins_at + timedelta(days=1),
            by=self.world.manager,
        )
        return {"loan_id": loan.id, "skills_entry_id": skill.id}

    def article(self) -> dict[str, Any]:
        """What the centre knows to answer, published and shared with its organisation."""
        topic = db.session.get_one(Topic, (self.world.centre_id, self.world.topic_id))
        words = Words("Payer son impôt en plusieurs fois", "Est-ce possible ?", "Oui.", ("Avis",))
        article = knowledge.draft(topic, "fr", words, by=self.world.manager, is_shared=True)
        knowledge.publish(article, review_on=date(2099, 1, 1), by=self.world.manager)
        return {"article_id": article.id}

    def incident(self) -> dict[str, Any]:
        """Something that goes wrong for many, with requests attached and an answer to check."""
        topic = db.session.get_one(Topic, (self.world.centre_id, self.world.topic_id))
        say, begun_at = {"fr": "Les avis en double seront corrigés."}, clock.now() - A_DAY
        opened = incidents.open_new(topic, say, begun_at=begun_at, by=self.world.manager)
        incidents.prepare(opened, {"fr": "Ne payez rien."}, finishes=False)
        return {"incident_id": opened.id}

    def planning(self) -> dict[str, Any]:
        """A known event, and a day rehearsed otherwise."""
        today, who = clock.now().date(), self.world.manager
        event = planning.add_event("Lettres", today, today, 1.5, [], by=who)
        rehearsed = WhatIf(
            queue_id=self.world.counter_queue_id,
            person_id=who.id,
            day=today,
            content=REHEARSED,
            seed=1,
            total=200,
            asked_at=clock.now(),
        )
        db.session.add(rehearsed)
        db.session.flush()
        return {"event_id": event.id, "what_if_id": rehearsed.id}

    def follow_up(self) -> dict[str, Any]:
        """What presses a late expert, and when one can be asked live."""
        step = self.add(LadderStep(after_minutes=0, press=Press.LEAD))
        shift = self.add(
            DutyShift(
                team_id=self.world.team_id,
                person_id=self.world.referent.id,
                weekday=6,
                from_minute=9 * 60,
                to_minute=12 * 60,
            )
        )
        away = self.add(
            Absence(
                person_id=self.world.lead.id,
                from_on=date(2030, 1, 1),
                to_on=date(2030, 1, 9),
                substitute_id=self.world.referent.id,
            )
        )
        tag = self.add(Tag(name="Presse"))
        db.session.flush()  # its id
        return {
            "ladder_entry_id": step.id,
            "duty_entry_id": shift.id,
            "absences_entry_id": away.id,
            "ladder_trial_id": self._ladder_trial(),
            "tags_entry_id": tag.id,
            "solved_token": self._asked_if_solved(),
            "identifier_id": self._identifier(),
        }

    def _identifier(self) -> int:
        """A number of somebody's; the partner of the world is concerned by its kind."""
        partner = (self.world.centre_id, self.world.partner_id)
        db.session.get_one(Organisation, partner).identifiers = ["tax_fr"]
        citizen = db.session.scalars(
            db.select(Citizen)
            .join(
                Ticket, (Ticket.centre_id == Citizen.centre_id) & (Ticket.citizen_id == Citizen.id)
            )
            .order_by(Ticket.id)
        ).first()
        identifiers.note(
            citizen, IdentifierKind.TAX_FR, "3023217600053", by=self.person(self.world.agent)
        )
        db.session.flush()  # its id
        return int(db.session.scalars(db.select(Identifier.id)).one())

    def _asked_if_solved(self) -> str:
        token = "ACDEFGHJKMNP"
        self.add(
            SolvedQuestion(
                ticket_id=db.session.scalars(db.select(Ticket.id).order_by(Ticket.id)).first(),
                team_id=self.world.team_id,
                asked_by=AskedBy.EMAIL,
                asked_at=clock.now(),
                token_hash=hash_code(token),
            )
        )
        return token

    def _ladder_trial(self) -> int:
        step = {"organisation_id": None, "topic_id": None, "after_minutes": -9_000}
        content = step | {"press": "lead", "needs_approval": False}
        by = self.person(self.world.administrator)
        return ladder_trials.begin(Tried.LADDER, "Plus tôt", content, by=by).id

    def token(self) -> dict[str, Any]:
        accounts.make_api_token(self.person(self.world.agent), ["queues:read"], "Panneau")
        return {"api_token_id": self.only(ApiToken).id}

    def steering(self, queue_id: int) -> dict[str, Any]:
        """A protocol in force."""
        protocol = self.add(
            Protocol(
                name="Renfort du matin",
                queue_id=queue_id,
                level=Trigger.FULL,
                actions={"wrap_up_seconds": 30},
                approved_by=self.world.administrator.id,
                approved_at=clock.now(),
            )
        )
        return {
            "protocol_id": protocol.id,
            "run_id": steering.start(protocol, "Beaucoup de monde", by=self.world.manager).id,
        }

    def invitation(self) -> dict[str, Any]:
        _person, token = accounts.invite(
            name="Nouvelle Essai",
            email=f"nouvelle@{self.world.code}.example",
            role=Role.AGENT,
            organisation=db.session.get_one(
                Organisation, (self.world.centre_id, self.world.own_organisation_id)
            ),
            language="fr",
            by=self.person(self.world.administrator),
        )
        session = accounts.open_session(self.person(self.world.agent), "Un autre poste")
        db.session.flush()  # its id
        return {"token": token, "session_id": session.id}
