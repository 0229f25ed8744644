"""How long each side held a request, from its moves and the clocks that its deadlines count by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Site
from contactcenter.directory.rules import Hours
from contactcenter.directory.stored_hours import read_hours
from contactcenter.escalation import held_queries as queries
from contactcenter.escalation.chain_queries import turns_of
from contactcenter.escalation.held_rules import (
    Clock,
    Held,
    Holder,
    Span,
    held,
    runs_of,
    without,
)
from contactcenter.escalation.hidden import hidden_of
from contactcenter.tickets.models import Ticket


def held_of(tickets: Sequence[Ticket]) -> Mapping[int, Held]:
    """By ticket, until now, in eight questions however many there are."""
    now, ids = clock.now(), [ticket.id for ticket in tickets]
    moves, clocks, hours = _moves(ids), _clocks(ids, now), _hours(tickets)
    return {
        ticket.id: held(
            spans(ticket.opened_at, moves[ticket.id]),
            now,
            hours.get(ticket.site_id or 0),
            clocks[ticket.id],
        )
        for ticket in tickets
    }


def spans(opened_at: datetime, moves: Iterable[tuple[str, datetime]]) -> list[Span]:
    """Whose move it was, but for the experts: theirs is told by their clocks."""
    holders = {"TicketResolved": None, "CitizenAwaited": Holder.CITIZEN}
    return [
        Span(opened_at, Holder.US),
        *(Span(at, holders.get(kind, Holder.US)) for kind, at in moves),
    ]


def place_hours(site: Site | None) -> Hours | None:
    """The opening hours of the place that follows a request, if they are known."""
    if site is None:
        return None
    return read_hours(site.hours, timezone=site.timezone, country=site.country, region=site.region)


def _moves(ids: Sequence[int]) -> Mapping[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for ticket_id, kind, at in db.session.execute(queries.moves_of(ids)):
        found[ticket_id or 0].append((kind, at))
    return found


def _clocks(ids: Sequence[int], now: datetime) -> Mapping[int, list[Clock]]:
    found: dict[int, list[Clock]] = defaultdict(list)
    asked = db.session.scalars(queries.asked_about(ids)).all()
    teams = {
        team.id: hours_of(team)
        for team in db.session.scalars(queries.teams_named({each.team_id for each in asked}))
    }
    turns: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for referral_id, kind, at in db.session.execute(turns_of([each.id for each in asked])):
        turns[referral_id].append((kind, at))
    hidden = hidden_of(asked, now)
    for referral in asked:
        runs = runs_of(referral.asked_at, turns[referral.id], referral.closed_at or now)
        runs = without(runs, hidden.get(referral.id, ()))
        hours = teams[referral.team_id]
        found[referral.ticket_id].append(Clock(referral.organisation_id, hours, runs))
    return found


def _hours(tickets: Sequence[Ticket]) -> Mapping[int, Hours | None]:
    ids = {ticket.site_id for ticket in tickets if ticket.site_id}
    found = db.session.scalars(queries.sites_of(sorted(ids))) if ids else ()
    return {site.id: place_hours(site) for site in found}
