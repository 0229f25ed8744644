"""What an expert sees of a citizen: the details that the topic needs, and no other.

Numbers are masked, and whole only on request. Four things are asked for: a permission that lasts,
a topic that needs the number, an organisation that its kind concerns, and words why. PostgreSQL
asks for the first three by itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Organisation, Person
from contactcenter.citizens import identifiers
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.identifiers import Masked
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.shared_rules import Detail
from contactcenter.citizens.words import SHAREABLE
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation import words
from contactcenter.escalation.actions import LONGEST_LINE, named
from contactcenter.escalation.events import IdentifierRead
from contactcenter.escalation.mandate_queries import topics_in_use
from contactcenter.escalation.models import Referral
from contactcenter.events import announce
from contactcenter.languages import language
from contactcenter.tickets.models import Ticket

Details = Mapping[Detail, str]


@dataclass(frozen=True)
class Preview:
    """What an expert will see once the citizen allows it, as their agent sees it before.

    `unknown` would be shown, and nobody has noted them. A number comes with the organisations that
    are shown it.
    """

    details: Details
    unknown: Sequence[Detail]
    numbers: Sequence[tuple[Masked, Sequence[str]]]

    @property
    def is_nothing(self) -> bool:
        return not self.details and not self.numbers


def needed(ticket: Ticket) -> frozenset[str]:
    """What the topic of a ticket lets experts see; nothing without a topic or a choice."""
    if ticket.topic_id is None:
        return frozenset()
    return frozenset(db.session.get_one(Topic, (ticket.centre_id, ticket.topic_id)).shared)


def at_most(organisations: Collection[Organisation]) -> frozenset[str]:
    """What experts of these may see under a permission for every topic, whichever it will be."""
    topics = db.session.scalars(topics_in_use()).all()
    shared = {each for topic in topics for each in topic.shared}
    known = {each for organisation in organisations for each in organisation.identifiers}
    return frozenset(each for each in shared if each not in set(IdentifierKind) or each in known)


def details_of(citizen: Citizen | None, shared: Collection[str]) -> Details:
    """Those that are shared and known; the whole name makes the short one idle."""
    if citizen is None:
        return {}
    short = citizen.name if Detail.NAME not in shared else ""
    known = {
        Detail.FIRST_NAME: words.shown_citizen(short) if short else "",
        Detail.NAME: citizen.name,
        Detail.BIRTH_YEAR: str(citizen.birth_year or ""),
        Detail.PHONE: citizen.phone or "",
        Detail.EMAIL: citizen.email or "",
        Detail.ADDRESS: citizen.address,
    }
    return {each: value for each, value in known.items() if each in shared and value}


def preview(ticket: Ticket, organisations: Collection[Organisation]) -> Preview:
    """Before asking one of these organisations about the ticket."""
    citizen = db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id or 0))
    shared = needed(ticket)
    known = details_of(citizen, shared)
    wanted = shared - {Detail.FIRST_NAME} if Detail.NAME in shared else shared
    numbers = identifiers.masked_of(citizen) if citizen else []
    return Preview(
        details=known,
        unknown=[each for each in Detail if each in wanted and each not in known],
        numbers=[
            (each, [other.name for other in organisations if each.kind in other.identifiers])
            for each in numbers
            if each.kind in shared
        ],
    )


def in_words(shared: Collection[str]) -> str:
    """The details that are shared, by name; empty for none."""
    wanted = set(shared) - ({Detail.FIRST_NAME} if Detail.NAME in shared else set())
    return ", ".join(_in_a_row(str(word)) for each, word in SHAREABLE.items() if each in wanted)


def _in_a_row(word: str) -> str:
    """German nouns keep their capital."""
    return word if language() == "de" else word[:1].lower() + word[1:]


def masked_for(referral: Referral, citizen: Citizen | None) -> list[Masked]:
    """The citizen's numbers that topic and organisation of this question call for, masked."""
    if referral.mandate_id is None or citizen is None:
        return []
    kinds = _kinds(referral)
    return [each for each in identifiers.masked_of(citizen) if each.kind in kinds]


def show(
    referral: Referral, citizen: Citizen | None, identifier_id: int, reason: str, *, by: Person
) -> str:
    """The whole number, once; that it was read, and why, is written down. Raises NotFound."""
    shown = {each.id for each in masked_for(referral, citizen)}
    if identifier_id not in shown:
        raise NotFound(_("Ce numéro n’existe pas, ou n’est pas pour votre organisme."))
    if not reason.strip():
        raise Invalid(_("Dites pourquoi il vous faut le numéro."), "reason")
    found = db.session.scalars(
        select(Identifier).where(
            Identifier.centre_id == referral.centre_id, Identifier.id == identifier_id
        )
    ).one()
    announce(
        IdentifierRead(
            **named(referral),
            identifier_kind=found.kind,
            person_id=by.id,
            reason=reason.strip()[:LONGEST_LINE],
        )
    )
    return identifiers.number_of(found)


def _kinds(referral: Referral) -> frozenset[str]:
    key = (referral.centre_id, referral.organisation_id)
    ticket = db.session.get_one(Ticket, (referral.centre_id, referral.shown_ticket_id))
    return needed(ticket) & set(db.session.get_one(Organisation, key).identifiers)
