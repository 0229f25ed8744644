"""The first hour is put away and brought back; the words of the trade have a page."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.welcome import actions, progress
from contactcenter.welcome.words import WORDS, in_order

blueprint = Blueprint("welcome", __name__)


@blueprint.app_context_processor
def _what_every_page_may_show() -> dict[str, object]:
    return {
        "first_hour": progress.first_hour,
        "shown_hour": progress.shown_hour,
        "first_tip": progress.tip,
        "words_explained": WORDS,
    }


@blueprint.post("/first-hour/hiding")
@requires(Permission.SIGNED_IN)
def create_hiding() -> ResponseReturnValue:
    actions.hide(g.person)
    told: Any = {
        "text": _("Votre première heure est rangée dans votre compte."),
        "undo": url_for("welcome.delete_hiding"),
    }
    flash(told)
    return redirect(url_for("home"), 303)


@blueprint.post("/first-hour/showing")
@requires(Permission.SIGNED_IN)
def delete_hiding() -> ResponseReturnValue:
    actions.show(g.person)
    return redirect(url_for("home"), 303)


@blueprint.get("/words")
@requires(Permission.SIGNED_IN)
def list_words() -> ResponseReturnValue:
    return render_template("welcome/words.html", words=in_order())
