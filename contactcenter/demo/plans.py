"""The plan of a demo centre, read from `catalogue/*.toml` and checked before anything is made."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.shared_rules import Detail

CATALOGUE = Path(__file__).parent / "catalogue"
CODES = ("val-dorme", "impots-be")


class PlanRefused(ValueError):
    """The files contradict themselves; each fault is one line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """The same words in each language of the product."""

    fr: str = Field(min_length=1)
    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)
    de: str = Field(min_length=1)


class WordLists(Part):
    fr: list[str] = Field(min_length=1)
    nl: list[str] = Field(min_length=1)
    en: list[str] = Field(min_length=1)
    de: list[str] = Field(min_length=1)


class CentrePart(Part):
    code: str
    name: str
    country: str
    timezone: str
    languages: list[str]
    mail_address: str


class OrganisationPart(Part):
    code: str
    name: str
    written: str
    identifiers: list[IdentifierKind] = []  # of citizens, that its experts may see
    shares: list[Detail | IdentifierKind] = []  # of citizens, that its topics need


class SitePart(Part):
    name: str
    kind: str
    address: str
    hours: str
    counters: list[str] = []


class QueuePart(Part):
    name: str
    kind: str
    site: str
    letter: str
    threshold_seconds: int
    short_seconds: int
    max_wait_seconds: int | None = None
    capacity: int | None = None
    asks_language: bool = False


class MenuPart(Part):
    digit: str
    queue: str
    label: Words


class LinePart(Part):
    number: str
    name: str
    site: str
    queue: str
    hours: str
    menu: list[MenuPart] = []


class MailboxPart(Part):
    address: str
    site: str
    queue: str


class TeamPart(Part):
    """An expert team; or, with queues it is in charge of, one of the first line: asked nothing."""

    organisation: str
    name: str
    email: str
    hours: str
    duty: str = ""
    answer_minutes: int = 960
    in_charge_of: list[str] = []

    @property
    def full_name(self) -> str:
        return f"{self.organisation}: {self.name}"


class PersonPart(Part):
    email: str
    name: str
    role: str
    language: str = "fr"
    serves: list[str] = []
    leads: list[str] = []
    speaks: list[str] = []  # the first best: of the others, at the second level


class StepPart(Part):
    after_minutes: int
    press: str


class RulePart(Part):
    name: str
    words: list[str]
    topic: str | None = None
    queue: str | None = None
    priority: str | None = None


class TopicPart(Part):
    """`team` answers first where the organisation has several; `fiche` is a sheet of the source."""

    code: str
    organisation: str
    label: Words
    synonyms: WordLists
    papers: list[str]
    price_cents: int = 0
    fiche: str = ""
    team: str | None = None
    shares: list[Detail | IdentifierKind] | None = None  # None: as those of its organisation


class TextPart(Part):
    """An article in one language."""

    title: str
    question: str
    answer: str


class ArticlePart(Part):
    """The first language is its original; a team keeps it where one is named."""

    topic: str
    team: str | None = None
    shared: bool = False
    texts: dict[str, TextPart] = Field(min_length=1)


class Plan(Part):
    centre: CentrePart
    organisations: list[OrganisationPart]
    sites: list[SitePart]
    queues: list[QueuePart]
    lines: list[LinePart]
    mailboxes: list[MailboxPart]
    teams: list[TeamPart]
    persons: list[PersonPart]
    ladder: list[StepPart]
    rules: list[RulePart]
    topics: list[TopicPart]
    papers: dict[str, Words]
    papers_source: str
    articles: list[ArticlePart]
    articles_note: Words
    has_past: bool = False  # some invented weeks before the first day

    @property
    def experts(self) -> list[TeamPart]:
        return [team for team in self.teams if not team.in_charge_of]

    def teams_of(self, organisation: str) -> list[TeamPart]:
        """Those that answer questions about its topics."""
        return [team for team in self.experts if team.organisation == organisation]

    def papers_of(self, topic: TopicPart, language: str) -> list[str]:
        return [getattr(self.papers[key], language) for key in topic.papers]


