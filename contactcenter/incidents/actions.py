"""The verbs of an incident: open, refuse, attach, ask once, answer all, note a call, end."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, update
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions as questions
from contactcenter.escalation import asking, waits
from contactcenter.escalation.models import Referral
from contactcenter.events import announce
from contactcenter.incidents import queries
from contactcenter.incidents.events import (
    IncidentAnswered,
    IncidentEnded,
    IncidentOpened,
    IncidentRefused,
    TicketDetached,
)
from contactcenter.incidents.models import Incident, IncidentTicket
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.live import wake
from contactcenter.tickets.models import Ticket

LONGEST_SAY = 300
LONGEST_TOLD = 5_000
LONGEST_SUMMARY = 2_000


def lock(incident_id: int, *, person: Person) -> Incident:
    """Raises NotFound for who does not handle incidents."""
    found: Incident | None = db.session.scalar(
        queries.visible_to(person)
        .where(Incident.id == incident_id)
        .with_for_update(of=Incident, key_share=True)  # requests may still be attached
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("Cet incident n’existe pas."))
    return found


def open_proposed(incident: Incident, say: Mapping[str, str], *, by: Person) -> None:
    """A person sees an incident too: what was asked since it began is attached."""
    if not incident.is_proposed:
        raise Conflict(_("Cet incident est déjà ouvert, ou a été écarté."))
    _open(incident, say, by)


def open_new(topic: Topic, say: Mapping[str, str], *, begun_at: datetime, by: Person) -> Incident:
    """Without a proposal. Opened twice for a topic it is the same one."""
    known = db.session.scalar(queries.of_topic(topic.id).with_for_update(key_share=True))
    if known is not None:
        if known.is_proposed:
            _open(known, say, by)
        return known
    incident = Incident(topic_id=topic.id, begun_at=begun_at)
    db.session.add(incident)
    _open(incident, say, by)
    return incident


def _open(incident: Incident, say: Mapping[str, str], by: Person) -> None:
    incident.say = _texts(say, LONGEST_SAY)
    incident.opened_at, incident.opened_by = clock.now(), by.id
    db.session.flush()  # requests and the event name it
    for ticket in db.session.scalars(queries.to_attach(incident)):
        _attach(incident, ticket.id, None)
    announce(IncidentOpened(incident_id=incident.id, topic_id=incident.topic_id, person_id=by.id))
    _changed(incident)


def refuse(incident: Incident, *, by: Person) -> None:
    if not incident.is_proposed:
        raise Conflict(_("Cet incident est déjà ouvert, ou a été écarté."))
    incident.refused_at, incident.refused_by = clock.now(), by.id
    announce(IncidentRefused(incident_id=incident.id, person_id=by.id))
    _changed(incident)


def change_say(incident: Incident, say: Mapping[str, str]) -> None:
    _refuse_unless_open(incident)
    incident.say = _texts(say, LONGEST_SAY)
    _changed(incident)


def attach_by_rule(ticket: Ticket) -> None:
    """A new request on a topic with an open incident belongs to it, until someone detaches it."""
    if ticket.topic_id is None or not ticket.is_open:
        return
    with db.session.no_autoflush:  # a new ticket is written when all is known of it
        incident = db.session.scalar(queries.of_topic(ticket.topic_id))
    if incident is not None and incident.is_open:
        db.session.flush()  # its row names the ticket
        _attach(incident, ticket.id, None)
        live.touch(f"incident:{incident.id}")


def attach(incident: Incident, ticket: Ticket, *, by: Person) -> None:
    """By hand: also what was detached before."""
    _refuse_unless_open(incident)
    _attach(incident, ticket.id, by.id)
    db.session.execute(
        update(IncidentTicket)
        .where(
            IncidentTicket.centre_id == incident.centre_id,
            IncidentTicket.incident_id == incident.id,
            IncidentTicket.ticket_id == ticket.id,
        )
        .values(detached_at=None, detached_by=None)
    )
    _changed(incident)


def detach(incident: Incident, ticket: Ticket, *, by: Person) -> None:
    """It is about something else. Raises Conflict once its citizen was told."""
    _refuse_unless_open(incident)
    row = _row(incident, ticket)
    if row.way is not None or row.to_tell_at is not None:
        raise Conflict(_("La réponse est déjà partie pour cette demande."))
    row.detached_at, row.detached_by = clock.now(), by.id
    announce(TicketDetached(ticket_id=ticket.id, incident_id=incident.id, person_id=by.id))
    _changed(incident)


def ask(incident: Incident, team: Team, question: str, *, by: Person) -> Referral:
    """One question for all, without anybody's identity; asked again once the last is over."""
    _refuse_unless_open(incident)
    asked = question_of(incident)
    if asked is not None and asked.is_open:
        raise Conflict(_("La question est déjà posée : attendez la réponse, ou relancez."))
    carrier = db.session.execute(
        queries.attached(incident).where(Ticket.id.in_(_open_ids(incident))).limit(1)
    ).first()
    if carrier is None:
        raise Conflict(_("Aucune demande ouverte n’est rattachée : il n’y a rien à demander."))
    ticket = tickets.lock_survivor(carrier.Ticket.id) or carrier.Ticket
    referral = asking.ask(ticket, team, question=question, by=by, without_identity=True)
    incident.referral_id = referral.id
    _changed(incident)
    return referral


