"""To whom a call can be handed on now: lines, colleagues there, teams with someone on duty."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, NotFound
from contactcenter.escalation.duty import on_duty, ready
from contactcenter.escalation.team_queries import team as one_team
from contactcenter.escalation.team_queries import teams
from contactcenter.intake.phone import queries
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.queries import all_queues, queues_of


@dataclass(frozen=True)
class Targets:
    queues: Sequence[Queue]
    people: Sequence[Person]
    teams: Sequence[tuple[Team, Organisation]]


def targets(person: Person, queue_id: int) -> Targets:
    """For a call in this queue and the person who talks to it."""
    lines = db.session.scalars(all_queues(QueueKind.PHONE)).all()
    experts = db.session.execute(teams()).all()
    there = on_duty([team for team, _organisation in experts], ready(), clock.now())
    return Targets(
        queues=[line for line in lines if line.id != queue_id],
        people=db.session.scalars(queries.colleagues_there(person, clock.now())).all(),
        teams=[(team, organisation) for team, organisation in experts if team.id in there],
    )


def queue_named(queue_id: int) -> Queue:
    """Raises NotFound."""
    queue = db.session.get(Queue, (current_centre(), queue_id))
    if queue is None:
        raise NotFound(_("Cette file n’existe pas."))
    return queue


def colleague_named(person_id: int, *, by: Person) -> Person:
    """Somebody who can be rung, now or soon. Raises Conflict."""
    there = queries.colleagues_there(by, clock.now()).where(Person.id == person_id)
    person: Person | None = db.session.scalar(there)
    if person is None:
        raise Conflict(_("Cette personne ne prend pas d’appels en ce moment."))
    return person


def team_named(team_id: int) -> Team:
    """Raises NotFound."""
    team: Team | None = db.session.scalar(one_team(team_id))
    if team is None:
        raise NotFound(_("Cette équipe n’existe pas."))
    return team


def is_on_duty(team: Team) -> bool:
    return bool(on_duty([team], ready(), clock.now()))


def line_of(colleague: Person, queue_id: int) -> Queue:
    """Of the lines this colleague serves the one the call is in, else their first."""
    served: Sequence[Queue] = db.session.scalars(queues_of(colleague, QueueKind.PHONE)).all()
    if not served:
        raise Conflict(_("Cette personne ne prend pas d’appels en ce moment."))
    return next((line for line in served if line.id == queue_id), served[0])
