"""People, moments and reasons as the desk says them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from contactcenter import clock
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.rules import readable
from contactcenter.desk.tags import Tagging
from contactcenter.languages import (
    clock_time,
    date_in_words,
    day,
    duration,
    language,
    whole_hours,
    zone,
)
from contactcenter.replies.models import Macro, Then
from contactcenter.tickets.models import Channel, Status

STATUSES = {
    Status.NEW: _l("Nouvelle"),
    Status.OPEN: _l("À faire"),
    Status.WAITING_ON_CITIZEN: _l("Attend l’usager"),
    Status.RESOLVED: _l("Terminée"),
    Status.CLOSED: _l("Close"),
}
CHANNELS = {
    Channel.COUNTER: _l("Guichet"),
    Channel.PHONE: _l("Téléphone"),
    Channel.EMAIL: _l("Courriel"),
    Channel.LETTER: _l("Lettre"),
    Channel.WEB: _l("Site"),
    Channel.SMS: _l("SMS"),
    Channel.API: _l("Autre logiciel"),
}
SPOKE = {
    Channel.COUNTER: _l("Dit au guichet"),
    Channel.PHONE: _l("Dit au téléphone"),
    Channel.EMAIL: _l("Courriel"),
    Channel.LETTER: _l("Lettre"),
    Channel.WEB: _l("Message du site"),
    Channel.SMS: _l("SMS"),
    Channel.API: _l("Message reçu"),
}
HELD = {
    Channel.COUNTER: _l("Visite au guichet"),
    Channel.PHONE: _l("Appel"),
    Channel.EMAIL: _l("Courriel"),
    Channel.LETTER: _l("Lettre"),
    Channel.WEB: _l("Site"),
    Channel.SMS: _l("SMS"),
    Channel.API: _l("Autre logiciel"),
}
PRIORITIES = {"normal": _l("Ordinaire"), "high": _l("Passe avant")}
AFTERWARDS = {
    Then.RESOLVE: _l("la demande est terminée"),
    Then.WAIT: _l("la demande attend l’usager"),
}
REACHES = {
    "email": _l("par courriel"),
    "phone": _l("par téléphone"),
    "sms": _l("par SMS"),
    "letter": _l("par lettre"),
    "counter": _l("au guichet"),
}
EXPERT_SAID = {
    "by_mail": _l("Reçu par courriel"),
    "question": _l("Question posée"),
    "precision_asked": _l("Précision demandée"),
    "precision": _l("Précision donnée"),
    "answer": _l("Réponse de l’expert"),
    "refusal": _l("« Pas pour nous »"),
    "note": _l("Note sur la question"),
    "chase": _l("Relance"),
    "withdrawal": _l("Question retirée"),
    "ended": _l("Question retirée"),
    "put_again": _l("Question remise"),
}
_FIELDS = {
    "topic": _l("le motif"),
    "priority": _l("la priorité"),
    "language": _l("la langue"),
    "queue": _l("la file"),
    "citizen": _l("la personne"),
    "subject": _l("l’objet"),
}
_DEFAULTS = {
    "given": _l("donné à l’arrivée"),
    "usual": _l("aucune règle ne la fait passer avant"),
    "topic": _l("la file habituelle de ce motif"),
    "door": _l("la file où elle est arrivée"),
    "centre": _l("la file des demandes écrites"),
}


def lines(text: str) -> Markup:
    """Someone's text with its line breaks, and nothing in it taken for markup."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def phone(number: str) -> str:
    return readable(number, g.centre.country)


def when(at: datetime) -> str:
    """A moment near by in few words: 15 h 30, demain 11 h 00, jeudi 10 h 00, else the date."""
    local, today = at.astimezone(zone()).date(), clock.now().astimezone(zone()).date()
    away = (local - today).days
    if away == 0:
        return clock_time(at)
    if abs(away) == 1:
        return _("%(day)s %(time)s", day=day(at), time=clock_time(at))
    if abs(away) < 7:
        weekday = format_date(local, "EEEE", locale=language())
        return _("%(day)s %(time)s", day=weekday, time=clock_time(at))
    return date_in_words(local, "d MMM" if abs(away) < 300 else "d MMM y")


def rough(seconds: float) -> str:
    """An age in one unit: 40 min, 3 h, 13 jours."""
    if 3600 <= seconds < 86400:
        return whole_hours(seconds)
    return duration(seconds)


def full_date(on: date) -> str:
    """A day, or the day of a moment, with its year."""
    local = on.astimezone(zone()).date() if isinstance(on, datetime) else on
    return date_in_words(local, "d MMMM y")


def number(much: int) -> str:
    """A number with its thousands apart: 1 000."""
    return str(format_decimal(much, locale=language()))


def who(citizen: Citizen | None) -> str:
    """A citizen's name, or how they are reached, or that we do not know."""
    if citizen is None:
        return str(_("Sans nom"))
    reached = phone(citizen.phone) if citizen.phone else None
    return citizen.name or reached or citizen.email or str(_("Sans nom"))


def reason(why: dict[str, Any]) -> str:
    """Why a field was proposed, in a few words."""
    code = why.get("code")
    if code == "rule":
        return str(_("règle « %(name)s »", name=why.get("name", "")))
    if code == "words":
        return str(_("mots lus : %(words)s", words=", ".join(why.get("words", []))))
    if code == "detected":
        return str(_("reconnue à ses mots"))
    if code == "nothing":
        return str(_("aucun n’avait été proposé"))
    return str(_DEFAULTS.get(why.get("of", ""), ""))


def followed_by(macro: Macro, topics: Mapping[int, str], tags: Mapping[int, Tagging]) -> list[str]:
    """What using a ready-made reply does beside its words, one phrase each."""
    phrases = []
    if macro.topic_id:
        phrases.append(_("le motif devient « %(topic)s »", topic=topics.get(macro.topic_id, "")))
    if macro.priority:
        phrases.append(_("la priorité devient « %(it)s »", it=PRIORITIES[macro.priority.value]))
    for tag in (tags[each] for each in macro.tag_ids if each in tags):
        phrases.append(_("l’étiquette « %(tag)s » est posée", tag=tag.name))
    if macro.then:
        phrases.append(str(AFTERWARDS[macro.then]))
    return phrases


def field(name: str) -> str:
    return str(_FIELDS.get(name, name))


WORDS = {
    "statuses": STATUSES,
    "channels": CHANNELS,
    "spoke": SPOKE,
    "held": HELD,
    "priority_words": PRIORITIES,
    "reaches": REACHES,
    "expert_said": EXPERT_SAID,
    "who": who,
    "reason_of": reason,
    "field_word": field,
    "followed_by": followed_by,
    "afterwards": AFTERWARDS,
}


def speak(blueprint: Blueprint) -> None:
    """Give the pages of a blueprint these words."""
    blueprint.context_processor(lambda: WORDS)
    for say in (lines, phone, when, rough, full_date, number):
        blueprint.add_app_template_filter(say, say.__name__)
