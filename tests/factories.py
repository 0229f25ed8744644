"""A small centre for tests. Every name in it is made up."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Table, insert, select

from contactcenter import clock
from contactcenter.accounts.models import Centre, Membership, Organisation, Person
from contactcenter.accounts.passwords import hash_password
from contactcenter.accounts.permissions import Role
from contactcenter.db import Base, Scope, db, within
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
from contactcenter.edge import ContactCenter, transaction
from contactcenter.queues.models import Queue, QueueKind

Row = TypeVar("Row", bound=Any)

PASSWORD = "un mot de passe d’essai"
_HASH = hash_password(PASSWORD)
ALL_DAY = {"weekly": {str(day): [["08:30", "12:00"], ["13:30", "17:00"]] for day in range(5)}}


@dataclass(frozen=True)
class World:
    """Ids and detached rows of a small centre; load again what you want to change."""

    code: str
    centre_id: int
    site_id: int
    other_site_id: int
    counter_id: int
    second_counter_id: int
    counter_queue_id: int
    phone_queue_id: int
    written_queue_id: int
    referral_queue_id: int
    consult_queue_id: int
    topic_id: int
    team_id: int
    other_team_id: int
    own_organisation_id: int
    partner_id: int
    other_partner_id: int
    line_number: str
    mailbox: str
    agent: Person
    second_agent: Person
    outsider: Person  # an agent of another site: serves none of these queues
    manager: Person
    administrator: Person
    referent: Person
    lead: Person
    other_referent: Person


# Far above those the database gives; so many belong to one world.
FIRST_ID, IDS = 1_000_000_000, 1_000
_first_ids = count(FIRST_ID, IDS)


def make_world(app: ContactCenter, code: str, name: str, language: str) -> World:
    centre_id = new_world_id()
    with app.app_context():
        with transaction():
            centre = Centre(
                id=centre_id,
                code=code,
                name=name,
                country="FR",
                timezone="Europe/Paris",
                languages=["fr", "nl", "en", "de"],
                mail_address=f"contact@{code}.example",
            )
            db.session.add(centre)
        with within(Scope(centre_id)), transaction():
            builder = _Builder(code, centre_id, language)
            world = builder.build()
            builder.write()
    return _with_people(app, world)


def new_world_id() -> int:
    """The id of a centre, below those of all that is made with it."""
    return next(_first_ids)


def _with_people(app: ContactCenter, world: World) -> World:
    """The same world with its people as they are stored."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        people = {person.id: person for person in db.session.scalars(select(Person))}
        db.session.expunge_all()
    stored = {who: people[each.id] for who, each in vars(world).items() if isinstance(each, Person)}
    return replace(world, **stored)


@cache
def tables() -> dict[Table, int]:
    """Every table with its place: after those it refers to. Sorting them takes milliseconds."""
    return {table: place for place, table in enumerate(Base.metadata.sorted_tables)}


def _place(alike: Any) -> int:
    (table, _columns), _rows = alike
    return tables()[table]


