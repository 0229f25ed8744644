"""The coverage map: for each topic and district, who answers, and where nobody does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select

from contactcenter.accounts.models import Organisation
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Site, Team, Topic, TopicTeam
from contactcenter.directory.territories import Place, answers_for, is_within, place_of
from contactcenter.escalation.coverage import today_at
from contactcenter.escalation.models import Referral
from contactcenter.escalation.staffing_queries import present_of
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Answering:
    team: Team
    people: int  # there today, who stand in included


@dataclass(frozen=True)
class Cell:
    """One topic in one district; an empty district is everywhere."""

    topic: Topic
    organisation: Organisation
    district: str
    answering: Sequence[Answering]
    questions: int  # open now, about the topic

    @property
    def gap(self) -> str:
        """Why nobody would answer: "no_team", "nobody", or "" where somebody would."""
        if not self.answering:
            return "no_team"
        return "" if any(each.people for each in self.answering) else "nobody"


def coverage_map(organisation_id: int | None = None, *, gaps_only: bool = False) -> list[Cell]:
    people = _people()
    teams = _teams()
    waiting = _waiting()
    cells = [
        _cell(topic, organisation, place, teams.get(topic.id, ()), people, waiting)
        for topic, organisation in db.session.execute(_topics(organisation_id))
        for place in _places(teams.get(topic.id, ()))
    ]
    return [cell for cell in cells if cell.gap] if gaps_only else cells


def _cell(
    topic: Topic,
    organisation: Organisation,
    place: Place,
    teams: Iterable[tuple[Team, list[str]]],
    people: Mapping[int, int],
    waiting: Mapping[int, int],
) -> Cell:
    answering = [
        Answering(team, people.get(team.id, 0))
        for team, not_in in teams
        if answers_for(place, team.country, team.territories) and not is_within(place, not_in)
    ]
    return Cell(topic, organisation, place.postcode, answering, waiting.get(topic.id, 0))


def _places(teams: Iterable[tuple[Team, list[str]]]) -> list[Place]:
    """Our sites' and the teams' districts, if any team of the topic has a territory."""
    bounds = [(team, not_in) for team, not_in in teams if team.territories or not_in]
    if not bounds:
        return [Place("")]
    sites = db.session.scalars(select(Site).where(Site.centre_id == current_centre())).all()
    known = {place_of(site.address, site.country) for site in sites}
    ours = {Place(place.country, place.district) for place in known if place.postcode}
    theirs = {
        Place(team.country, Place(team.country, prefix).district)
        for team, not_in in bounds
        for prefix in (*team.territories, *not_in)
    }
    return sorted(ours | theirs, key=lambda place: (place.country, place.postcode))


def _topics(organisation_id: int | None) -> Select[Topic, Organisation]:
    topics = (
        select(Topic, Organisation)
        .join(
            Organisation,
            and_(
                Organisation.centre_id == Topic.centre_id,
                Organisation.id == Topic.organisation_id,
            ),
        )
        .where(Topic.centre_id == current_centre(), Topic.is_active)
        .order_by(Organisation.name, Topic.code)
    )
    if organisation_id is None:
        return topics
    return topics.where(Topic.organisation_id == organisation_id)


def _teams() -> dict[int, list[tuple[Team, list[str]]]]:
    rows = db.session.execute(
        select(TopicTeam, Team)
        .join(Team, and_(Team.centre_id == TopicTeam.centre_id, Team.id == TopicTeam.team_id))
        .where(TopicTeam.centre_id == current_centre())
        .order_by(TopicTeam.rank)
    )
    found: dict[int, list[tuple[Team, list[str]]]] = {}
    for row, team in rows:
        found.setdefault(row.topic_id, []).append((team, row.not_in))
    return found


def _people() -> dict[int, int]:
    teams = db.session.scalars(select(Team).where(Team.centre_id == current_centre())).all()
    return {
        team.id: len(db.session.scalars(present_of(team.id, today_at(team))).all())
        for team in teams
    }


def _waiting() -> dict[int, int]:
    rows = db.session.execute(
        select(Ticket.topic_id, func.count(Referral.id))
        .join(Ticket, and_(Ticket.centre_id == Referral.centre_id, Ticket.id == Referral.ticket_id))
        .where(Referral.centre_id == current_centre(), Referral.closed_at.is_(None))
        .group_by(Ticket.topic_id)
    )
    return {row[0]: row[1] for row in rows if row[0]}
