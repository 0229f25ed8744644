"""Which language a page speaks, and dates, durations and numbers said in it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup

from contactcenter import clock

LANGUAGES = ("fr", "nl", "en", "de")
NAMES = {"fr": "Français", "nl": "Nederlands", "en": "English", "de": "Deutsch"}

__all__ = ["LANGUAGES", "NAMES", "choose_language", "force_locale", "language", "register"]


def register(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "fr")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "../translations")
    Babel(app, locale_selector=choose_language, timezone_selector=lambda: None)
    app.context_processor(_words_of_page)
    app.template_filter("moment")(moment)
    app.template_filter("day")(day)
    app.template_filter("date_of")(date_of)
    app.template_filter("clock_time")(clock_time)
    app.template_filter("duration")(duration)
    app.jinja_env.globals["today"] = today


def _words_of_page() -> dict[str, Any]:
    """`_()` of templates: its language is looked up once a page and not once a word."""
    known = get_translations()

    @pass_eval_context
    def one(context: EvalContext, words: str, /, **named: Any) -> str:
        return _filled(context, known.gettext(words), named)

    @pass_eval_context
    def many(context: EvalContext, one: str, more: str, num: int, /, **named: Any) -> str:
        return _filled(context, known.ngettext(one, more, num), {"num": num, **named})

    return {"gettext": one, "ngettext": many}


def _filled(context: EvalContext, words: str, named: Mapping[str, Any]) -> str:
    return (Markup(words) if context.autoescape else words) % named  # noqa: S704 - our own words


def choose_language() -> str:
    """The person's own choice, else the one asked for by this browser, else French."""
    if not has_request_context():
        return "fr"
    asked = getattr(g, "language", None) or request.args.get("lang") or request.cookies.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    return request.accept_languages.best_match(LANGUAGES) or "fr"


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "fr"


def zone() -> ZoneInfo:
    """The time zone of the centre being looked at."""
    return ZoneInfo(getattr(g, "timezone", None) or "Europe/Paris") if g else ZoneInfo("UTC")


def clock_time(at: datetime) -> str:
    """14 h 30 in French, 14:30 elsewhere."""
    local = at.astimezone(zone())
    if language() == "fr":
        return f"{local.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{local.minute:02d}"
    return str(format_time(local, "HH:mm", locale=language()))


def day(at: datetime) -> str:
    """Today, yesterday, tomorrow, or the date in words."""
    local = at.astimezone(zone()).date()
    today = clock.now().astimezone(zone()).date()
    distance = (local - today).days
    if distance == 0:
        return _("aujourd’hui")
    if abs(distance) == 1:
        return _("hier") if distance < 0 else _("demain")
    pattern = "EEEE d MMMM" if abs(distance) < 120 else "d MMMM y"
    return date_in_words(local, pattern)


def today() -> str:
    """For paper, which is read on another day than it was printed."""
    return date_in_words(clock.now().astimezone(zone()).date(), "EEEE d MMMM y")


def date_of(at: datetime) -> str:
    """The date in words on any day: “from … to …” cannot say “to today” in every language."""
    local = at.astimezone(zone()).date()
    return date_in_words(local, "d MMMM" if local.year == clock.now().year else "d MMMM y")


def date_in_words(on: date, pattern: str) -> str:
    """A date as the pattern of the other languages writes it; German points its days."""
    return _date_in(language(), on, pattern)


@lru_cache(maxsize=2_000)  # a page says the same few days many times
def _date_in(spoken: str, on: date, pattern: str) -> str:
    if spoken == "de":
        pattern = pattern.replace("EEEE ", "EEEE, ").replace("d ", "d. ")
    return str(format_date(on, pattern, locale=spoken))


def dated(at: datetime) -> str:
    """The day and the hour in words for what is read on another day: never “tomorrow”."""
    local = at.astimezone(zone()).date()
    pattern = "EEEE d MMMM" if local.year == clock.now().year else "EEEE d MMMM y"
    return _("%(day)s à %(time)s", day=date_in_words(local, pattern), time=clock_time(at))


def moment(at: datetime) -> str:
    here = zone()
    today = clock.now().astimezone(here).date()
    return _moment_in(language(), here, today, at.replace(second=0, microsecond=0))


@lru_cache(maxsize=4_000)  # lists are looked at again and again
def _moment_in(_spoken: str, _zone: ZoneInfo, _today: date, at: datetime) -> str:
    return _("%(day)s à %(time)s", day=day(at), time=clock_time(at))


def duration(seconds: float) -> str:
    """Seconds in words: 40 s, 9 min, 2 h 05, 3 jours."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        minutes = f"{whole % 3600 // 60:02d}"
        return _("%(hours)d h %(minutes)s", hours=whole // 3600, minutes=minutes)
    return ngettext("%(num)d jour", "%(num)d jours", whole // 86400)


def whole_hours(seconds: float) -> str:
    return _("%(hours)d h", hours=int(seconds // 3600))
