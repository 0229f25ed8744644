"""When a line answers: its own hours, else those of its site."""

from datetime import datetime

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.models import Line, Site
from contactcenter.directory.rules import (
    Hours,
    NeverCloses,
    NeverOpens,
    is_open,
    next_closing,
    next_opening,
)
from contactcenter.directory.stored_hours import read_hours
from contactcenter.languages import moment


def answers_now(line: Line) -> bool:
    return is_open(_hours(line), clock.now())


def opens_in_words(line: Line) -> str | None:
    """The next opening, in the language being spoken; None when none is planned."""
    try:
        return moment(next_opening(_hours(line), clock.now()))
    except NeverOpens:
        return None


def closes_at(line: Line) -> datetime | None:
    """When it closes next; None where it never does, or is closed now."""
    hours = _hours(line)
    try:
        return next_closing(hours, clock.now()) if is_open(hours, clock.now()) else None
    except NeverCloses:
        return None


def _hours(line: Line) -> Hours:
    site = db.session.get_one(Site, (line.centre_id, line.site_id))
    return read_hours(
        line.hours or site.hours, timezone=site.timezone, country=site.country, region=site.region
    )
