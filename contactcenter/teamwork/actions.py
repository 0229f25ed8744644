"""The verbs of working together on a ticket."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock, live
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.teamwork import rules
from contactcenter.teamwork.events import (
    TeamworkChanged,
    TicketSnoozed,
    TicketTagged,
    TicketUntagged,
    TicketWoken,
)
from contactcenter.teamwork.models import (
    CheckItem,
    Follower,
    Nudge,
    Snooze,
    Tag,
    TicketLink,
    TicketTag,
    Why,
)
from contactcenter.teamwork.queries import (
    checklist_of,
    due_snoozes,
    followers_of,
    snooze_of,
    tags_of,
    team_of,
    untold_nudges,
)
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to

LONGEST_AWAY = timedelta(days=365)
MOST_ITEMS = 50
LONGEST_ITEM = 300
MOST_TAGS = 12  # on one ticket


def snooze(ticket: Ticket, until: datetime, *, by: Person) -> None:
    """Put a ticket away until a moment to come. Raises Invalid, or Conflict once it is finished."""
    now = clock.now()
    if not now < until <= now + LONGEST_AWAY:
        raise Invalid(_("Choisissez un moment à venir, dans l’année."), "until")
    if not ticket.is_open:
        raise Conflict(_("La demande est terminée : il n’y a rien à remettre à plus tard."))
    put_away = db.session.scalar(snooze_of(ticket)) or Snooze(ticket_id=ticket.id)
    put_away.person_id, put_away.until, put_away.snoozed_at = by.id, until, now
    db.session.add(put_away)
    announce(TicketSnoozed(ticket_id=ticket.id, person_id=by.id, until=until.isoformat()))


def wake(ticket_id: int, *, by_id: int | None = None) -> bool:
    """Bring it back, if it was away; who put it away is told, unless they did it themselves."""
    put_away = db.session.scalar(
        db.select(Snooze).where(Snooze.centre_id == current_centre(), Snooze.ticket_id == ticket_id)
    )
    if put_away is None:
        return False
    _bring_back(put_away, by_id)
    return True


def wake_due() -> None:
    """Bring back whatever was put away until now."""
    for put_away in db.session.scalars(due_snoozes(clock.now(), current_centre())):
        _bring_back(put_away, None)


def _bring_back(put_away: Snooze, by_id: int | None) -> None:
    db.session.delete(put_away)
    if put_away.person_id != by_id:
        nudge(put_away.ticket_id, put_away.person_id, Why.WOKEN, by_id=by_id)
    announce(TicketWoken(ticket_id=put_away.ticket_id, person_id=by_id))


def follow(ticket: Ticket, *, by: Person) -> None:
    db.session.execute(
        insert(Follower)
        .values(centre_id=ticket.centre_id, ticket_id=ticket.id, person_id=by.id, since=clock.now())
        .on_conflict_do_nothing()
    )
    _changed(ticket, by, "followers")


def unfollow(ticket: Ticket, *, by: Person) -> None:
    db.session.execute(
        db.delete(Follower).where(
            Follower.centre_id == ticket.centre_id,
            Follower.ticket_id == ticket.id,
            Follower.person_id == by.id,
        )
    )
    _changed(ticket, by, "followers")


def tell_followers(ticket: Ticket, *, but: int | None) -> None:
    """A line in the list of each follower, once until they have looked."""
    for person in db.session.scalars(followers_of(ticket)):
        if person.id != but:
            nudge_once(ticket.id, person.id, Why.FOLLOWED, by_id=but)


def tell_named(ticket: Ticket, note: str, *, by_id: int | None) -> None:
    """Who is named in a note finds it in their list."""
    team = {person.id: person.name for person in db.session.scalars(team_of(ticket))}
    for person_id in rules.named_in(note, team):
        if person_id != by_id:
            nudge(ticket.id, person_id, Why.MENTION, by_id=by_id, text=note[:300])


def remind(ticket: Ticket, at: datetime, text: str, *, by: Person) -> None:
    """Put a line in one's own list for later."""
    now = clock.now()
    if not now < at <= now + LONGEST_AWAY:
        raise Invalid(_("Choisissez un moment à venir, dans l’année."), "until")
    nudge(ticket.id, by.id, Why.REMINDER, text=text.strip()[:300], due_at=at, by_id=by.id)
    _changed(ticket, by, "reminders")


def nudge(
    ticket_id: int,
    person_id: int,
    why: Why,
    *,
    by_id: int | None = None,
    text: str = "",
    due_at: datetime | None = None,
) -> None:
    now = clock.now()
    is_due = due_at is None or due_at <= now
    db.session.add(
        Nudge(
            ticket_id=ticket_id,
            person_id=person_id,
            by_id=by_id,
            why=why,
            text=text,
            due_at=due_at or now,
            told_at=now if is_due else None,
        )
    )
    if is_due:
        live.touch(f"person:{person_id}")


def nudge_once(
    ticket_id: int, person_id: int, why: Why, *, by_id: int | None = None, text: str = ""
) -> None:
    """Put a line in someone's list, unless one for the same reason waits there."""
    if not _has_open(ticket_id, person_id, why):
        nudge(ticket_id, person_id, why, by_id=by_id, text=text)


