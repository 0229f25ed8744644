"""What one can choose from in the filters of a list: the names of places and people."""

from dataclasses import dataclass
from typing import cast

from flask import g

from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import db
from contactcenter.desk import records
from contactcenter.desk.tags import tag_names
from contactcenter.desk.topics import TopicNames, topic_names
from contactcenter.directory.models import Site


@dataclass(frozen=True)
class Choices:
    queues: dict[int, str]
    topics: TopicNames
    tags: dict[int, str]
    sites: dict[int, str]
    organisations: dict[int, str]
    people: dict[int, str]

    @property
    def names(self) -> dict[str, dict[int, str]]:
        """By field of the filters."""
        return {
            "queue_id": self.queues,
            "topic_id": self.topics.all,
            "tag_id": self.tags,
            "site_id": self.sites,
            "organisation_id": self.organisations,
            "assignee": self.people,
        }


def choices(person: Person, queues: dict[int, str]) -> Choices:
    """Read once a page: filters, chips and the search box all name them."""
    if "choices" not in g:
        g.choices = _choices(person, queues)
    return cast(Choices, g.choices)


def _choices(person: Person, queues: dict[int, str]) -> Choices:
    sites = db.session.scalars(db.select(Site).where(Site.centre_id == person.centre_id))
    partners = db.session.scalars(
        db.select(Organisation).where(
            Organisation.centre_id == person.centre_id, ~Organisation.is_own
        )
    )
    team = db.session.execute(records.team_mates(person, list(queues)))
    return Choices(
        queues=queues,
        topics=topic_names(),
        tags=tag_names(),
        sites=_by_name({site.id: site.name for site in sites}),
        organisations=_by_name({each.id: each.name for each in partners}),
        people=_by_name({row.id: row.name for row in team}),
    )


def _by_name(named: dict[int, str]) -> dict[int, str]:
    return dict(sorted(named.items(), key=lambda each: each[1].casefold()))
