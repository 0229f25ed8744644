"""Acts of an expert on many questions: choose what to do, follow it, and take it back."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.escalation import words
from contactcenter.escalation.list_queries import Narrowing, open_for
from contactcenter.escalation.models import Referral
from contactcenter.escalation.staffing_queries import answering_for
from contactcenter.escalation.team_queries import teams_of
from contactcenter.fields import whole_number
from contactcenter.worklists import actions, question_verbs, tallies
from contactcenter.worklists.models import Act, BulkAct, Outcome, Refusal
from contactcenter.worklists.queries import acts_of, question_rows_of
from contactcenter.worklists.words import ON_QUESTIONS

blueprint = Blueprint("question_bulk", __name__)

SHOWN = 50
LATEST = 20
REFUSED = {
    Refusal.UNSEEN: _l("n’est pas, ou plus, à vous"),
    Refusal.STATUS: _l("un collègue l’a, elle est close, ou l’usager est attendu"),
    Refusal.UNFIT: _l("cette personne ne peut pas l’avoir"),
    Refusal.CHANGED_SINCE: _l("quelqu’un l’a changée depuis"),
}


@blueprint.get("/referrals/bulk/new")
@requires(Permission.ANSWER_REFERRALS)
def show_new_bulk() -> ResponseReturnValue:
    """What to do with the questions that were ticked, or with all of the list."""
    return _new_page()


@blueprint.get("/referrals/bulk")
@requires(Permission.ANSWER_REFERRALS)
def list_bulks() -> ResponseReturnValue:
    latest = acts_of(g.person, ON_QUESTIONS).order_by(BulkAct.begun_at.desc(), BulkAct.id.desc())
    bulks = db.session.scalars(latest.limit(LATEST)).all()
    return render_template("desk/question_bulks.html", bulks=bulks, acts=ON_QUESTIONS)


@blueprint.post("/referrals/bulk")
@requires(Permission.ANSWER_REFERRALS)
def create_bulk() -> ResponseReturnValue:
    act = Act(request.form["act"]) if request.form.get("act") in question_verbs.ACTS else None
    if act is None:
        raise Invalid("", "act")
    value = {Act.HAND: "to", Act.REFUSE: "code"}.get(act, "")
    try:
        bulk = actions.begin_questions(
            act,
            request.form.get(value, "")[:40],
            _chosen(),
            by=g.person,
            reason="" if act is Act.TAKE else request.form.get(f"{act}_words", ""),
        )
    except Invalid as refused:
        return _new_page(str(refused)), 422
    return redirect(url_for("question_bulk.show_bulk", bulk_id=bulk.id), 303)


@blueprint.get("/referrals/bulk/<int:bulk_id>")
@requires(Permission.ANSWER_REFERRALS)
def show_bulk(bulk_id: int) -> ResponseReturnValue:
    bulk = actions.own_act(bulk_id, person=g.person, among=ON_QUESTIONS)
    fragment = request.headers.get("HX-Request")
    template = "desk/_question_bulk.html" if fragment else "desk/question_bulk.html"
    return render_template(template, **_shown(bulk))


@blueprint.post("/referrals/bulk/<int:bulk_id>/undoing")
@requires(Permission.ANSWER_REFERRALS)
def create_undoing(bulk_id: int) -> ResponseReturnValue:
    back = actions.undo(actions.own_act(bulk_id, person=g.person, among=ON_QUESTIONS), by=g.person)
    return redirect(url_for("question_bulk.show_bulk", bulk_id=back.id), 303)


def _new_page(problem: str = "") -> str:
    ids = _chosen()
    return render_template(
        "desk/question_bulk_new.html",
        problem=problem,
        asked=Narrowing.parse(request.args),
        ids=ids,
        has_more=len(ids) == actions.MOST,
        most=actions.MOST,
        colleagues=_colleagues(g.person),
        codes=words.REFUSALS,
        sent=request.form,
    )


def _chosen() -> list[int]:
    """The questions that were ticked, or all of a list as the page found it; one's own alone.

    What the page shows is sent on by it: what arrives meanwhile was read by nobody.
    """
    if "all" in request.args:
        wanted = open_for(g.person, Narrowing.parse(request.args))
    else:
        sent = [*request.values.getlist("id"), *request.form.get("ids", "").split()]
        ticked = [int(each) for each in sent if each.isdecimal() and len(each) < 19]
        wanted = open_for(g.person).where(Referral.id.in_(ticked[: actions.MOST]))
    ids = wanted.with_only_columns(Referral.id).order_by(Referral.id).limit(actions.MOST)
    return list(db.session.scalars(ids))


def _colleagues(person: Person) -> dict[int, str]:
    found: dict[int, str] = {}
    for team in db.session.scalars(teams_of(person)):
        found |= {each.id: each.name for each in db.session.scalars(answering_for(team))}
    return dict(sorted(found.items(), key=lambda each: each[1]))


def _shown(bulk: BulkAct) -> dict[str, Any]:
    after = request.args.get("after", 0, type=whole_number)
    refused = db.session.execute(question_rows_of(bulk, Outcome.REFUSED, after, SHOWN + 1)).all()
    return {
        "bulk": bulk,
        "word": ON_QUESTIONS.get(bulk.act, ""),
        "tally": tallies.tally_of(bulk),
        "refused": refused[:SHOWN],
        "next_after": refused[SHOWN - 1][0].id if len(refused) > SHOWN else None,
        "may_undo": actions.may_undo(bulk),
        "can_undo": question_verbs.can_undo(bulk.act),
        "undo_minutes": round(actions.UNDO_WITHIN.total_seconds() / 60),
        "refusals": REFUSED,
    }
