"""A permission asked for by SMS blocks the question until the citizen's own telephone says yes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, select, update

from contactcenter import clock
from contactcenter.accounts.models import Centre, Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import Json, current_centre, db
from contactcenter.directory.keeping import this_centre
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import asking, mandates
from contactcenter.escalation.actions import text_of
from contactcenter.escalation.asking import Told
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.ladder import organisation_of
from contactcenter.escalation.mandate_queries import topics_named
from contactcenter.escalation.models import MandateKind
from contactcenter.notices import actions as notices
from contactcenter.notices import refusals
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means
from contactcenter.tickets.live import wake
from contactcenter.tickets.models import Ticket

WAITS = timedelta(days=3)
YES = frozenset({"oui", "ja", "yes", "o"})
NO = frozenset({"non", "nee", "neen", "no", "nein", "n"})
_IS_OPEN = (ConsentRequest.answered_at.is_(None), ConsentRequest.withdrawn_at.is_(None))


def ask_by_text(
    ticket: Ticket,
    team: Team,
    question: str,
    *,
    told: Told,
    papers: Sequence[int],
    until: datetime,
    by: Person,
    topic_ids: Sequence[int] = (),
) -> ConsentRequest:
    """Write to the citizen; the question is kept, and leaves once they say yes.

    They are asked for these topics, by name; for every topic if none is named.

    Raises Invalid without a number that may be written to, Conflict while one is asked already.
    """
    question, phone = text_of(question, "question"), _number_of(ticket)
    if db.session.scalar(_open_of(ticket).where(ConsentRequest.team_id == team.id)) is not None:
        raise Conflict(_("L’accord est déjà demandé par SMS : attendez la réponse."))
    now = clock.now()
    asked = ConsentRequest(
        ticket_id=ticket.id,
        team_id=team.id,
        asked_by=by.id,
        asked_at=now,
        phone=phone,
        question=question,
        told=_as_kept(told),
        papers=sorted(set(papers)),
        until=until,
        topic_ids=sorted(set(topic_ids)),
        ends_at=now + WAITS,
    )
    db.session.add(asked)
    db.session.flush()  # the text is written once for it
    _write(asked, ticket, organisation_of(team).name)
    wake(ticket.id)
    return asked


def waiting_for(number: str, word: str) -> ConsentRequest | None:
    """What this one word from this telephone answers, the latest asked; None for other words.

    Only while the number is still that of who was asked: it may have been wrong, and corrected.
    """
    if word not in YES | NO:
        return None
    return db.session.scalar(
        select(ConsentRequest)
        .where(
            ConsentRequest.centre_id == current_centre(),
            ConsentRequest.phone == number,
            ConsentRequest.ticket_id.in_(_tickets_rung_at(number)),
            *_IS_OPEN,
            ConsentRequest.ends_at > clock.now(),
        )
        .order_by(ConsentRequest.id.desc())
        .limit(1)
    )


def answer(asked: ConsentRequest, ticket: Ticket, word: str) -> None:
    """A yes is the permission, and the question leaves; a no is kept. Hold the ticket's lock.

    A request that is about another topic by then is not shown: the panel says so. Where the request
    has become another person's, or they another number, the word is nobody's answer.
    """
    db.session.refresh(asked, with_for_update=True)
    if asked.answered_at is not None or asked.withdrawn_at is not None:
        return
    if not _is_theirs(asked, ticket):
        asked.withdrawn_at = clock.now()
        return
    asked.answered_at, asked.is_yes = clock.now(), word in YES
    wake(ticket.id)
    if asked.is_yes and ticket.is_open and asked.until > clock.now():
        _ask(asked, ticket)


def withdraw(ticket: Ticket) -> None:
    """Ask no longer: a yes that comes now shares nothing."""
    _withdraw(ConsentRequest.ticket_id == ticket.id)
    wake(ticket.id)


def withdraw_elsewhere(citizen: Citizen) -> None:
    """Their number was corrected: who has the other one is not asked."""
    theirs = select(Ticket.id).where(
        Ticket.centre_id == citizen.centre_id, Ticket.citizen_id == citizen.id
    )
    _withdraw(ConsentRequest.ticket_id.in_(theirs), ConsentRequest.phone != (citizen.phone or ""))


def _withdraw(*which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(ConsentRequest)
        .where(ConsentRequest.centre_id == current_centre(), *_IS_OPEN, *which)
        .values(withdrawn_at=clock.now())
    )


def _is_theirs(asked: ConsentRequest, ticket: Ticket) -> bool:
    """Whether who was asked has this number still, and it is their request that goes on."""
    was = db.session.get_one(Ticket, (asked.centre_id, asked.ticket_id))
    citizen = db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id or 0))
    if citizen is None or citizen.id != was.citizen_id:
        return False
    return citizen.phone == asked.phone


def _tickets_rung_at(number: str) -> Select[int]:
    return (
        select(Ticket.id)
        .join(Citizen, and_(Citizen.centre_id == Ticket.centre_id, Citizen.id == Ticket.citizen_id))
        .where(Ticket.centre_id == current_centre(), Citizen.phone == number)
    )


def _ask(asked: ConsentRequest, ticket: Ticket) -> None:
    team = db.session.get_one(Team, (asked.centre_id, asked.team_id))
    by = db.session.get_one(Person, (asked.centre_id, asked.asked_by))
    given = mandates.Given(MandateKind.SMS, asked.until, topic_ids=asked.topic_ids)
    [mandate] = mandates.record_all(ticket, [team.organisation_id], given, by=by)
    if mandate.covers(ticket.topic_id):
        told = _told(asked.told)
        asking.ask(ticket, team, question=asked.question, told=told, papers=asked.papers, by=by)


def _open_of(ticket: Ticket) -> Select[int]:
    return select(ConsentRequest.id).where(
        ConsentRequest.centre_id == ticket.centre_id,
        ConsentRequest.ticket_id == ticket.id,
        *_IS_OPEN,
        ConsentRequest.ends_at > clock.now(),
    )


def _number_of(ticket: Ticket) -> str:
    citizen = ticket.citizen_id and db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
    number = citizen.phone if citizen else None
    if not number or refusals.is_refused(Means.SMS, number):
        raise Invalid(_("Aucun numéro qui accepte les SMS n’est noté pour la personne."), "mandate")
    return number


def _write(asked: ConsentRequest, ticket: Ticket, organisation: str) -> None:
    centre: Centre = this_centre()
    with speaking(ticket.language, centre.timezone):
        body = _words(asked, ticket, centre.name, organisation)
    notices.write(
        kind="consent",
        means=Means.SMS,
        to_address=asked.phone,
        subject="",
        body=body,
        language=ticket.language,
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        dedupe_key=f"consent:{asked.id}",
        is_rehearsal=ticket.is_rehearsal,
    )


def _words(asked: ConsentRequest, ticket: Ticket, centre: str, organisation: str) -> str:
    topics = [
        topic.label_in(ticket.language)
        for topic in db.session.scalars(topics_named(asked.topic_ids))
    ]
    if not topics:
        return _(
            "%(centre)s : pour votre demande %(reference)s, acceptez-vous que nous la montrions à"
            " %(organisation)s ? Répondez OUI ou NON. Sans votre oui, rien ne part.",
            centre=centre,
            reference=ticket.reference,
            organisation=organisation,
        )
    return _(
        "%(centre)s : pour votre demande %(reference)s, motif « %(topic)s », acceptez-vous que nous"
        " la montrions à %(organisation)s ? Répondez OUI ou NON. Sans votre oui, rien ne part.",
        centre=centre,
        reference=ticket.reference,
        topic=", ".join(topics),
        organisation=organisation,
    )


def _as_kept(told: Told) -> Json:
    kept = asdict(told)
    lost_at = told.right_lost_at
    return kept | {"right_lost_at": lost_at.isoformat() if lost_at else None}


def _told(kept: Json) -> Told:
    lost_at = kept["right_lost_at"]
    return Told(**kept | {"right_lost_at": datetime.fromisoformat(lost_at) if lost_at else None})
