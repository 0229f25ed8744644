"""Articles beside a request: proposed, inserted, said to have helped, or drawn from an answer."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk.seen import topic_of, visible
from contactcenter.desk.ticket_routes import back
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.queries import visible_to as questions_visible_to
from contactcenter.fields import whole_number
from contactcenter.knowledge import proposing, queries, using
from contactcenter.knowledge.actions import Source
from contactcenter.knowledge.drawing import draw
from contactcenter.knowledge.models import Article, ArticleVersion
from contactcenter.knowledge.proposing import Proposed
from contactcenter.languages import language
from contactcenter.replies import actions as replies
from contactcenter.replies.models import Kind
from contactcenter.replies.queries import draft_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, MessageKind, Ticket
from contactcenter.tickets.queries import timeline

blueprint = Blueprint("articles", __name__)

FEWEST_WORDS = 3  # fewer say nothing of what is being answered


def _about(topic: Topic | None) -> list[Proposed]:
    """At the counter only the topic is known."""
    if topic is None or not g.person.may(Permission.READ_ARTICLES):
        return []
    return proposing.proposed("", g.person, language(), topic_id=topic.id)


blueprint.app_context_processor(lambda: {"articles_about": _about})


@blueprint.get("/tickets/<reference>/articles")
@requires(Permission.WORK_TICKETS)
def list_articles(reference: str) -> ResponseReturnValue:
    ticket = visible(reference)
    return _answering(ticket, _said(ticket))


@blueprint.post("/tickets/<reference>/articles/typed")
@requires(Permission.WORK_TICKETS)
def list_typed(reference: str) -> ResponseReturnValue:
    """While a reply is written: what says the same words; before a word of it, what answers.

    Without a script this is a page of its own, so what was typed is kept as a draft.
    """
    ticket, typed = tickets.lock(reference, person=g.person), request.form.get("text", "")
    if "HX-Request" not in request.headers:
        replies.keep_draft(ticket, typed, kind=Kind.REPLY, by=g.person)
    return _answering(ticket, typed if len(typed.split()) >= FEWEST_WORDS else _said(ticket))


def _answering(ticket: Ticket, text: str) -> str:
    """In its own pane for htmx, else a page; what is shown is remembered."""
    found = proposing.proposed(text, g.person, ticket.language, topic_id=ticket.topic_id)
    proposing.keep_proposed(ticket, found)
    whole = "HX-Request" not in request.headers
    template = "desk/articles.html" if whole else "knowledge/_proposed.html"
    return render_template(template, ticket=ticket, proposals=found)


@blueprint.post("/tickets/<reference>/articles/proposed")
@requires(Permission.ASK_REFERENTS)
def list_proposed(reference: str) -> ResponseReturnValue:
    """While a question is written: sent as a form, so that no address holds it."""
    ticket = visible(reference)
    found = proposing.proposed(
        request.form.get("question", ""), g.person, language(), topic_id=ticket.topic_id
    )
    return render_template("desk/_answers_exist.html", proposals=found)


@blueprint.post("/tickets/<reference>/articles")
@requires(Permission.WRITE_ARTICLES)
def create_article(reference: str) -> ResponseReturnValue:
    """A draft from an expert's answer or from our own reply."""
    ticket = tickets.lock(reference, person=g.person)
    topic = topic_of(ticket)
    if topic is None:
        raise Invalid(_("Donnez d’abord un motif à la demande."))
    article = _drawn(ticket, topic)
    flash(_("Brouillon prêt : réécrivez la question pour tous, puis faites-le publier."))
    return redirect(
        url_for("knowledge.show_words", article_id=article.id, language=article.language), 303
    )


@blueprint.post("/tickets/<reference>/articles/<int:article_id>/uses")
@requires(Permission.WORK_TICKETS)
def create_use(reference: str, article_id: int) -> ResponseReturnValue:
    """Insert it into the reply, or say whether it helped."""
    ticket = tickets.lock(reference, person=g.person)
    article = db.session.scalar(queries.one(g.person, article_id))
    if article is None or not article.is_published:
        raise NotFound(_("Cette fiche n’existe pas, ou n’est plus publiée."))
    act = request.form.get("act")
    if act == "insert":
        _insert(ticket, article)
        return back(reference)
    using.use(article, by=g.person, ticket_id=ticket.id, helped=act == "helped")
    flash(_("Merci, c’est compté."))
    return back(reference)


def _insert(ticket: Ticket, article: Article) -> None:
    """Under what is typed, once: the same words are not repeated."""
    version = _version(article, ticket.language)
    papers = "\n".join(f"- {paper}" for paper in version.papers)
    text = "\n\n".join(each for each in (version.answer, papers) if each)
    draft = db.session.scalar(draft_of(ticket, g.person, Kind.REPLY))
    typed = draft.text if draft else ""
    if text not in typed:
        typed = f"{typed.rstrip()}\n\n{text}".strip()
        replies.keep_draft(ticket, typed, kind=Kind.REPLY, by=g.person)
    using.use(article, by=g.person, ticket_id=ticket.id, was_inserted=True)
    flash(_("Insérée : relisez, adaptez, envoyez."))


def _version(article: Article, tongue: str) -> ArticleVersion:
    versions = {
        each.language: each for each in db.session.scalars(queries.current_versions(article))
    }
    return versions.get(tongue) or versions[article.language]


def _said(ticket: Ticket) -> str:
    messages = db.session.scalars(timeline(ticket))
    said = [message.text for message in messages if message.kind is MessageKind.CITIZEN]
    return "\n".join([ticket.subject, *said])


def _drawn(ticket: Ticket, topic: Topic) -> Article:
    if referral_id := request.form.get("referral", type=whole_number):
        referral = _answered(ticket, referral_id)
        team = db.session.get_one(Team, (ticket.centre_id, referral.team_id))
        source = Source(referral.shown_ticket_id, referral.id)
        return draw(topic, referral.closing_text, language(), source=source, team=team, by=g.person)
    message = db.session.get(
        Message, (ticket.centre_id, request.form.get("message", 0, type=whole_number))
    )
    if message is None or message.ticket_id != ticket.id or message.kind is not MessageKind.REPLY:
        raise NotFound(_("Cette réponse n’existe pas."))
    return draw(topic, message.text, ticket.language, source=Source(ticket.id), by=g.person)


def _answered(ticket: Ticket, referral_id: int) -> Referral:
    referral: Referral | None = db.session.scalar(
        questions_visible_to(g.person).where(
            Referral.id == referral_id,
            Referral.ticket_id == ticket.id,
            Referral.status == ReferralStatus.ANSWERED,
        )
    )
    if referral is None:
        raise NotFound(_("Cette question n’existe pas, ou n’a pas de réponse."))
    return referral