def read_plan(code: str) -> Plan:
    """The checked plan of one demo centre. Raises PlanRefused or pydantic's ValidationError."""
    written = _read(f"{code}.toml")
    topics = _read(written["topics"])
    articles = _read(written["articles"])
    made = {"topics": list(_topics(topics)), "articles": list(_articles(articles["article"]))}
    plan = Plan(**{**written, **made}, papers=_read("papers.toml"), articles_note=articles["note"])
    if faults := list(faults_of(plan)):
        raise PlanRefused(faults)
    return plan


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / name).read_text())


def _topics(written: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for organisation, topics in written.items():
        for name, topic in topics.items():
            yield {"code": f"{organisation}.{name}", "organisation": organisation, **topic}


def _articles(written: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for article in written:
        texts = {name: part for name, part in article.items() if isinstance(part, dict)}
        rest = {name: part for name, part in article.items() if name not in texts}
        yield {**rest, "texts": texts}


def faults_of(plan: Plan) -> Iterator[str]:
    """What is named twice, and what is named and does not exist."""
    yield from _named_twice(plan)
    yield from _not_described_of_places(plan)
    yield from _not_described_of_matters(plan)


def _named_twice(plan: Plan) -> Iterator[str]:
    counters = (each for each in plan.queues if each.kind == "counter")
    in_charge = (each for team in plan.teams for each in team.in_charge_of)
    yield from _twice("organisation", (each.code for each in plan.organisations))
    yield from _twice("site", (each.name for each in plan.sites))
    yield from _twice("queue", (each.name for each in plan.queues))
    yield from _twice("letter", (f"{each.letter} of {each.site}" for each in counters))
    yield from _twice("team", (each.full_name for each in plan.teams))
    yield from _twice("person", (each.email for each in plan.persons))
    yield from _twice("rule", (each.name for each in plan.rules))
    yield from _twice("queue in charge", in_charge)


def _not_described_of_places(plan: Plan) -> Iterator[str]:
    """Where requests come in and who works there."""
    sites = {each.name for each in plan.sites}
    queues = {each.name for each in plan.queues}
    teams = {each.full_name for each in plan.teams}
    doors: list[LinePart | MailboxPart] = [*plan.lines, *plan.mailboxes]
    yield from _missing("queue", (each.written for each in plan.organisations), queues)
    yield from _missing("site", (each.site for each in plan.queues), sites)
    yield from _missing("site", (door.site for door in doors), sites)
    yield from _missing("queue", (door.queue for door in doors), queues)
    for line in plan.lines:
        yield from _missing("queue", (choice.queue for choice in line.menu), queues)
    for team in plan.teams:
        yield from _missing("queue", team.in_charge_of, queues)
    for person in plan.persons:
        yield from _missing("place or team", person.serves, sites | queues | teams)
        yield from _missing("team", person.leads, teams)


def _not_described_of_matters(plan: Plan) -> Iterator[str]:
    """What requests are about, who knows of it and what is done with it."""
    organisations = {each.code for each in plan.organisations}
    queues = {each.name for each in plan.queues}
    teams = {each.full_name for each in plan.teams}
    topics = {each.code for each in plan.topics}
    spoken = set(plan.centre.languages)
    yield from _missing("organisation", (each.organisation for each in plan.teams), organisations)
    yield from _missing("organisation", (each.organisation for each in plan.topics), organisations)
    for topic in plan.topics:
        yield from _missing("paper", topic.papers, set(plan.papers))
        if topic.team:
            yield from _missing("team", [f"{topic.organisation}: {topic.team}"], teams)
    yield from _missing("topic", (each.topic for each in plan.articles), topics)
    yield from _missing("language", (code for a in plan.articles for code in a.texts), spoken)
    yield from _missing("topic", (each.topic for each in plan.rules if each.topic), topics)
    yield from _missing("queue", (each.queue for each in plan.rules if each.queue), queues)


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{kind} {name!r} stands {times} times"


def _missing(kind: str, names: Iterable[str], known: set[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{kind} {name!r} is named and not described"
