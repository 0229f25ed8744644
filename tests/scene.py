"""A centre in the middle of its day: at least one of each thing that an address can name."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contactcenter import clock
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import ApiToken, Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.attachments.models import Attachment
from contactcenter.citizens import merging
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Line, Mailbox, Team
from contactcenter.edge import ContactCenter, drain, transaction
from contactcenter.escalation import asking, mandates
from contactcenter.escalation.models import (
    DirectoryCorrection,
    DutyShift,
    LadderStep,
    MandateKind,
    Press,
    Pressing,
)
from contactcenter.escalation.staffing_models import Absence
from contactcenter.intake.mail import door
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.outbox import LANES
from contactcenter.planning import actions as planning
from contactcenter.planning.models import WhatIf
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts.models import Receipt
from contactcenter.regrouping import actions as regrouping
from contactcenter.regrouping import models as regroupings
from contactcenter.regrouping.models import Regrouping
from contactcenter.replies import actions as replies
from contactcenter.replies import macro_actions as macros
from contactcenter.replies.models import Kind, Then
from contactcenter.reports.models import CallBack
from contactcenter.steering import actions as steering
from contactcenter.steering.models import Protocol, Trigger
from contactcenter.teamwork import actions as teamwork
from contactcenter.teamwork.models import CheckItem, Nudge
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Ticket
from contactcenter.triage import rulebook, trials
from contactcenter.worklists import actions as worklists
from contactcenter.worklists import view_actions as worklist_views
from contactcenter.worklists.models import Act, Shared
from tests.factories import World

CITIZEN = "Josette Lambertin"
SECRETS = (CITIZEN, "josette@citoyens.example", "0639980042", "Je ne comprends pas cet avis")
QUESTION = "Cet avis est-il définitif ?"


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


@dataclass(frozen=True)
class Scene:
    """Ids by the names that addresses give them."""

    world: World
    reference: str  # a request at the counter's queue, with papers, a permission and a question
    letter_reference: str
    mail_reference: str
    referral_id: int
    mandate_id: int
    attachment_id: int
    waiting_visit_id: int
    serving_visit_id: int
    lost_visit_id: int
    call_id: int
    call_visit_id: int
    call_back_id: int
    protocol_id: int
    run_id: int
    notice_id: int
    receipt_id: int
    token: str
    citizen_id: int
    merge_id: int
    split_id: int
    joining_id: int
    rule_id: int
    trial_id: int
    event_id: int
    what_if_id: int
    correction_id: int
    pressing_id: int
    session_id: int  # of the agent
    macro_id: int
    draft_id: int
    held_id: int
    item_id: int
    nudge_id: int
    view_id: int
    bulk_id: int
    lines_entry_id: int
    mailboxes_entry_id: int
    api_token_id: int  # of the agent
    ladder_entry_id: int
    duty_entry_id: int
    absences_entry_id: int

    def entry(self, kind: str) -> int:
        """An entry of the directory of this kind."""
        return int(getattr(self, f"{kind}_entry_id", None) or getattr(self.world, _ENTRIES[kind]))


_ENTRIES = {
    "organisations": "partner_id",
    "sites": "site_id",
    "counters": "counter_id",
    "queues": "counter_queue_id",
    "topics": "topic_id",
    "teams": "team_id",
}


def make_scene(app: ContactCenter, world: World) -> Scene:
    builder = _Builder(world)
    with app.test_request_context(), within(Scope(world.centre_id)):
        with transaction():
            made = builder.matter() | builder.counter() | builder.phone() | builder.letter()
            made |= builder.invitation() | builder.follow_up() | builder.token()
        with transaction():
            made |= builder.question(made) | builder.rule() | builder.merge() | builder.planning()
            made |= builder.regrouped() | builder.correction()
        with transaction():
            builder.mail()
        for lane in LANES:
            drain(lane)
        with transaction():
            made |= builder.arrived() | builder.writing()
    return Scene(world, **made)


class _Builder:
    def __init__(self, world: World) -> None:
        self.world = world

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

    def correction(self) -> dict[str, Any]:
        """What refusals say is wrong in the directory."""
        proposed = self._add(
            DirectoryCorrection(
                topic_id=self.world.topic_id,
                team_id=self.world.team_id,
                refusals=3,
                proposed_at=clock.now(),
            )
        )
        db.session.flush()  # its id
        return {"correction_id": proposed.id}

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

    def merge(self) -> dict[str, Any]:
        """The citizen of the matter, of whom there were two records."""
        other = self._add(Citizen(name=CITIZEN, name_key=CITIZEN.lower(), met_at=clock.now()))
        merge = merging.merge(self.citizen.id, other.id, {}, by=self.world.agent)
        return {"citizen_id": self.citizen.id, "merge_id": merge.id}

    def regrouped(self) -> dict[str, Any]:
        """A request that was taken out of another, and two that were made one."""
        person = self._person(self.world.agent)
        many, one = (
            tickets.open_ticket(
                subject,
                channel=Channel.COUNTER,
                language="fr",
                text="J’ai deux choses à demander.",
                queue_id=self.world.counter_queue_id,
                site_id=self.world.site_id,
            )
            for subject in ("Deux choses", "La même chose")
        )
        said = tickets.reply(many, "Voici pour la première.", by=person)
        db.session.flush()  # the ids of what was said
        regrouping.split(many, [said.id], "La seconde", by=person)
        joined = regrouping.merge(many.reference, one.reference, by=person)
        made = db.session.scalars(
            db.select(Regrouping.id).where(Regrouping.kind == regroupings.Kind.SPLIT)
        )
        return {"split_id": made.one(), "joining_id": joined.id}

    def matter(self) -> dict[str, Any]:
        """What a citizen asked at the counter, with a paper and their permission to share it."""
        citizen = self._add(
            Citizen(
                name=CITIZEN,
                name_key=CITIZEN.lower(),
                email="josette@citoyens.example",
                phone="+33639980042",
                birth_year=1960,
                met_at=clock.now(),
            )
        )
        ticket = tickets.open_ticket(
            "Avis d’impôt",
            channel=Channel.COUNTER,
            language="fr",
            text="Je ne comprends pas cet avis.",
            topic_id=self.world.topic_id,
            queue_id=self.world.counter_queue_id,
            site_id=self.world.site_id,
            citizen_id=citizen.id,
        )
        tickets.note(ticket, "Elle revient jeudi.", by=self.world.agent)
        paper = self._add(_paper(ticket))
        mandate = mandates.record_mandate(
            ticket,
            self.world.partner_id,
            kind=MandateKind.PAPER,
            expires_at=clock.now() + timedelta(days=60),
            by=self.world.agent,
        )
        db.session.flush()  # its id
        self.ticket, self.citizen = ticket, citizen
        return {
            "reference": ticket.reference,
            "attachment_id": paper.id,
            "mandate_id": mandate.id,
        }

    def writing(self) -> dict[str, Any]:
        """A ready-made reply of the centre, a draft, and a reply about to leave."""
        ticket = tickets.get(self.ticket.id)
        view = worklist_views.keep(
            "À moi", {"view": "all"}, shared=Shared.OWN, site_id=None, by=self.world.agent
        )
        bulk = worklists.begin(Act.PRIORITY, "normal", [ticket.id], by=self.world.agent)
        macro = macros.keep(
            None,
            name="Dossier reçu",
            key="recu",
            texts={"fr": "Bonjour {nom}, votre demande {reference} est reçue."},
            is_shared=False,
            then=Then.WAIT,
            by=self.world.agent,
        )
        draft = replies.keep_draft(
            ticket, "Bonjour, votre avis", kind=Kind.REPLY, by=self.world.second_agent
        )
        held = replies.hold(ticket, "Voici votre avis.", by=self.world.second_agent, seconds=600)
        teamwork.add_item(ticket, "Demander l’avis de 2024", by=self.world.agent)
        teamwork.tell_named(ticket, "@agent voyez l’avis", by_id=self.world.manager.id)
        db.session.flush()  # their ids
        return {
            "macro_id": macro.id,
            "view_id": view.id,
            "bulk_id": bulk.id,
            "draft_id": draft.id if draft else 0,
            "held_id": held.id,
            "item_id": db.session.scalars(db.select(CheckItem.id)).one(),
            "nudge_id": db.session.scalars(db.select(Nudge.id)).first(),
        }

    def question(self, made: dict[str, Any]) -> dict[str, Any]:
        referral = asking.ask(
            tickets.get(self.ticket.id),
            db.session.get_one(Team, (self.world.centre_id, self.world.team_id)),
            question=QUESTION,
            told=asking.Told(blocks="La date limite est demain."),
            by=self.world.agent,
            papers=[made["attachment_id"]],
        )
        pressing = self._add(
            Pressing(referral_id=referral.id, step=0, press=Press.LEAD, planned_at=clock.now())
        )
        return {"referral_id": referral.id, "pressing_id": pressing.id}

    def follow_up(self) -> dict[str, Any]:
        """What presses a late expert, and when one can be asked live."""
        step = self._add(LadderStep(after_minutes=0, press=Press.LEAD))
        shift = self._add(
            DutyShift(
                team_id=self.world.team_id,
                person_id=self.world.referent.id,
                weekday=6,
                from_minute=9 * 60,
                to_minute=12 * 60,
            )
        )
        away = self._add(
            Absence(
                person_id=self.world.lead.id,
                from_on=date(2030, 1, 1),
                to_on=date(2030, 1, 9),
                substitute_id=self.world.referent.id,
            )
        )
        return {
            "ladder_entry_id": step.id,
            "duty_entry_id": shift.id,
            "absences_entry_id": away.id,
        }

    def token(self) -> dict[str, Any]:
        accounts.make_api_token(self._person(self.world.agent), ["queues:read"], "Panneau")
        return {"api_token_id": self._only(ApiToken).id}

    def counter(self) -> dict[str, Any]:
        """Three came: one is served, one waits, one left."""
        queue = self._queue(self.world.counter_queue_id)
        served, waiting, lost = (self._enter(queue, Channel.COUNTER) for _each in range(3))
        person = self._person(self.world.agent)
        called = queues.call_next(person, [queue.id], counter_id=self.world.counter_id)
        assert called is served
        queues.answer(served, by=person)
        queues.leave(lost, Outcome.ABANDONED)
        return {
            "serving_visit_id": served.id,
            "waiting_visit_id": waiting.id,
            "lost_visit_id": lost.id,
        }

    def phone(self) -> dict[str, Any]:
        """A call that waits, and one that was lost and is being called back."""
        queue = self._queue(self.world.phone_queue_id)
        lost = self._enter(queue, Channel.PHONE, caller_key="lost")
        lost.entered_at -= timedelta(minutes=9)
        queues.leave(lost, Outcome.ABANDONED)
        waiting = self._enter(queue, Channel.PHONE, caller_key="waiting")
        call = self._add(
            PhoneCall(
                call_sid="CA" + str(self.world.centre_id),
                line_id=self._only(Line).id,
                interaction_id=waiting.interaction_id,
                receipt_id=1,
                visit_id=waiting.id,
                caller="+33639980042",
                language="fr",
                queue_id=queue.id,
                rang_at=clock.now(),
                heard_at=clock.now(),
                waited_at=clock.now(),
            )
        )
        back = CallBack(
            visit_id=lost.id,
            caller="lost",
            taken_by=self.world.manager.id,
            taken_at=clock.now(),
        )
        return {
            "call_id": call.id,
            "call_visit_id": waiting.id,
            "call_back_id": self._add(back).id,
            **self.steering(queue.id),
        }

    def steering(self, queue_id: int) -> dict[str, Any]:
        """A protocol in force."""
        protocol = self._add(
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

    def letter(self) -> dict[str, Any]:
        ticket = tickets.open_ticket(
            "Trimestres manquants",
            channel=Channel.LETTER,
            language="fr",
            text="Rien n’apparaît pour 1983.",
            queue_id=self.world.written_queue_id,
            site_id=self.world.site_id,
            citizen_id=self.citizen.id,
        )
        said = tickets.reply(ticket, "Votre relevé est corrigé.", by=self.world.agent)
        return {"letter_reference": ticket.reference, "notice_id": said.notice_id}

    def invitation(self) -> dict[str, Any]:
        _person, token = accounts.invite(
            name="Nouvelle Essai",
            email=f"nouvelle@{self.world.code}.example",
            role=Role.AGENT,
            organisation=db.session.get_one(
                Organisation, (self.world.centre_id, self.world.own_organisation_id)
            ),
            language="fr",
            by=self._person(self.world.administrator),
        )
        session = accounts.open_session(self._person(self.world.agent), "Un autre poste")
        db.session.flush()  # its id
        return {"token": token, "session_id": session.id}

    def mail(self) -> None:
        mailbox = door.mailbox_of(self.world.mailbox)
        assert mailbox is not None
        raw = (
            f"From: Lina Petit <lina@citoyen.example>\r\nTo: {self.world.mailbox}\r\n"
            f"Subject: Mon avis\r\nMessage-ID: <1@{self.world.code}.citoyen.example>\r\n\r\n"
            "Bonjour, je n'ai rien recu.\r\n"
        )
        door.store(raw.encode(), mailbox, self.world.mailbox)

    def arrived(self) -> dict[str, Any]:
        receipt = db.session.scalars(
            db.select(Receipt).where(
                Receipt.centre_id == self.world.centre_id, Receipt.raw.is_not(None)
            )
        ).one()
        ticket = db.session.get_one(Ticket, (self.world.centre_id, receipt.ticket_id))
        return {
            "receipt_id": receipt.id,
            "mail_reference": ticket.reference,
            "lines_entry_id": self._only(Line).id,
            "mailboxes_entry_id": self._only(Mailbox).id,
        }

    def _enter(self, queue: Queue, channel: Channel, **more: Any) -> Visit:
        contact = self._add(
            Interaction(channel=channel, started_at=clock.now(), detail={"from": "+33639980042"})
        )
        return queues.enter(
            queue,
            channel=channel,
            interaction_id=contact.id,
            topic_id=self.world.topic_id,
            **more,
        )

    def _queue(self, queue_id: int) -> Queue:
        return db.session.get_one(Queue, (self.world.centre_id, queue_id))

    def _person(self, person: Person) -> Person:
        return db.session.get_one(Person, (person.centre_id, person.id))

    def _only(self, kind: Any) -> Any:
        """The one row of its kind in this centre."""
        return db.session.scalars(
            db.select(kind).where(kind.centre_id == self.world.centre_id)
        ).one()

    def _add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.flush()  # ids
        return row


def _paper(ticket: Ticket) -> Attachment:
    content = b"%PDF-1.4 essai"
    return Attachment(
        ticket_id=ticket.id,
        name="avis.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        content=content,
        added_at=clock.now(),
    )
