"""What an acknowledgement says: only what the centre knows, in the citizen's language.

In France the law asks for the day of receipt, the service in charge and how to reach it, and what
silence will mean (CRPA, L112-3 and R112-5). What silence means is told by the topic or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.accounts.models import Centre, Organisation
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.directory.models import Silence, Site, Topic
from contactcenter.intake.acknowledgement import queries
from contactcenter.intake.acknowledgement.rules import months_after
from contactcenter.languages import date_in_words, zone
from contactcenter.links import public_url
from contactcenter.tickets.models import Ticket
from contactcenter.triage.queries import guessed_topic


@dataclass(frozen=True)
class Acknowledged:
    """One request as its acknowledgement tells it; `received_on` is of a letter."""

    ticket: Ticket
    centre: Centre
    code: str | None
    received_on: date | None = None

    def subject(self) -> str:
        return _("Nous avons reçu votre demande [%(reference)s]", reference=self.ticket.reference)

    def letter(self) -> str:
        paragraphs = (
            [_("Bonjour,")],
            self.receipt(),
            list(self.service()),
            list(self.delay()),
            self._follow_up(),
            [_("Ce message est automatique. Y répondre ajoute votre mot à la demande.")],
            [self.centre.name],
        )
        return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)

    def text(self) -> str:
        """Short enough for a telephone."""
        told = _(
            "%(centre)s : demande %(reference)s reçue.",
            centre=self.centre.name,
            reference=self.ticket.reference,
        )
        return " ".join([told, *self._follow_up()])

    def receipt(self) -> list[str]:
        lines = [
            _("Nous avons reçu votre demande le %(day)s.", day=_in_words(self.day)),
            _("Numéro de la demande : %(reference)s", reference=self.ticket.reference),
        ]
        if self.topic:
            topic = self.topic.label_in(self.ticket.language)
            lines.append(_("Motif : %(topic)s", topic=topic))
        return lines

    def service(self) -> Iterator[str]:
        """The service in charge, and each way to reach it that is known."""
        own: Organisation | None = db.session.scalar(queries.own_organisation())
        name = own.name if own else self.centre.name
        yield _("Service chargé de votre demande : %(name)s", name=name)
        if site := self._site():
            yield _("Adresse : %(address)s", address=f"{site.name}, {site.address}")
        yield _("Courriel : %(address)s", address=self.centre.mail_address)
        if number := db.session.scalar(queries.first_number()):
            yield _("Téléphone : %(number)s", number=readable(number, self.centre.country))

    def delay(self) -> Iterator[str]:
        """By when we mean to answer, and what silence would mean, where that is known."""
        if self.topic is None:
            return
        if self.ticket.due_at:
            due = self.ticket.due_at.astimezone(zone()).date()
            yield _("Nous visons une réponse au plus tard le %(day)s.", day=_in_words(due))
        yield from self._silence(self.topic)

    @property
    def day(self) -> date:
        return self.received_on or self.ticket.opened_at.astimezone(zone()).date()

    @property
    def topic(self) -> Topic | None:
        """What it is about, if a person or a rule of the centre says so: a guess is not told."""
        if self.ticket.topic_id is None or db.session.scalar(guessed_topic(self.ticket)):
            return None
        return db.session.get(Topic, (self.ticket.centre_id, self.ticket.topic_id))

    def _silence(self, topic: Topic) -> Iterator[str]:
        if topic.silence is None or not topic.silence_months:
            return
        organisation = db.session.get_one(Organisation, (topic.centre_id, topic.organisation_id))
        day = _in_words(months_after(self.day, topic.silence_months))
        if topic.silence is Silence.REJECTION:
            yield _("Sans réponse le %(day)s, votre demande est considérée comme refusée.", day=day)
        elif organisation.is_own:
            yield _(
                "Sans réponse le %(day)s, votre demande est considérée comme acceptée.", day=day
            )
        else:  # that time begins when the authority concerned receives it: we cannot name the day
            yield ngettext(
                "Sans réponse un mois après sa réception par %(name)s, votre demande est"
                " considérée comme acceptée.",
                "Sans réponse %(num)s mois après sa réception par %(name)s, votre demande est"
                " considérée comme acceptée.",
                topic.silence_months,
                name=organisation.name,
            )
        if topic.silence is Silence.ACCEPTANCE and self.centre.country == "FR":
            yield _("Vous pourrez alors demander une attestation.")
        if appeal := topic.appeal_in(self.ticket.language):
            yield appeal

    def _site(self) -> Site | None:
        site_id = self.ticket.site_id
        if site_id is None and self.ticket.queue_id is not None:
            site_id = db.session.scalar(queries.site_of_queue(self.ticket.queue_id))
        site = db.session.get(Site, (self.ticket.centre_id, site_id)) if site_id else None
        return site if site and site.address else None

    def _follow_up(self) -> list[str]:
        if self.code is None:
            return []
        if not current_app.config["SETTINGS"].knows_its_address:
            return [_("Code pour la suivre : %(code)s.", code=self.code)]
        return [
            _(
                "Pour la suivre : %(address)s avec le code %(code)s.",
                address=public_url("/follow-up"),
                code=self.code,
            )
        ]


def _in_words(day: date) -> str:
    return date_in_words(day, "EEEE d MMMM y")
