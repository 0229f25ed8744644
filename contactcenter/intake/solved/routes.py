"""Is it solved? A link that a citizen was sent: looking changes nothing, a button answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.doors import stand_before
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.escalation import solved
from contactcenter.escalation.solved_models import SolvedQuestion
from contactcenter.intake.solved import actions
from contactcenter.intake.solved.forms import MissingForm

blueprint = Blueprint("solved", __name__, url_prefix="/solved")


@blueprint.get("/<code>/<solved_token>")
@requires(Permission.PUBLIC)
def show(code: str, solved_token: str) -> ResponseReturnValue:
    return _page(_asked(code, solved_token), MissingForm(formdata=None))


@blueprint.post("/<code>/<solved_token>")
@requires(Permission.PUBLIC)
def create(code: str, solved_token: str) -> ResponseReturnValue:
    question = _asked(code, solved_token)
    if (said := request.form.get("solved")) in ("yes", "no"):
        solved.say(question, is_solved=said == "yes")
    return _back(code, solved_token)


@blueprint.post("/<code>/<solved_token>/words")
@requires(Permission.PUBLIC)
def create_words(code: str, solved_token: str) -> ResponseReturnValue:
    """What is missing: it is not solved, and the request opens again."""
    question, form = _asked(code, solved_token), MissingForm()
    if not form.validate_on_submit():
        return _page(question, form), 422
    solved.say(question, is_solved=False)
    actions.say_missing(question, form.text.data or "")
    flash(_("Votre demande est rouverte. Un agent lira votre mot."))
    return _back(code, solved_token)


def _asked(code: str, token: str) -> SolvedQuestion:
    stand_before(code)
    return solved.by_token(token)


def _page(question: SolvedQuestion, form: MissingForm) -> str:
    ticket = actions.request_of(question)
    return render_template(
        "intake/solved/show.html",
        question=question,
        ticket=ticket,
        form=form,
        here={"code": request.view_args["code"], "solved_token": request.view_args["solved_token"]}
        if request.view_args
        else {},
    )


def _back(code: str, token: str) -> ResponseReturnValue:
    lang = request.args.get("lang")
    return redirect(url_for("solved.show", code=code, solved_token=token, lang=lang), 303)
