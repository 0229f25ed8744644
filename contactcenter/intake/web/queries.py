"""Questions of who stands before the web door: which centre, which topics, which places."""

from typing import Any

from sqlalchemy import Select, select

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre
from contactcenter.directory.models import Line, Site, SiteKind, Topic

OPEN_TO_ALL = (SiteKind.POST_OFFICE, SiteKind.TOWN_HALL, SiteKind.ITINERANT)


def centres() -> Select[Any]:
    return select(Centre).order_by(Centre.name)


def topic_of(topic_id: int) -> Select[Any]:
    return select(Topic).where(
        Topic.centre_id == current_centre(), Topic.id == topic_id, Topic.is_active
    )


def places() -> Select[Any]:
    """Where one may come without having been asked to."""
    return (
        select(Site)
        .where(Site.centre_id == current_centre(), Site.kind.in_(OPEN_TO_ALL))
        .order_by(Site.name)
    )


def a_line() -> Select[Any]:
    return select(Line).where(Line.centre_id == current_centre()).order_by(Line.id).limit(1)