class _Builder:
    """Gives each row its id, and writes them table by table."""

    def __init__(self, code: str, centre_id: int, language: str) -> None:
        self.code, self.centre_id, self.language = code, centre_id, language
        self._ids = count(centre_id + 1)
        self._rows: list[Any] = []

    def build(self) -> World:
        own = self._add(Organisation(code="own", name="Maison d’essai", is_own=True))
        partner = self._add(Organisation(code="dgfip", name="Impôts d’essai"))
        other = self._add(Organisation(code="caf", name="Allocations d’essai"))
        site, far = self._site("Bureau d’essai"), self._site("Bureau lointain")
        counter = self._add(Counter(site_id=site.id, name="1"))
        second = self._add(Counter(site_id=site.id, name="2"))
        team, other_team = self._team(partner, "Impôts"), self._team(other, "Logement")
        queues = {
            "counter": self._queue("Guichet", QueueKind.COUNTER, site_id=site.id),
            "phone": self._queue("Téléphone", QueueKind.PHONE, site_id=site.id, short_seconds=5),
            "written": self._queue("Courriels", QueueKind.WRITTEN, site_id=site.id),
            "referral": self._queue("Experts impôts", QueueKind.REFERRAL, team_id=team.id),
            "consult": self._queue("Direct impôts", QueueKind.CONSULT, team_id=team.id),
            "other_referral": self._queue(
                "Experts logement", QueueKind.REFERRAL, team_id=other_team.id
            ),
        }
        topic = self._topic(partner, queues["written"])
        self._add(TopicTeam(topic_id=topic.id, team_id=team.id))
        number = f"+331990014{sum(self.code.encode()) % 100:02d}"
        self._add(
            Line(
                number=number,
                name="Standard",
                site_id=site.id,
                queue_id=queues["phone"].id,
                hours=ALL_DAY,
            )
        )
        mailbox = f"contact@{self.code}.example"
        self._add(Mailbox(address=mailbox, site_id=site.id, queue_id=queues["written"].id))
        people = {
            "agent": self._person("agent", Role.AGENT, own),
            "second_agent": self._person("second", Role.AGENT, own),
            "outsider": self._person("outsider", Role.AGENT, own),
            "manager": self._person("manager", Role.MANAGER, own),
            "administrator": self._person("admin", Role.ADMINISTRATOR, own),
            "referent": self._person("referent", Role.REFERENT, partner),
            "lead": self._person("lead", Role.REFERENT, partner),
            "other_referent": self._person("autre", Role.REFERENT, other),
        }
        for who in ("agent", "second_agent", "manager"):
            self._add(Membership(person_id=people[who].id, site_id=site.id))
            for which in ("counter", "phone", "written"):
                self._add(Membership(person_id=people[who].id, queue_id=queues[which].id))
        self._add(Membership(person_id=people["outsider"].id, site_id=far.id))
        self._add(Membership(person_id=people["referent"].id, team_id=team.id))
        self._add(Membership(person_id=people["lead"].id, team_id=team.id, leads=True))
        self._add(Membership(person_id=people["other_referent"].id, team_id=other_team.id))
        return World(
            code=self.code,
            centre_id=self.centre_id,
            site_id=site.id,
            other_site_id=far.id,
            counter_id=counter.id,
            second_counter_id=second.id,
            counter_queue_id=queues["counter"].id,
            phone_queue_id=queues["phone"].id,
            written_queue_id=queues["written"].id,
            referral_queue_id=queues["referral"].id,
            consult_queue_id=queues["consult"].id,
            topic_id=topic.id,
            team_id=team.id,
            other_team_id=other_team.id,
            own_organisation_id=own.id,
            partner_id=partner.id,
            other_partner_id=other.id,
            line_number=number,
            mailbox=mailbox,
            **people,
        )

    def write(self) -> None:
        """A table before those that refer to it; rows that give the same columns at once."""
        alike: dict[Any, list[dict[str, Any]]] = {}
        for row in self._rows:
            values = {**vars(row), "centre_id": self.centre_id}
            del values["_sa_instance_state"]
            alike.setdefault((row.__table__, frozenset(values)), []).append(values)
        for (table, _columns), rows in sorted(alike.items(), key=_place):
            db.session.execute(insert(table), rows)

    def _add(self, row: Row) -> Row:
        row.id = next(self._ids)
        self._rows.append(row)
        return row

    def _site(self, name: str) -> Site:
        return self._add(
            Site(
                name=name,
                kind=SiteKind.POST_OFFICE,
                timezone="Europe/Paris",
                country="FR",
                hours=ALL_DAY,
            )
        )

    def _team(self, organisation: Organisation, name: str) -> Team:
        return self._add(
            Team(
                organisation_id=organisation.id,
                name=name,
                email=f"equipe@{organisation.code}-{self.code}.example",
                timezone="Europe/Paris",
                country="FR",
                hours=ALL_DAY,
                answer_minutes=8 * 60,
            )
        )

    def _queue(self, name: str, kind: QueueKind, **more: int) -> Queue:
        return self._add(Queue(name=name, kind=kind, **more))

    def _topic(self, organisation: Organisation, queue: Queue) -> Topic:
        return self._add(
            Topic(
                code="impots-avis",
                organisation_id=organisation.id,
                label={
                    "fr": "Avis d’impôt",
                    "nl": "Aanslagbiljet",
                    "en": "Tax notice",
                    "de": "Steuerbescheid",
                },
                synonyms={
                    "fr": ["impôt", "fisc"],
                    "nl": ["belasting"],
                    "en": ["tax"],
                    "de": ["Steuer"],
                },
                papers={"fr": ["Dernier avis d’impôt", "Pièce d’identité"]},
                shared=["first_name", "birth_year"],
                queue_id=queue.id,
            )
        )

    def _person(self, name: str, role: Role, organisation: Organisation) -> Person:
        return self._add(
            Person(
                name=f"{name.capitalize()} Essai",
                email=f"{name}@{self.code}.example",
                role=role,
                organisation_id=organisation.id,
                language="fr",
                password_hash=_HASH,
                password_changed_at=clock.now(),
            )
        )