def question_of(incident: Incident) -> Referral | None:
    if incident.referral_id is None:
        return None
    return db.session.get(Referral, (incident.centre_id, incident.referral_id))


def carry_question(ticket_id: int) -> Referral | None:
    """The request on which an incident's question rides is finished: it goes on with another one.

    With none left it stays where it is, open until it is answered or the incident ends.
    """
    row = db.session.execute(queries.asked_with(ticket_id)).one_or_none()
    if row is None:
        return None
    carrier = db.session.scalar(queries.next_carrier(row.Incident))
    if carrier is not None:
        row.Referral.ticket_id = carrier
        waits.follow(row.Referral)
        wake(carrier)
    _changed(row.Incident)
    return row.Referral


def prepare(incident: Incident, told: Mapping[str, str], *, finishes: bool) -> None:
    """Keep the answer as it will be sent; nothing leaves."""
    _refuse_unless_open(incident)
    texts = _texts(told, LONGEST_TOLD)
    if not texts:
        raise Invalid(_("Écrivez la réponse, au moins dans une langue."), "told")
    incident.told, incident.finishes = texts, finishes
    _changed(incident)


def send(incident: Incident, *, seen: int, by: Person) -> int:
    """Send the answer off to each request that has none; a worker tells them one by one.

    `seen` is how many the person was shown: if there are others now, this raises Conflict.
    """
    _refuse_unless_open(incident)
    if not incident.told:
        raise Invalid(_("Écrivez la réponse, au moins dans une langue."), "told")
    waiting = [row.IncidentTicket for row in db.session.execute(queries.untold(incident))]
    if len(waiting) != seen:
        raise Conflict(
            _(
                "Ce sont maintenant %(count)d demandes : relisez avant d’envoyer.",
                count=len(waiting),
            )
        )
    now = clock.now()
    for row in waiting:
        row.to_tell_at = now
    incident.sent_at, incident.sent_by = now, by.id
    outbox.stage("incidents.tell", lane="bulk", incident_id=incident.id)
    announce(IncidentAnswered(incident_id=incident.id, requests=len(waiting), person_id=by.id))
    _changed(incident)
    return len(waiting)


def note_called(incident: Incident, ticket: Ticket, *, by: Person) -> None:
    """Someone called, or wrote by hand: what was told is written down with the request."""
    row = _row(incident, ticket)
    if row.way is None or row.told_at is not None:
        raise Conflict(_("Cette personne est déjà prévenue."))
    tickets.record(ticket, text_for(incident, ticket.language), by=by)
    row.told_at = clock.now()
    _changed(incident)


def end(incident: Incident, summary: str, *, by: Person) -> None:
    """It is over, in a few words; a question that nobody has answered is taken back."""
    _refuse_unless_open(incident)
    summary = summary.strip()[:LONGEST_SUMMARY]
    if not summary:
        raise Invalid(_("Dites en quelques phrases ce qui s’est passé."), "summary")
    left = db.session.execute(queries.pending(incident, 1)).first()
    if left is not None:
        raise Conflict(_("L’envoi n’est pas fini : attendez qu’il le soit."))
    incident.ended_at, incident.ended_by, incident.summary = clock.now(), by.id, summary
    asked = questions.lock_id(incident.referral_id) if incident.referral_id else None
    if asked is not None and asked.is_open:
        questions.withdraw(asked, _("L’incident est terminé."), by=by)
    announce(IncidentEnded(incident_id=incident.id, person_id=by.id))
    _changed(incident)


def text_for(incident: Incident, language: str) -> str:
    """The answer in that language, else in French, else in any there is."""
    return said_in(incident.told, language)


def said_in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("fr") or next(iter(texts.values()), "")


def _attach(incident: Incident, ticket_id: int, by_id: int | None) -> None:
    db.session.execute(
        insert(IncidentTicket)
        .values(
            centre_id=current_centre(),
            incident_id=incident.id,
            ticket_id=ticket_id,
            attached_at=clock.now(),
            attached_by=by_id,
        )
        .on_conflict_do_nothing()
    )


def _row(incident: Incident, ticket: Ticket) -> IncidentTicket:
    found = db.session.scalar(queries.row_of(incident, ticket.id).with_for_update())
    if found is None:
        raise NotFound(_("Cette demande n’est pas rattachée à l’incident."))
    return found


def _open_ids(incident: Incident) -> Select[int]:
    return queries.to_attach(incident).with_only_columns(Ticket.id)


def _texts(written: Mapping[str, str], longest: int) -> dict[str, str]:
    return {code: text.strip()[:longest] for code, text in written.items() if text.strip()}


def _refuse_unless_open(incident: Incident) -> None:
    if not incident.is_open:
        raise Conflict(_("Cet incident n’est pas ouvert."))


def _changed(incident: Incident) -> None:
    live.touch("board")
    if incident.id is not None:
        live.touch(f"incident:{incident.id}")