def tell_due() -> None:
    """Wake the screens of whoever asked to be reminded now."""
    for each in db.session.scalars(untold_nudges(clock.now(), current_centre())):
        each.told_at = clock.now()
        live.touch(f"person:{each.person_id}")


def settle(nudge_id: int, *, by: Person) -> None:
    """Take a line off one's own list. Raises NotFound for another person's."""
    found = db.session.get(Nudge, (by.centre_id, nudge_id))
    if found is None or found.person_id != by.id:
        raise NotFound(_("Cette ligne n’est pas dans votre liste."))
    found.done_at = found.done_at or clock.now()
    live.touch(f"person:{by.id}")


def add_item(ticket: Ticket, text: str, *, by: Person) -> None:
    if not text.strip():
        raise Invalid(_("Écrivez ce qui est à faire."), "item")
    if len(db.session.scalars(checklist_of(ticket)).all()) >= MOST_ITEMS:
        raise Conflict(_("La liste est pleine : ôtez-en une ligne."))
    db.session.add(CheckItem(ticket_id=ticket.id, text=text.strip()[:LONGEST_ITEM]))
    _changed(ticket, by, "checklist")


def tick(ticket: Ticket, item_id: int, *, by: Person) -> None:
    """Say that it is done, or that it is to do after all."""
    item = _item(ticket, item_id)
    is_done = item.done_at is None
    item.done_at, item.done_by = (clock.now(), by.id) if is_done else (None, None)
    _changed(ticket, by, "checklist")


def drop_item(ticket: Ticket, item_id: int, *, by: Person) -> None:
    db.session.delete(_item(ticket, item_id))
    _changed(ticket, by, "checklist")


def link(ticket: Ticket, reference: str, *, by: Person) -> None:
    """Say that two tickets belong together. Raises Invalid for one that is not known here."""
    other = db.session.scalar(known_to(by).where(Ticket.reference == reference.strip()))
    if other is None or other.id == ticket.id:
        raise Invalid(_("Écrivez la référence d’une autre demande, par exemple 2026-004512."))
    tie(ticket, other, by_id=by.id)
    _changed(ticket, by, "links")


def tie(ticket: Ticket, other: Ticket, *, by_id: int | None = None) -> None:
    """Link two tickets, once; without `by_id`: one goes on from the other, which is closed."""
    first, second = sorted((ticket.id, other.id))
    db.session.execute(
        insert(TicketLink)
        .values(
            centre_id=ticket.centre_id,
            ticket_id=first,
            other_id=second,
            person_id=by_id,
            linked_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def unlink(ticket: Ticket, other_id: int, *, by: Person) -> None:
    first, second = sorted((ticket.id, other_id))
    db.session.execute(
        db.delete(TicketLink).where(
            TicketLink.centre_id == ticket.centre_id,
            TicketLink.ticket_id == first,
            TicketLink.other_id == second,
        )
    )
    _changed(ticket, by, "links")


def tag(ticket: Ticket, tag_id: int, *, by: Person) -> None:
    """Set a tag that the centre offers; one that is set stays. Raises Invalid or Conflict."""
    wanted, here = _tag(ticket, tag_id), db.session.scalars(tags_of(ticket)).all()
    if wanted is None or not wanted.is_active:
        raise Invalid(_("Choisissez une étiquette de la liste."), "tag")
    if wanted in here:
        return
    if len(here) >= MOST_TAGS:
        raise Conflict(_("Cette demande a déjà %(num)d étiquettes : ôtez-en une.", num=MOST_TAGS))
    db.session.add(
        TicketTag(ticket_id=ticket.id, tag_id=wanted.id, person_id=by.id, tagged_at=clock.now())
    )
    announce(TicketTagged(ticket_id=ticket.id, person_id=by.id, tag=wanted.name))


def untag(ticket: Ticket, tag_id: int, *, by: Person) -> None:
    """Take a tag off; nothing happens where it is not set."""
    here = db.session.get(TicketTag, (ticket.centre_id, ticket.id, tag_id))
    known = _tag(ticket, tag_id)
    if here is None or known is None:
        return
    db.session.delete(here)
    announce(TicketUntagged(ticket_id=ticket.id, person_id=by.id, tag=known.name))


def _tag(ticket: Ticket, tag_id: int) -> Tag | None:
    return db.session.get(Tag, (ticket.centre_id, tag_id))


def _item(ticket: Ticket, item_id: int) -> CheckItem:
    item = db.session.get(CheckItem, (ticket.centre_id, item_id))
    if item is None or item.ticket_id != ticket.id:
        raise NotFound(_("Cette ligne n’est plus dans la liste."))
    return item


def _has_open(ticket_id: int, person_id: int, why: Why) -> bool:
    found = db.select(Nudge.id).where(
        Nudge.centre_id == current_centre(),
        Nudge.ticket_id == ticket_id,
        Nudge.person_id == person_id,
        Nudge.why == why,
        Nudge.done_at.is_(None),
    )
    return db.session.scalar(found.limit(1)) is not None


def _changed(ticket: Ticket, by: Person, what: str) -> None:
    announce(TeamworkChanged(ticket_id=ticket.id, person_id=by.id, what=what))
