"""From the parts of a plan to rows: each step keeps the ids that the next ones name."""

from datetime import time, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import Json, Model, current_centre, db
from contactcenter.demo.plans import ArticlePart, LinePart, PersonPart, Plan, TeamPart, TopicPart
from contactcenter.directory.models import (
    Counter,
    Line,
    Mailbox,
    Site,
    SiteKind,
    Team,
    Topic,
    TopicTeam,
)
from contactcenter.directory.rules import Hours
from contactcenter.directory.stored_hours import store_hours
from contactcenter.directory.weekly_text import parse_weekly
from contactcenter.escalation.models import LadderStep, Press
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.knowledge import actions as articles
from contactcenter.languages import LANGUAGES, NAMES
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.routing_models import PersonSkill, RoutingRule, Skill
from contactcenter.triage.models import TriageRule

Row = TypeVar("Row", bound=Model)

MIDNIGHT = 24 * 60
REVIEWED_AFTER = timedelta(days=182)
TEAM_QUEUES = {QueueKind.REFERRAL: "questions écrites", QueueKind.CONSULT: "questions en direct"}


class Maker:
    """Makes everything of one plan in the centre of the scope."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.organisations: dict[str, Organisation] = {}
        self.sites: dict[str, Site] = {}
        self.queues: dict[str, Queue] = {}
        self.teams: dict[str, Team] = {}
        self.topics: dict[str, Topic] = {}
        self.persons: dict[str, Person] = {}

    def make(self) -> None:
        for step in (
            self._organisations,
            self._sites,
            self._queues,
            self._doors,
            self._teams,
            self._topics,
            self._persons,
            self._ladder,
            self._rules,
            self._articles,
            self._languages,
        ):
            step()
            db.session.flush()  # the next steps need the ids of these rows

    def _organisations(self) -> None:
        for place, part in enumerate(self.plan.organisations):
            self.organisations[part.code] = _add(
                Organisation(
                    code=part.code,
                    name=part.name,
                    is_own=place == 0,
                    identifiers=list(part.identifiers),
                )
            )

    def _sites(self) -> None:
        for part in self.plan.sites:
            self.sites[part.name] = site = _add(
                Site(
                    name=part.name,
                    kind=SiteKind(part.kind),
                    address=part.address,
                    hours=hours_from(part.hours),
                    **self._place(),
                )
            )
            db.session.flush()  # its counters need site.id
            for name in part.counters:
                _add(Counter(site_id=site.id, name=name))

    def _place(self) -> dict[str, Any]:
        centre = self.plan.centre
        return {"timezone": centre.timezone, "country": centre.country, "region": None}

    def _queues(self) -> None:
        for part in self.plan.queues:
            self.queues[part.name] = _add(
                Queue(
                    **part.model_dump(exclude={"site", "kind", "asks_language"}),
                    kind=QueueKind(part.kind),
                    site_id=self.sites[part.site].id,
                )
            )

    def _doors(self) -> None:
        for line in self.plan.lines:
            _add(
                Line(
                    number=line.number,
                    name=line.name,
                    site_id=self.sites[line.site].id,
                    queue_id=self.queues[line.queue].id,
                    menu=self._menu(line),
                    hours=hours_from(line.hours),
                )
            )
        for box in self.plan.mailboxes:
            site, queue = self.sites[box.site], self.queues[box.queue]
            _add(Mailbox(address=box.address, site_id=site.id, queue_id=queue.id))

    def _menu(self, line: LinePart) -> list[Json]:
        return [
            {
                "digit": choice.digit,
                "label": choice.label.model_dump(),
                "queue_id": self.queues[choice.queue].id,
                "topic_id": None,
            }
            for choice in line.menu
        ]

    def _teams(self) -> None:
        for part in self.plan.teams:
            organisation = self.organisations[part.organisation]
            self.teams[part.full_name] = team = _add(
                Team(
                    organisation_id=organisation.id,
                    name=part.name,
                    email=part.email,
                    hours=hours_from(part.hours),
                    answer_minutes=part.answer_minutes,
                    **self._place(),
                )
            )
            db.session.flush()  # its queues need team.id
            for name in part.in_charge_of:
                self.queues[name].in_charge_id = team.id
            if part in self.plan.experts:
                for kind, words in TEAM_QUEUES.items():
                    self._team_queue(f"{organisation.name}, {part.name} ({words})", team, kind)

    def _team_queue(self, name: str, team: Team, kind: QueueKind) -> None:
        threshold = 120 if kind is QueueKind.CONSULT else team.answer_minutes * 60
        _add(
            Queue(
                name=name, kind=kind, team_id=team.id, threshold_seconds=threshold, short_seconds=0
            )
        )

    def _topics(self) -> None:
        written = {part.code: part.written for part in self.plan.organisations}
        shares = {part.code: part.shares for part in self.plan.organisations}
        for part in self.plan.topics:
            self.topics[part.code] = topic = _add(
                Topic(
                    code=part.code,
                    organisation_id=self.organisations[part.organisation].id,
                    label=part.label.model_dump(),
                    synonyms=part.synonyms.model_dump(),
                    papers={each: self.plan.papers_of(part, each) for each in LANGUAGES},
                    price_cents=part.price_cents,
                    shared=list(shares[part.organisation] if part.shares is None else part.shares),
                    queue_id=self.queues[written[part.organisation]].id,
                    source_url=self.plan.papers_source + part.fiche if part.fiche else "",
                )
            )
            db.session.flush()  # its teams need topic.id
            for rank, team in enumerate(self._teams_for(part), start=1):
                _add(TopicTeam(topic_id=topic.id, team_id=team.id, rank=rank))

    def _teams_for(self, topic: TopicPart) -> list[Team]:
        """Every team of the organisation, the one named first."""
        parts = self.plan.teams_of(topic.organisation)
        parts.sort(key=lambda part: part.name != topic.team)
        return [self.teams[part.full_name] for part in parts]

    def _persons(self) -> None:
        for part in self.plan.persons:
            organisation = self.organisations[self._organisation_of(part)]
            person = _add(
                Person(
                    email=part.email,
                    name=part.name,
                    role=Role(part.role),
                    language=part.language,
                    organisation_id=organisation.id,
                )
            )
            db.session.flush()  # memberships and shifts need person.id
            self._memberships(part, person)
            self.persons[part.email] = person

    def _organisation_of(self, person: PersonPart) -> str:
        if person.role == Role.REFERENT:
            return (person.serves + person.leads)[0].partition(":")[0]
        return self.plan.organisations[0].code

    def _memberships(self, part: PersonPart, person: Person) -> None:
        for name in part.serves:
            for of in self._of_one_thing(name):
                _add(Membership(person_id=person.id, **of))
        for name in part.leads:
            _add(Membership(person_id=person.id, team_id=self.teams[name].id, leads=True))
        for team in self.plan.teams:
            if team.full_name in part.serves:
                self._shifts(team, person)

    def _of_one_thing(self, name: str) -> list[dict[str, int]]:
        """A place of the waiting room has the name of its site: one serves both."""
        kinds = (("site_id", self.sites), ("queue_id", self.queues), ("team_id", self.teams))
        return [{column: named[name].id} for column, named in kinds if name in named]

    def _shifts(self, part: TeamPart, person: Person) -> None:
        for weekday, intervals in parse_weekly(part.duty).items():
            for interval in intervals:
                _add(
                    DutyShift(
                        team_id=self.teams[part.full_name].id,
                        person_id=person.id,
                        weekday=weekday,
                        from_minute=_minute(interval.start),
                        to_minute=_minute(interval.end) or MIDNIGHT,
                    )
                )

    def _ladder(self) -> None:
        for step in self.plan.ladder:
            _add(LadderStep(after_minutes=step.after_minutes, press=Press(step.press)))

    def _rules(self) -> None:
        for position, part in enumerate(self.plan.rules, start=1):
            sets = {
                "topic_id": self.topics[part.topic].id if part.topic else None,
                "queue_id": self.queues[part.queue].id if part.queue else None,
                "priority": part.priority,
            }
            _add(
                TriageRule(
                    position=position,
                    name=part.name,
                    words=part.words,
                    sets={field: value for field, value in sets.items() if value is not None},
                )
            )

    def _articles(self) -> None:
        """Written and published by the first manager."""
        manager = db.session.scalars(
            select(Person)
            .where(Person.centre_id == current_centre(), Person.role == Role.MANAGER)
            .order_by(Person.id)
            .limit(1)
        ).one()
        review_on = clock.now().date() + REVIEWED_AFTER
        for part in self.plan.articles:
            topic = self.topics[part.topic]
            languages = list(part.texts)
            article = articles.draft(
                topic,
                languages[0],
                self._words(part, topic, languages[0]),
                team=self.teams.get(f"{part.topic.partition('.')[0]}: {part.team}"),
                is_shared=part.shared,
                by=manager,
            )
            for language in languages[1:]:
                words = self._words(part, topic, language)
                articles.write(article, language, words, seen=0, by=manager)
            articles.publish(article, review_on=review_on, by=manager)

    def _languages(self) -> None:
        """Who speaks what, and the queues that ask for it: the second level after two minutes."""
        spoken = sorted({each for part in self.plan.persons for each in part.speaks})
        skills = {each: _add(Skill(name=NAMES[each], language=each)) for each in spoken}
        db.session.flush()  # their ids
        for part in self.plan.persons:
            for place, each in enumerate(part.speaks, start=1):
                of = {"person_id": self.persons[part.email].id, "skill_id": skills[each].id}
                _add(PersonSkill(level=min(place, 2), **of))
        for asking in self.plan.queues:
            if asking.asks_language:
                queue_id = self.queues[asking.name].id
                _add(RoutingRule(queue_id=queue_id, asks_language=True, opens_after=[120]))

    def _words(self, part: ArticlePart, topic: Topic, language: str) -> articles.Words:
        text = part.texts[language]
        answer = f"{text.answer}\n\n{getattr(self.plan.articles_note, language)}"
        papers = tuple(topic.papers_in(language))
        return articles.Words(text.title, text.question, answer, papers)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def hours_from(text: str) -> Json:
    return store_hours(Hours(parse_weekly(text)))


def _add(row: Row) -> Row:
    db.session.add(row)
    return row
