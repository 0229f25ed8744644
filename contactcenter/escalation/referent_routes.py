"""The experts' side: what was asked of one's organisation, one question, its papers, its answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.attachments.downloads import as_download
from contactcenter.citizens.words import IDENTIFIERS, SHAREABLE
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.errors import NotFound
from contactcenter.escalation import (
    actions,
    cards,
    drawn,
    duty,
    handing,
    readings,
    search_queries,
    words,
)
from contactcenter.escalation.forms import (
    AnswerForm,
    HandingForm,
    InvitationForm,
    NoteForm,
    PrecisionForm,
    RefusalForm,
    SideForm,
)
from contactcenter.escalation.list_queries import closed_lately, inbox
from contactcenter.escalation.models import Referral, Side
from contactcenter.escalation.queries import visible_to
from contactcenter.escalation.question import question_of
from contactcenter.escalation.routing import NOT_FOR_US
from contactcenter.escalation.team_queries import teams_of
from contactcenter.fields import whole_number
from contactcenter.languages import language
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus
from contactcenter.queues.queries import presence_of
from contactcenter.tickets.search import NEWEST

blueprint = Blueprint("referrals", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "refusal_words": words.REFUSALS,
        "mandate_words": words.MANDATES,
        "identifier_words": IDENTIFIERS,
        "detail_words": SHAREABLE,
    }


NOTHING_SHOWN: Mapping[int, str] = {}
CLOSED_LATELY = timedelta(days=14)
MOST_CLOSED = 20
MOST_OPEN = 200
REPLIES: dict[str, type[FlaskForm]] = {
    "answer": AnswerForm,
    "precision": PrecisionForm,
    "refusal": RefusalForm,
    "note": NoteForm,
    "side": SideForm,
    "invitation": InvitationForm,
    "handing": HandingForm,
}


@blueprint.get("/referrals")
@requires(Permission.ANSWER_REFERRALS)
def list_referrals() -> ResponseReturnValue:
    template = "escalation/_list.html" if _is_fragment() else "escalation/list.html"
    return render_template(
        template, current=request.args.get("open", type=whole_number), **_list_pane()
    )


@blueprint.get("/referrals/most-pressing")
@requires(Permission.ANSWER_REFERRALS)
def show_most_pressing() -> ResponseReturnValue:
    """The first of the list as it is now: the list renews itself, a link beside it does not."""
    first = db.session.scalar(inbox(g.person).limit(1))
    return redirect(f"/referrals/{first.id}" if first else "/referrals", 303)


@blueprint.get("/referrals/<int:referral_id>")
@requires(Permission.ANSWER_REFERRALS)
def show_referral(referral_id: int) -> ResponseReturnValue:
    referral = _seen(referral_id)
    readings.read(referral, by=g.person)
    return question_page(referral, _reply_form())


@blueprint.get("/referrals/<int:referral_id>/papers/<int:attachment_id>")
@requires(Permission.ANSWER_REFERRALS)
def show_paper(referral_id: int, attachment_id: int) -> ResponseReturnValue:
    return as_download(readings.read_paper(_seen(referral_id), attachment_id, by=g.person))


@blueprint.post("/referrals/<int:referral_id>/taking")
@requires(Permission.ANSWER_REFERRALS)
def create_taking(referral_id: int) -> ResponseReturnValue:
    actions.take(actions.lock(referral_id, person=g.person), by=g.person)
    return redirect(f"/referrals/{referral_id}", 303)


@blueprint.post("/referrals/<int:referral_id>/answers")
@requires(Permission.ANSWER_REFERRALS)
def create_answer(referral_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.answer(
        referral,
        form.text.data,
        by=g.person,
        standard_procedure=bool(form.standard_procedure.data),
    )
    flash(_("Réponse envoyée à l’agent."))
    return redirect("/referrals", 303)


@blueprint.post("/referrals/<int:referral_id>/precision-requests")
@requires(Permission.ANSWER_REFERRALS)
def create_precision_request(referral_id: int) -> ResponseReturnValue:
    form = PrecisionForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.ask_back(referral, form.text.data, by=g.person)
    flash(_("Précision demandée : votre temps est arrêté."))
    return redirect(f"/referrals/{referral_id}", 303)


@blueprint.post("/referrals/<int:referral_id>/refusal")
@requires(Permission.ANSWER_REFERRALS)
def create_refusal(referral_id: int) -> ResponseReturnValue:
    form = RefusalForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.refuse(referral, form.refusal, form.text.data, by=g.person)
    if form.refusal in NOT_FOR_US:
        flash(_("C’est noté : la question va à l’équipe suivante, sinon elle revient à l’agent."))
    else:
        flash(_("Question rendue à l’agent, avec votre raison."))
    return redirect("/referrals", 303)


@blueprint.post("/referrals/<int:referral_id>/articles")
@requires(Permission.ANSWER_REFERRALS)
def create_article(referral_id: int) -> ResponseReturnValue:
    """A draft from one's own answer, shared with the centre."""
    referral = actions.lock(referral_id, person=g.person)
    article = drawn.article_of(referral, language(), by=g.person)
    flash(_("Brouillon prêt : réécrivez la question pour tous, puis publiez-le."))
    return redirect(
        url_for("knowledge.show_words", article_id=article.id, language=article.language), 303
    )


