"""Articles: find one, read one, write one, and say when it is read again."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.errors import ContactCenterError, Invalid, NotFound
from contactcenter.fields import whole_number
from contactcenter.knowledge import actions, queries, using, words
from contactcenter.knowledge.article_page import gather, topic_choices
from contactcenter.knowledge.forms import KeepingForm, NewForm, ReviewForm, WithdrawForm
from contactcenter.knowledge.listing import Asked, listed
from contactcenter.knowledge.models import Article, ArticleStatus
from contactcenter.languages import NAMES, date_in_words, language

blueprint = Blueprint("knowledge", __name__, url_prefix="/articles")


blueprint.add_app_template_filter(lambda day: date_in_words(day, "d MMMM y"), "plain_day")


def today() -> date:
    return clock.now().astimezone(ZoneInfo(g.centre.timezone)).date()


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "article_statuses": words.STATUSES,
        "is_overdue": lambda article: words.is_overdue(article, today()),
        "translation_note": words.translation,
        "tongues": {code: NAMES[code] for code in g.centre.languages},
    }


@blueprint.get("")
@requires(Permission.READ_ARTICLES)
def list_articles() -> ResponseReturnValue:
    asked = Asked.read(request.args)
    return render_template(
        "knowledge/list.html",
        asked_for=asked,
        found=listed(asked, g.person, language(), today()),
        topic_choices=topic_choices(g.person),
        statuses=ArticleStatus,
    )


@blueprint.get("/new")
@requires(Permission.WRITE_ARTICLES)
def show_new() -> ResponseReturnValue:
    form = NewForm(
        formdata=None, language=language(), topic=request.args.get("topic", type=whole_number)
    )
    return _new_page(form)


@blueprint.post("")
@requires(Permission.WRITE_ARTICLES)
def create_article() -> ResponseReturnValue:
    form = NewForm()
    form.confirmed.choices = []
    _offer(form)
    if not form.validate_on_submit():
        return _new_page(form), 422
    topic = _topic(form.topic.data)
    article = actions.draft(topic, form.language.data, form.words, by=g.person)
    flash(_("Brouillon gardé : relisez-le, puis faites-le publier."))
    return to_article(article)


@blueprint.get("/<int:article_id>")
@requires(Permission.READ_ARTICLES)
def show_article(article_id: int) -> ResponseReturnValue:
    return _page(article_seen(article_id))


@blueprint.get("/<int:article_id>/versions")
@requires(Permission.READ_ARTICLES)
def list_versions(article_id: int) -> ResponseReturnValue:
    article = article_seen(article_id)
    return render_template(
        "knowledge/versions.html",
        page=gather(article, g.person, language()),
        versions=db.session.execute(queries.versions(article, g.person).limit(100)).all(),
    )


@blueprint.post("/<int:article_id>/keeping")
@requires(Permission.WRITE_ARTICLES)
def update_keeping(article_id: int) -> ResponseReturnValue:
    article, form = actions.lock(article_id, person=g.person), KeepingForm()
    page = gather(article, g.person, language())
    page.offer(form)
    if not form.validate_on_submit():
        return _page(article, keeping=form), 422
    return _act(
        article,
        lambda: actions.keep(
            article,
            topic=db.session.get_one(Topic, (article.centre_id, form.topic.data)),
            team_id=form.team.data or None,
            is_shared=bool(form.is_shared.data),
            by=g.person,
        ),
        _("C’est gardé."),
    )


@blueprint.post("/<int:article_id>/publication")
@requires(Permission.PUBLISH_ARTICLES)
def create_publication(article_id: int) -> ResponseReturnValue:
    article, form = actions.lock(article_id, person=g.person), ReviewForm()
    if not form.validate_on_submit():
        return _page(article, review=form), 422
    return _act(
        article,
        lambda: actions.publish(article, review_on=form.review_on.data, by=g.person),
        _("Fiche publiée : elle est proposée dès maintenant."),
    )


@blueprint.post("/<int:article_id>/reviews")
@requires(Permission.PUBLISH_ARTICLES)
def create_review(article_id: int) -> ResponseReturnValue:
    """It was read again and it holds."""
    article, form = actions.lock(article_id, person=g.person), ReviewForm()
    if not form.validate_on_submit():
        return _page(article, review=form), 422
    return _act(
        article,
        lambda: actions.review(article, review_on=form.review_on.data, by=g.person),
        _("C’est noté : la fiche tient toujours."),
    )


@blueprint.post("/<int:article_id>/withdrawal")
@requires(Permission.PUBLISH_ARTICLES)
def create_withdrawal(article_id: int) -> ResponseReturnValue:
    article, form = actions.lock(article_id, person=g.person), WithdrawForm()
    if not form.validate_on_submit():
        return _page(article, withdrawal=form), 422
    return _act(
        article,
        lambda: actions.withdraw(article, form.reason.data, by=g.person),
        _("Fiche retirée : elle n’est plus proposée."),
    )


@blueprint.post("/<int:article_id>/opinions")
@requires(Permission.WORK_TICKETS)
def create_opinion(article_id: int) -> ResponseReturnValue:
    """Whether it helped, said away from any request."""
    article = article_seen(article_id)
    using.use(article, by=g.person, helped=request.form.get("helped") == "yes")
    flash(_("Merci, c’est compté."))
    return to_article(article)


def _act(article: Article, act: Any, said: str) -> ResponseReturnValue:
    """Do it, or show the article with what is in the way."""
    try:
        with db.session.begin_nested():
            act()
    except ContactCenterError as problem:
        return _page(article, problem=str(problem)), problem.status
    flash(said)
    return to_article(article)


def _page(article: Article, **shown: Any) -> str:
    page = gather(article, g.person, request.args.get("read") or language())
    return render_template("knowledge/show.html", page=page, **page.forms(**shown))


def _new_page(form: NewForm) -> str:
    _offer(form)
    return render_template("knowledge/new.html", form=form)


def _offer(form: NewForm) -> None:
    form.topic.choices = topic_choices(g.person)
    form.language.choices = [(code, NAMES[code]) for code in g.centre.languages]


def _topic(topic_id: int) -> Any:
    topic = db.session.scalar(queries.topics_for(g.person).where(Topic.id == topic_id))
    if topic is None:
        raise Invalid(_("Choisissez un motif."), "topic")
    return topic


def article_seen(article_id: int) -> Article:
    found = db.session.scalar(queries.one(g.person, article_id))
    if found is None:
        raise NotFound(_("Cette fiche n’existe pas, ou n’est pas à vous."))
    return found


def to_article(article: Article) -> ResponseReturnValue:
    return redirect(url_for("knowledge.show_article", article_id=article.id), 303)
