"""What requests can be about, as the form offers it, and what is good to know of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from contactcenter.db import db
from contactcenter.directory.hours_text import format_hours
from contactcenter.directory.models import Site, Topic
from contactcenter.directory.queries import offered_topics
from contactcenter.intake.web import queries
from contactcenter.languages import date_in_words, language


@dataclass(frozen=True)
class Place:
    site: Site
    hours: Sequence[str]  # one line a day or run of days


@dataclass(frozen=True)
class Leaflet:
    """What a citizen needs to know of a topic before they come or write."""

    topic: Topic
    papers: Sequence[str]
    places: Sequence[Place]

    @property
    def price(self) -> str:
        """Empty for what is free."""
        if not self.topic.price_cents:
            return ""
        euros = Decimal(self.topic.price_cents) / 100
        return str(format_currency(euros, "EUR", locale=language()))

    @property
    def verified_on(self) -> str:
        day = self.topic.verified_on
        return date_in_words(day, "d MMMM y") if day else ""


def choices() -> list[SelectChoice]:
    """Topics under the name of who answers for them; not to know is a choice too."""
    spoken = language()
    offered = [
        SelectChoice(str(topic.id), topic.label_in(spoken), optgroup=organisation)
        for topic, organisation in db.session.execute(offered_topics())
    ]
    return [SelectChoice("", _("Je ne sais pas")), *offered]


def chosen(written: str | None) -> Topic | None:
    """The topic of this id, if it is offered here."""
    if not written or not written.isdecimal() or len(written) > 18:
        return None
    topic: Topic | None = db.session.scalar(queries.topic_of(int(written)))
    return topic


def leaflet(topic: Topic | None) -> Leaflet | None:
    if topic is None:
        return None
    spoken = language()
    places = [
        Place(site, [line for line in format_hours(site.hours, spoken).splitlines() if line])
        for site in db.session.scalars(queries.places())
    ]
    return Leaflet(topic, topic.papers_in(spoken), places)
