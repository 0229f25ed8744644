"""Where a refused question goes by itself: the next team that fits, else a fallback, else nobody.

A team is asked once in a chain, and after a few hops only the fallbacks are: nobody is sent round
in circles. What nobody can be asked stays with the agent, who sees the refusal; so does what was
asked for somebody else than the citizen of the request it was joined to.
"""

from collections.abc import Iterator

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.directory.keeping import this_centre
from contactcenter.directory.models import Site, Team
from contactcenter.directory.territories import Place, answers_for, is_within, place_of
from contactcenter.escalation import actions, asking, chain
from contactcenter.escalation.chain_queries import fallbacks, next_of, papers_sent, teams_for
from contactcenter.escalation.events import ReferralRerouted
from contactcenter.escalation.mandate_queries import living_mandate
from contactcenter.escalation.models import Referral, Refusal
from contactcenter.escalation.shown import is_of_another, shown_ticket
from contactcenter.events import announce
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

NOT_FOR_US = (Refusal.NOT_OUR_FIELD, Refusal.NOT_OUR_TERRITORY)


def route_on(refused: Referral) -> Referral | None:
    """Ask the next team what this one says is not for it; None when the agent must choose.

    Already done, or no longer wanted: nothing happens.
    """
    ticket = tickets.get(refused.ticket_id)
    is_wanted = refused.refusal in NOT_FOR_US and ticket.is_open and not refused.is_live
    if not is_wanted or db.session.scalar(next_of(refused)) is not None:
        return None
    if is_of_another(refused):
        return None
    team = next(_next_teams(refused, ticket), None)
    return _ask_next(refused, ticket, team) if team else None


def where(ticket: Ticket) -> Place:
    """Where the citizen lives as far as we know, else where they asked."""
    country = _country(ticket)
    if ticket.citizen_id is not None:
        citizen = db.session.get_one(Citizen, (ticket.centre_id, ticket.citizen_id))
        if (lives := place_of(citizen.address, country)).postcode:
            return lives
    if ticket.site_id is None:
        return Place(country)
    site = db.session.get_one(Site, (ticket.centre_id, ticket.site_id))
    return place_of(site.address, site.country)


def _country(ticket: Ticket) -> str:
    if ticket.site_id is not None:
        return db.session.get_one(Site, (ticket.centre_id, ticket.site_id)).country
    return this_centre().country


def _next_teams(refused: Referral, ticket: Ticket) -> Iterator[Team]:
    """Whom to ask now, best first."""
    asked = chain.teams_asked(refused)
    if refused.hops < chain.MOST_HOPS:
        place = where(ticket)
        for team, not_in in db.session.execute(teams_for(ticket.topic_id)):
            if (
                team.id not in asked
                and answers_for(place, team.country, team.territories)
                and not is_within(place, not_in)
                and _may_share(refused, team)
            ):
                yield team
    for team, is_own in db.session.execute(fallbacks(refused.organisation_id)):
        if team.id not in asked and (is_own or _may_share(refused, team)):
            yield team


def _may_share(refused: Referral, team: Team) -> bool:
    """Asked without identity, a question may go anywhere; else only where the citizen allowed."""
    if refused.mandate_id is None:
        return True
    mandate = living_mandate(shown_ticket(refused), team.organisation_id, clock.now())
    return db.session.scalar(mandate.limit(1)) is not None


def _ask_next(refused: Referral, ticket: Ticket, team: Team) -> Referral:
    is_shared = refused.mandate_id is not None and _may_share(refused, team)
    asker = db.session.get_one(Person, (current_centre(), refused.asked_by))
    asked = asking.ask(
        ticket,
        team,
        question=refused.question,
        by=asker,
        told=asking.told_of(refused),
        papers=db.session.scalars(papers_sent(refused)).all() if is_shared else (),
        without_identity=not is_shared,
        after=refused,
        shown=shown_ticket(refused),
    )
    announce(
        ReferralRerouted(
            **actions.named(asked),
            refused_id=refused.id,
            from_team_id=refused.team_id,
            hops=asked.hops,
        )
    )
    return asked
