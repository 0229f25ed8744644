"""A tablet in a waiting room: the language, the topic, and a number with its code. No account."""

import secrets
from http import HTTPStatus
from typing import NamedTuple

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Centre
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.directory import kiosk as addresses
from contactcenter.directory.models import Line
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.intake.counter import closing, kiosk, slips
from contactcenter.intake.counter.kiosk import Kiosk
from contactcenter.languages import LANGUAGES, NAMES, force_locale, language
from contactcenter.links import public_url
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")

BACK_AFTER = 90  # seconds until the next person finds the first page


@blueprint.get("/<kiosk_token>")
@requires(Permission.PUBLIC)
def show(kiosk_token: str) -> ResponseReturnValue:
    """The languages first; with one of them, the topics in it."""
    here, chosen = _kiosk(kiosk_token), request.args.get("lang")
    if chosen not in LANGUAGES:
        return render_template("intake/counter/kiosk.html", here=here, offered=_offered(here))
    with force_locale(chosen):
        return _topics(here)


@blueprint.post("/<kiosk_token>/numbers")
@requires(Permission.PUBLIC)
def create_number(kiosk_token: str) -> ResponseReturnValue:
    here, spoken = _kiosk(kiosk_token), request.form.get("lang", "")
    with force_locale(spoken if spoken in LANGUAGES else language()):
        if not kiosk.may_take(here.site):
            told = _("Trop de numéros ont été pris à la fois. Réessayez dans une minute.")
            return _topics(here, told), HTTPStatus.TOO_MANY_REQUESTS
        if not _is_open(here):
            return _topics(here), HTTPStatus.CONFLICT
        topic = here.topic(request.form.get("topic", type=whole_number))
        subject = topic.label_in(language()) if topic else _("Sans motif")
        key = request.form.get("key", "")[:64]
        visit = kiosk.take_number(here, topic, language(), key=key, subject=subject)
    where = url_for("kiosk.show_number", kiosk_token=kiosk_token, number=kiosk.seal(visit))
    return redirect(where, 303)


@blueprint.get("/<kiosk_token>/numbers/<number>")
@requires(Permission.PUBLIC)
def show_number(kiosk_token: str, number: str) -> ResponseReturnValue:
    here = _kiosk(kiosk_token)
    visit = kiosk.shown(number, here)
    if visit is None:
        return redirect(url_for("kiosk.show", kiosk_token=kiosk_token), 303)
    has_place = visit.state is not VisitState.OVER or visit.outcome not in _REFUSALS
    with force_locale(visit.language):
        page = render_template(
            "intake/counter/kiosk_number.html",
            here=here,
            slip=slips.slip(visit, here.site),
            has_place=has_place,
            **_other_ways(),
        )
    return page, HTTPStatus.OK, {"Refresh": f"{BACK_AFTER}; url={_start(kiosk_token)}"}


_REFUSALS = (Outcome.FULL, Outcome.DIVERTED)


def _kiosk(token: str) -> Kiosk:
    site = addresses.site_of(token)
    if site is None:
        raise NotFound(_("Cette borne est fermée."))
    g.centre = db.session.get_one(Centre, site.centre_id)
    g.timezone, g.kiosk = site.timezone, token
    return kiosk.kiosk_of(site)


def _topics(here: Kiosk, wrong: str = "") -> str:
    return render_template(
        "intake/counter/kiosk_topics.html",
        here=here,
        is_open=_is_open(here),
        key=secrets.token_hex(16),
        spoken=language(),
        wrong=wrong,
        **_other_ways(),
    )


class Offered(NamedTuple):
    """What can be done here, in the words of one language."""

    code: str
    name: str
    words: str


def _offered(here: Kiosk) -> list[Offered]:
    """Of a closed place no number is promised; each language still leads to the other ways."""
    is_open = _is_open(here)
    return [_in_words(each, is_open=is_open) for each in g.centre.languages if each in LANGUAGES]


def _in_words(code: str, *, is_open: bool) -> Offered:
    with force_locale(code):
        words = _("Prenez un numéro") if is_open else _("Ce lieu est fermé à cette heure")
    return Offered(code, NAMES[code], words)


def _is_open(here: Kiosk) -> bool:
    return bool(here.queues) and not closing.is_closed(here.site.centre_id, here.queues[0].id)


def _other_ways() -> dict[str, str | None]:
    """For who is sent elsewhere: a telephone number of the centre, and the address of its form."""
    number = db.session.scalar(
        select(Line.number).where(Line.centre_id == g.centre.id).order_by(Line.id).limit(1)
    )
    return {
        "line": readable(number, g.centre.country) if number else None,
        "web": public_url(url_for("web.show_form", code=g.centre.code)).split("://", 1)[-1],
    }


def _start(token: str) -> str:
    return url_for("kiosk.show", kiosk_token=token)