@blueprint.post("/referrals/<int:referral_id>/notes")
@requires(Permission.ANSWER_REFERRALS)
def create_note(referral_id: int) -> ResponseReturnValue:
    """For one's own organisation only."""
    form = NoteForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.note(referral, form.text.data, side=Side.REFERENT, by=g.person)
    return redirect(f"/referrals/{referral_id}", 303)


@blueprint.post("/referrals/availability")
@requires(Permission.ANSWER_REFERRALS)
def update_availability() -> ResponseReturnValue:
    """Say whether one answers live now."""
    is_ready = request.form.get("status") == ChosenStatus.READY
    presence.choose(g.person, ChosenStatus.READY if is_ready else ChosenStatus.OFFLINE)
    return redirect("/referrals", 303)


def _seen(referral_id: int) -> Referral:
    referral = db.session.scalar(visible_to(g.person).where(Referral.id == referral_id))
    if referral is None:
        raise NotFound(_("Cette question n’existe pas, ou n’est pas à vous."))
    return referral


def _reply_form() -> FlaskForm:
    return REPLIES.get(request.args.get("reply", ""), AnswerForm)(formdata=None)


def question_page(
    referral: Referral,
    form: FlaskForm,
    *,
    numbers: Mapping[int, str] = NOTHING_SHOWN,
    number_problem: str = "",
) -> str:
    """The question with its list; `numbers` are identifiers that are shown whole this once."""
    if isinstance(form, HandingForm):
        others = handing.colleagues(referral)
        form.offer([each for each in others if each.person.id != referral.taken_by])
    shown = {
        "question": question_of(referral),
        "form": form,
        "numbers": numbers,
        "number_problem": number_problem,
        "reply": next(kind for kind, each in REPLIES.items() if isinstance(form, each)),
    }
    if _is_fragment():
        return render_template("escalation/_question.html", **shown)
    return render_template("escalation/question.html", current=referral.id, **shown, **_list_pane())


def _list_pane() -> dict[str, Any]:
    now = clock.now()
    lately = closed_lately(g.person, now - CLOSED_LATELY).limit(MOST_CLOSED)
    present = db.session.scalar(presence_of(g.person))
    teams = db.session.scalars(teams_of(g.person)).all()
    typed = request.args.get("q", "").strip()[:200]
    found = search_queries.find(typed, g.person, _below(request.args.get("after", "")))
    hits = [hit.referral for hit in found.hits]
    waiting = db.session.scalars(inbox(g.person).limit(MOST_OPEN + 1)).all()
    return {
        "typed": typed,
        "found": found,
        "found_cards": zip(cards.cards_of(hits, Side.REFERENT), found.hits, strict=True),
        "open_cards": cards.cards_of(waiting[:MOST_OPEN], Side.REFERENT),
        "more": len(waiting) > MOST_OPEN,
        "closed_cards": cards.cards_of(db.session.scalars(lately).all(), Side.REFERENT),
        "teams": teams,
        "today": [_today(team, now) for team in teams],
        "answers_live": present is not None and present.status is ChosenStatus.READY,
        "shift_until": duty.own_shift(g.person, now),
    }


def _today(team: Team, now: datetime) -> tuple[Team, list[str], str | None]:
    """A team with its hours of the day, and the public holiday that the day is there."""
    hours = hours_of(team)
    return team, words.open_today(hours, now), words.holiday_today(hours, now)


def _below(written: str) -> int:
    """The id a page of a search goes on below; what is no id begins at the newest."""
    return int(written) if written.isdecimal() and len(written) < 19 else NEWEST


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
