"""What citizens asked and what is written about it, experts asked and mails that came."""

from datetime import timedelta
from typing import Any

from contactcenter import clock
from contactcenter.attachments.models import Attachment
from contactcenter.citizens import merging
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Line, Mailbox, Team
from contactcenter.escalation import asking, bookings, mandates
from contactcenter.escalation.models import (
    MandateKind,
    Press,
    Pressing,
    Referral,
)
from contactcenter.escalation.slot_models import Slot, Way
from contactcenter.intake.mail import door
from contactcenter.receipts.models import Receipt
from contactcenter.regrouping import actions as regrouping
from contactcenter.regrouping import models as regroupings
from contactcenter.regrouping.models import Regrouping
from contactcenter.replies import actions as replies
from contactcenter.replies import macro_actions as macros
from contactcenter.replies.models import Kind, Then
from contactcenter.teamwork import actions as teamwork
from contactcenter.teamwork.models import CheckItem, Nudge
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket
from contactcenter.worklists import actions as worklists
from contactcenter.worklists import view_actions as worklist_views
from contactcenter.worklists.models import Act, Shared
from tests.scenes.hand import Hand

CITIZEN = "Josette Lambertin"
SECRETS = (CITIZEN, "josette@citoyens.example", "0639980042", "Je ne comprends pas cet avis")
QUESTION = "Cet avis est-il définitif ?"


class Requests(Hand):
    ticket: Ticket
    citizen: Citizen

    def matter(self) -> dict[str, Any]:
        """What a citizen asked at the counter, with a paper and their permission to share it."""
        citizen = self.add(
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
        paper = self.add(_paper(ticket))
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

    def question(self, made: dict[str, Any]) -> dict[str, Any]:
        referral = asking.ask(
            tickets.get(self.ticket.id),
            db.session.get_one(Team, (self.world.centre_id, self.world.team_id)),
            question=QUESTION,
            told=asking.Told(blocks="La date limite est demain."),
            by=self.world.agent,
            papers=[made["attachment_id"]],
        )
        pressing = self.add(
            Pressing(referral_id=referral.id, step=0, press=Press.LEAD, planned_at=clock.now())
        )
        return {"referral_id": referral.id, "pressing_id": pressing.id} | self._booked()

    def _booked(self) -> dict[str, Any]:
        """A question by appointment, and a slot that nobody has."""
        free, taken = (self.add(self._slot(hours)) for hours in (26, 50))
        db.session.flush()  # their ids
        booking = bookings.book(
            taken.id,
            tickets.get(self.ticket.id),
            Way.CHAT,
            question=QUESTION + " (rendez-vous)",
            by=self.world.agent,
            without_identity=False,
        )
        return {"slot_id": free.id, "booking_id": booking.id}

    def _slot(self, hours: int) -> Slot:
        starts_at = clock.now() + timedelta(hours=hours)
        return Slot(
            organisation_id=self.world.partner_id,
            team_id=self.world.team_id,
            person_id=self.world.referent.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=20),
            telephone="",
            offered_at=clock.now(),
        )

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
            "lines_entry_id": self.only(Line).id,
            "mailboxes_entry_id": self.only(Mailbox).id,
        }

    def writing(self) -> dict[str, Any]:
        """A ready-made reply of the centre, a draft, and a reply about to leave."""
        ticket = tickets.get(self.ticket.id)
        view = worklist_views.keep(
            "À moi", {"view": "all"}, shared=Shared.OWN, site_id=None, by=self.world.agent
        )
        bulk = worklists.begin(Act.PRIORITY, "normal", [ticket.id], by=self.world.agent)
        asked = list(db.session.scalars(db.select(Referral.id).order_by(Referral.id).limit(1)))
        questions = worklists.begin_questions(Act.TAKE, "", asked, by=self.world.referent)
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
        held = replies.hold(ticket.id, "Voici votre avis.", by=self.world.second_agent, seconds=600)
        teamwork.add_item(ticket, "Demander l’avis de 2024", by=self.world.agent)
        teamwork.tell_named(ticket, "@agent voyez l’avis", by_id=self.world.manager.id)
        db.session.flush()  # their ids
        return {
            "macro_id": macro.id,
            "view_id": view.id,
            "bulk_id": bulk.id,
            "question_bulk_id": questions.id,
            "draft_id": draft.id if draft else 0,
            "held_id": held.id,
            "item_id": db.session.scalars(db.select(CheckItem.id)).one(),
            "nudge_id": db.session.scalars(db.select(Nudge.id)).first(),
        }

    def regrouped(self) -> dict[str, Any]:
        """A request that was taken out of another, and two that were made one."""
        person = self.person(self.world.agent)
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

    def merge(self) -> dict[str, Any]:
        """The citizen of the matter, of whom there were two records."""
        other = self.add(Citizen(name=CITIZEN, name_key=CITIZEN.lower(), met_at=clock.now()))
        merge = merging.merge(self.citizen.id, other.id, {}, by=self.world.agent)
        return {"citizen_id": self.citizen.id, "merge_id": merge.id}


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
