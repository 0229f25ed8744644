"""The number on paper, and the square that leads a phone to the follow-up page."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select, select

from contactcenter.db import current_centre, db
from contactcenter.directory.models import Line, Site, Topic
from contactcenter.errors import NotFound
from contactcenter.intake.codes import in_fours, keys_of
from contactcenter.intake.counter.codes import code_to_print
from contactcenter.intake.counter.place import Place
from contactcenter.intake.slips import follow_up_address, follow_up_square
from contactcenter.languages import clock_time, language, zone
from contactcenter.queues.models import Visit
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Slip:
    visit: Visit
    site: Site
    ticket: Ticket | None
    topic: Topic | None
    code: str | None
    line: str | None  # where to call, and to send the code by SMS

    @property
    def given_on(self) -> str:
        """The date in full: paper is read on another day."""
        local = self.visit.entered_at.astimezone(zone())
        day = format_date(local, "long", locale=language())
        return _("%(day)s à %(time)s", day=day, time=clock_time(local))

    @property
    def shown_address(self) -> str:
        return follow_up_address().split("://", 1)[-1]

    @property
    def keys(self) -> str:
        """The code as it is typed on a telephone."""
        return in_fours(keys_of(self.visit.centre_id, self.visit.interaction_id or 0))

    @property
    def square(self) -> Markup:
        return follow_up_square(self.code)

    @property
    def papers(self) -> list[str]:
        return self.topic.papers_in(self.visit.language) if self.topic else []

    def chosen_papers(self, indexes: Sequence[int]) -> list[str]:
        """The papers ticked on the screen; all of them when nothing was ticked."""
        kept = [paper for index, paper in enumerate(self.papers) if index in indexes]
        return kept or self.papers


def slip_of(visit_id: int, place: Place) -> Slip:
    """Raises NotFound for a visit that is none of this place."""
    visit = db.session.get(Visit, (current_centre(), visit_id))
    if visit is None or visit.queue_id not in place.queue_ids:
        raise NotFound(_("Ce numéro n’est pas d’ici."))
    return slip(visit, place.site)


def slip(visit: Visit, site: Site) -> Slip:
    return Slip(
        visit,
        site,
        db.session.get(Ticket, (visit.centre_id, visit.ticket_id)) if visit.ticket_id else None,
        db.session.get(Topic, (visit.centre_id, visit.topic_id)) if visit.topic_id else None,
        code_to_print(visit),
        db.session.scalar(_line_of(site)),
    )


def _line_of(site: Site) -> Select[str]:
    """The line of the place, else another of the centre."""
    return (
        select(Line.number)
        .where(Line.centre_id == current_centre())
        .order_by((Line.site_id == site.id).desc().nulls_last(), Line.id)
        .limit(1)
    )
