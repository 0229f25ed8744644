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
from contactcenter.escalation.models import Mandate, Referral

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
    """It can be seen again: what was lost is counted as ours, and its ladder goes on from there.

    Its deadline waits for as much; whoever is on duty is asked of a live one at once.
    """
    now, hours = clock.now(), hours_of(team)
    spans = hidden_of([referral], now).get(referral.id, [])
    since = max((start for start, end in spans if end == now), default=now)
    lost = open_time_between(hours, since, now)
    referral.hidden_seconds += int(lost.total_seconds())
    if ladder.awaits_live(referral):
        referral.next_due_at = now
        return
    if referral.due_at is not None and lost > NOTHING:
        referral.due_at = rules.deadline(hours, referral.due_at, lost)
        slack.reckon(referral, team)
    referral.next_due_at = ladder.next_look(referral, team, mandate)


def topic_told(told: str | None) -> int | None:
    """What a request was about, as an event tells it."""
    return int(told) if told else None


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
    for ticket_id, at, before, after in db.session.execute(held_queries.topics_told(ticket_ids)):
        told = found.setdefault(ticket_id or 0, [(rules.EVER, topic_told(before))])
        told.append((at, topic_told(after)))
    return found


def _allowed(referral: Referral, given: Sequence[Mandate]) -> list[Allowed]:
    """Whatever its organisation was allowed: a question goes on under any that is for its topic."""
    return [
        (
            each.given_at,
            min(each.expires_at, each.revoked_at or each.expires_at),
            frozenset(each.topic_ids),
        )
        for each in given
        if each.organisation_id == referral.organisation_id
    ]
