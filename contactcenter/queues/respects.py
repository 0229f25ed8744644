"""In what respects a report tells visits apart beside their queue, as each is named in it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select

from contactcenter.accounts.models import Organisation
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.queues.models import Queue, Visit

_TEAM = (
    select(func.concat(Organisation.name, ", ", Team.name))
    .select_from(Team)
    .join(
        Organisation,
        and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
    )
    .where(Team.centre_id == Visit.centre_id, Team.id == Visit.team_id)
)
_TOPIC = select(Topic.code).where(Topic.centre_id == Visit.centre_id, Topic.id == Visit.topic_id)
_SITE = select(Site.name).where(Site.centre_id == Queue.centre_id, Site.id == Queue.site_id)

# A visit that has none in a respect (no team, no topic) is named by nothing.
RESPECTS: Mapping[str, ColumnElement[Any]] = {
    "channel": cast(Visit.channel, Text),
    "site": _SITE.correlate(Queue).scalar_subquery(),
    "topic": _TOPIC.correlate(Visit).scalar_subquery(),
    "language": cast(Visit.language, Text),
    "priority": cast(Visit.priority_class, Text),
    "team": _TEAM.correlate(Visit).scalar_subquery(),
}
