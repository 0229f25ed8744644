"""While no permission is for what a question is about, its experts cannot see it: that is our time.

Its clock is counted as ours, and its deadline moves by the open time in which it was hidden.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.directory.rules import open_time_between
from contactcenter.escalation import held_queries, ladder, rules, slack
from contactcenter.escalation.held_rules import About, Allowed, Stretch, hidden_in
from contactcenter.escalation.mandate_queries import under_permission
from contactcenter.escalation.models import Mandate, Referral
from contactcenter.tickets.events import TicketCorrected

NOTHING = timedelta(0)


def hidden_of(referrals: Sequence[Referral], now: datetime) -> Mapping[int, list[Stretch]]:
    """When each question could not be seen, by its id; in two questions however many there are."""
    asked = [each for each in referrals if each.mandate_id is not None]
    tickets = {each.shown_ticket_id for each in asked}
    given = _given(tickets)
    about = _about({id for id in tickets if any(mandate.topic_ids for mandate in given[id])})
    return {
        each.id: hidden_in(
            about[each.shown_ticket_id],
            _allowed(each, given[each.shown_ticket_id]),
            each.asked_at,
            each.closed_at or now,
        )
        for each in asked
        if each.shown_ticket_id in about
    }


def show(referral: Referral, team: Team, mandate: Mandate) -> None:
    """It can be seen again: the deadline waits for what was lost, and the ladder goes on from it.

    Call it before another permission takes the place of the one that hid it.
    """
    now = clock.now()
    spans = hidden_of([referral], now).get(referral.id, [])
    if referral.due_at is not None and not ladder.awaits_live(referral):
        since = max((start for start, end in spans if end == now), default=now)
        lost = open_time_between(hours_of(team), since, now)
        if lost > NOTHING:
            referral.due_at = rules.deadline(hours_of(team), referral.due_at, lost)
            slack.reckon(referral, team)
    referral.next_due_at = ladder.next_look(referral, team, mandate)


def show_again(event: TicketCorrected) -> None:
    """The request is about something else: a question that this hid can be seen again."""
    if event.field != "topic":
        return
    before, after = _topic(event.before), _topic(event.after)
    for referral, mandate, team in db.session.execute(under_permission(event.ticket_id)).all():
        if mandate.covers(after) and not mandate.covers(before):
            show(referral, team, mandate)


def _given(ticket_ids: Collection[int]) -> Mapping[int, list[Mandate]]:
    found: dict[int, list[Mandate]] = defaultdict(list)
    for mandate in db.session.scalars(held_queries.given_for(ticket_ids)) if ticket_ids else ():
        found[mandate.ticket_id].append(mandate)
    return found


def _about(ticket_ids: Collection[int]) -> Mapping[int, list[About]]:
    """What each request was about: since ever, then from each correction on."""
    found: dict[int, list[About]] = {}
    if not ticket_ids:
        return found
    for ticket_id, at, detail in db.session.execute(held_queries.topics_told(ticket_ids)):
        told = found.setdefault(ticket_id or 0, [(rules.EVER, _topic(detail["before"]))])
        told.append((at, _topic(detail["after"])))
    return found


def _allowed(referral: Referral, given: Sequence[Mandate]) -> list[Allowed]:
    """Its permission, and before that one was given those that it may have been asked under."""
    own = [each for each in given if each.id == referral.mandate_id]
    until = own[0].given_at if own else rules.EVER
    earlier = [
        (each.given_at, until, frozenset(each.topic_ids))
        for each in given
        if each.organisation_id == referral.organisation_id and each.given_at < until
    ]
    return [*earlier, *((each.given_at, None, frozenset(each.topic_ids)) for each in own)]


def _topic(told: str | None) -> int | None:
    return int(told) if told else None
