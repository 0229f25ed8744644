"""The agents' side: ask an expert, follow the questions of a ticket, take one back."""

from datetime import datetime, time
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.queries import of_ticket as papers_of_ticket
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.words import SHAREABLE
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation import (
    actions,
    asking,
    cards,
    consent,
    direct,
    disclosing,
    mandates,
    words,
)
from contactcenter.escalation.calendars import predicted_due
from contactcenter.escalation.forecast import forecasts
from contactcenter.escalation.forms import (
    ALREADY,
    LARGEST_KEY,
    NAMELESS,
    AskForm,
    ChaseForm,
    LiveForm,
    WordsForm,
)
from contactcenter.escalation.mandate_queries import organisations_allowed, organisations_named
from contactcenter.escalation.models import Referral, ReferralStatus, Side
from contactcenter.escalation.queries import visible_to
from contactcenter.escalation.team_queries import team as one_team
from contactcenter.fields import whole_number
from contactcenter.languages import language, zone
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to as tickets_visible_to

blueprint = Blueprint("escalation", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"refusal_words": words.REFUSALS, "detail_words": SHAREABLE}


@blueprint.get("/tickets/<reference>/referrals")
@requires(Permission.ASK_REFERENTS)
def show_referrals(reference: str) -> ResponseReturnValue:
    """The panel of a ticket: a fragment that its page includes and refreshes, else a page."""
    template = "escalation/_referrals.html" if _is_fragment() else "escalation/panel.html"
    return render_template(template, experts=cards.panel_of(seen_ticket(reference)))


@blueprint.get("/tickets/<reference>/referrals/new")
@requires(Permission.ASK_REFERENTS)
def new_referral(reference: str) -> ResponseReturnValue:
    ticket = seen_ticket(reference)
    if not ticket.is_open:
        return render_template("escalation/over.html", ticket=ticket)
    refused = _refused(ticket, request.args.get("after", type=whole_number))
    form = AskForm(
        question=refused.question if refused else None,
        blocks=refused.blocks if refused else None,
        since=refused.blocked_since if refused else None,
        tried=refused.tried if refused else None,
        right_lost=refused.right_lost if refused else None,
        after=refused.id if refused else None,
    )
    return _ask_page(ticket, form)


@blueprint.post("/tickets/<reference>/referrals")
@requires(Permission.ASK_REFERENTS)
def create_referral(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    form = AskForm()
    _offer(form, ticket)
    if not form.validate_on_submit():
        return _ask_page(ticket, form), 422
    try:
        with db.session.begin_nested():  # a refused question leaves no permission and no paper
            said = _ask_by_text(ticket, form) if form.waits_for_yes else _ask(ticket, form)
    except Invalid as refused:
        _point_at(form, refused)
        return _ask_page(ticket, form), 422
    flash(said)
    return redirect(f"/tickets/{ticket.reference}", 303)


@blueprint.post("/tickets/<reference>/live-questions")
@requires(Permission.ASK_REFERENTS)
def create_live_question(reference: str) -> ResponseReturnValue:
    """Ask who is on duty now, in one key; without a permission the question shares no identity."""
    ticket = tickets.lock(reference, person=g.person)
    form = LiveForm()
    if not form.validate_on_submit():
        raise Invalid(_("Choisissez une équipe."))
    asking.ask_live(
        ticket,
        _team(form.team.data),
        question=form.question.data or "",
        may_share=bool(form.consent.data),
        by=g.person,
    )
    return back(ticket)


@blueprint.post("/referrals/<int:referral_id>/withdrawal")
@requires(Permission.ASK_REFERENTS)
def create_withdrawal(referral_id: int) -> ResponseReturnValue:
    referral = actions.lock(referral_id, person=g.person)
    actions.withdraw(referral, WordsForm().text.data or "", by=g.person)
    return back(tickets.get(referral.ticket_id))


@blueprint.post("/referrals/<int:referral_id>/precisions")
@requires(Permission.ASK_REFERENTS)
def create_precision(referral_id: int) -> ResponseReturnValue:
    referral = actions.lock(referral_id, person=g.person)
    actions.give_precision(referral, WordsForm().text.data or "", by=g.person)
    return back(tickets.get(referral.ticket_id))


@blueprint.post("/referrals/<int:referral_id>/chasings")
@requires(Permission.ASK_REFERENTS)
def create_chasing(referral_id: int) -> ResponseReturnValue:
    referral = actions.lock(referral_id, person=g.person)
    actions.chase(referral, ChaseForm().text.data or "", by=g.person)
    return back(tickets.get(referral.ticket_id))


@blueprint.post("/referrals/<int:referral_id>/asker-notes")
@requires(Permission.ASK_REFERENTS)
def create_asker_note(referral_id: int) -> ResponseReturnValue:
    """For the centre only: the expert does not see it."""
    referral = actions.lock(referral_id, person=g.person)
    actions.note(referral, WordsForm().text.data or "", side=Side.ASKER, by=g.person)
    return back(tickets.get(referral.ticket_id))


@blueprint.post("/referrals/<int:referral_id>/acceptance")
@requires(Permission.ASK_REFERENTS)
def create_acceptance(referral_id: int) -> ResponseReturnValue:
    """What the expert wrote by mail is the answer."""
    referral = actions.lock(referral_id, person=g.person)
    message_id = request.form.get("message", 0, type=whole_number)
    actions.accept_mail(referral, min(message_id, LARGEST_KEY), by=g.person)
    return back(tickets.get(referral.ticket_id))


@blueprint.post("/tickets/<reference>/consent/withdrawal")
@requires(Permission.ASK_REFERENTS)
def create_consent_withdrawal(reference: str) -> ResponseReturnValue:
    """Ask for the permission no longer: a late yes shares nothing."""
    ticket = tickets.lock(reference, person=g.person)
    consent.withdraw(ticket)
    return back(ticket)


def _ask_by_text(ticket: Ticket, form: AskForm) -> str:
    """The question waits; what is said of it."""
    kept = attachments.keep_all(ticket.id, _uploads(form.files.data), by=g.person)
    consent.ask_by_text(
        ticket,
        _team(form.team.data),
        form.question.data or "",
        told=_told(form),
        papers=[*(form.papers.data or ()), *(paper.id for paper in kept)],
        until=asking.end_of_day(form.valid_days.data),
        by=g.person,
        topic_ids=form.topic_ids(ticket.topic_id),
    )
    return _("Accord demandé par SMS : la question part dès que la personne répond oui.")


def _ask(ticket: Ticket, form: AskForm) -> str:
    """Put it to the team; what is said of it."""
    team = _team(form.team.data)
    uploads = _uploads(form.files.data)
    if form.is_nameless and uploads:
        raise Invalid(_("Une question sans identité part sans papier."), "files")
    kept = attachments.keep_all(ticket.id, uploads, by=g.person)
    if form.mandate_kind is not None:
        mandates.record_mandate(
            ticket,
            team.organisation_id,
            kind=form.mandate_kind,
            witness=form.witness.data or "",
            expires_at=asking.end_of_day(form.valid_days.data),
            by=g.person,
            topic_ids=form.topic_ids(ticket.topic_id),
        )
    asking.ask(
        ticket,
        team,
        question=form.question.data,
        told=_told(form),
        papers=[*(form.papers.data or ()), *(paper.id for paper in kept)],
        by=g.person,
        without_identity=form.is_nameless,
        after=_refused(ticket, form.after.data),
    )
    return _("Question envoyée : %(team)s.", team=team.name)


def _ask_page(ticket: Ticket, form: AskForm) -> str:
    offers = _offer(form, ticket)
    now = clock.now()
    mandated = set(db.session.scalars(organisations_allowed(ticket, now)))
    otherwise = set(db.session.scalars(organisations_named(ticket, now))) - mandated
    if form.team.data is None and offers and offers[0].fits:
        form.team.data = offers[0].team.id
    if form.mandate.data is None and offers and offers[0].organisation.id in mandated:
        form.mandate.data = ALREADY
    if form.mandate.data is None and not _is_named(ticket):
        form.mandate.data = NAMELESS
    seen = disclosing.preview(
        ticket, {offer.organisation.id: offer.organisation for offer in offers}.values()
    )
    return render_template(
        "escalation/new.html",
        ticket=ticket,
        form=form,
        offers=offers,
        live=cards.live_of(offers),
        due={offer.team.id: predicted_due(offer.team, now) for offer in offers},
        forecasts=forecasts(ticket, [offer.team for offer in offers if offer.fits]),
        fitting=[offer.team.id for offer in offers if offer.fits],
        mandated=mandated,
        seen=seen,
        unknown_words=disclosing.in_words(seen.unknown),
        shares=disclosing.in_words(disclosing.needed(ticket)),
        otherwise=otherwise,
        out_of_scope=asking.out_of_scope(ticket) if otherwise else "",
        lost_files=any(request.files.getlist("files")),
        can_tell=direct.can_be_written_to(ticket),
    )


def _is_named(ticket: Ticket) -> bool:
    """Whether we know who it is about; a walk-in need not say."""
    if ticket.citizen_id is None:
        return False
    return bool(db.session.get_one(Citizen, (ticket.centre_id, ticket.citizen_id)).name)


def _offer(form: AskForm, ticket: Ticket) -> list[cards.Offer]:
    offers = cards.offers_for(ticket.topic_id)
    allowed = db.session.scalar(organisations_allowed(ticket, clock.now()).limit(1))
    papers = db.session.scalars(papers_of_ticket(ticket.id)).all()
    form.offer(offers, papers, topic=_topic_label(ticket.topic_id), is_mandated=allowed is not None)
    return offers


def _topic_label(topic_id: int | None) -> str:
    topic = db.session.get(Topic, (g.person.centre_id, topic_id)) if topic_id else None
    return topic.label_in(language()) if topic else ""


def _point_at(form: AskForm, refused: Invalid) -> None:
    """Put the refusal under the field it names, so that it says where to mend it."""
    field = getattr(form, refused.field or "", form.question)
    field.errors = [*field.errors, str(refused)]


def _refused(ticket: Ticket, referral_id: int | None) -> Referral | None:
    """The question another team refused, which the new one continues."""
    if referral_id is None or not 0 < referral_id <= LARGEST_KEY:
        return None
    return db.session.scalar(
        visible_to(g.person).where(
            Referral.id == referral_id,
            Referral.ticket_id == ticket.id,
            Referral.status == ReferralStatus.REFUSED,
        )
    )


def seen_ticket(reference: str) -> Ticket:
    ticket: Ticket | None = db.session.scalar(
        tickets_visible_to(g.person).where(Ticket.reference == reference)
    )
    if ticket is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    return ticket


def _team(team_id: int) -> Team:
    team = db.session.scalar(one_team(team_id))
    if team is None:
        raise NotFound(_("Cette équipe n’existe pas."))
    return team


def _told(form: AskForm) -> asking.Told:
    return asking.Told(
        blocks=form.blocks.data or "",
        since=form.since.data or "",
        tried=form.tried.data or "",
        right_lost=form.right_lost.data or "",
        right_lost_at=_right_lost_at(form),
        may_tell_citizen=bool(form.may_tell.data),
    )


def _right_lost_at(form: AskForm) -> datetime | None:
    day = form.right_lost_on.data
    return datetime.combine(day, time(23, 59), zone()) if day else None


def _uploads(files: list[FileStorage] | None) -> list[Upload]:
    return [Upload(f.filename or "", f.read()) for f in files or () if f and f.filename]


def back(ticket: Ticket) -> ResponseReturnValue:
    """To the ticket; for htmx its panel, as things are now."""
    if _is_fragment():
        return render_template("escalation/_referrals.html", experts=cards.panel_of(ticket))
    return redirect(f"/tickets/{ticket.reference}", 303)


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
