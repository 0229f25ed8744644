"""Write an article in one language."""

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import ContactCenterError, NotFound
from contactcenter.knowledge import actions
from contactcenter.knowledge.article_page import ArticlePage, gather
from contactcenter.knowledge.forms import WordsForm
from contactcenter.knowledge.models import Article, ArticleVersion
from contactcenter.knowledge.routes import article_seen, blueprint, to_article
from contactcenter.knowledge.rules import traces
from contactcenter.knowledge.sources import known_of_article


@blueprint.get("/<int:article_id>/words/<language>")
@requires(Permission.WRITE_ARTICLES)
def show_words(article_id: int, language: str) -> ResponseReturnValue:
    page = _page_of(article_seen(article_id), language)
    version = page.versions.get(language)
    form = WordsForm(
        formdata=None,
        seen=version.number if version else 0,
        title=version.title if version else "",
        question=version.question if version else "",
        answer=version.answer if version else "",
        papers="\n".join(version.papers) if version else "",
        confirmed=version.confirmed if version else [],
    )
    return _form_page(page, form, language)


@blueprint.post("/<int:article_id>/words/<language>")
@requires(Permission.WRITE_ARTICLES)
def update_words(article_id: int, language: str) -> ResponseReturnValue:
    """Keep a new version; where it would be read at once, not with what tells who somebody is."""
    article = actions.lock(article_id, person=g.person)
    page, form = _page_of(article, language), WordsForm()
    _offer(page, form)
    if not form.validate_on_submit():
        return _form_page(page, form, language), 422
    try:
        with db.session.begin_nested():
            actions.write(
                article,
                language,
                form.words,
                seen=form.seen.data,
                by=g.person,
                confirmed=form.confirmed.data or (),
            )
    except ContactCenterError as problem:
        return _form_page(page, form, language, problem=str(problem)), problem.status
    flash(_("Fiche gardée."))
    return to_article(article)


def _page_of(article: Article, language: str) -> ArticlePage:
    if language not in g.centre.languages:
        raise NotFound(_("Le centre ne parle pas cette langue."))
    return gather(article, g.person, language)


def _form_page(page: ArticlePage, form: WordsForm, language: str, problem: str = "") -> str:
    _offer(page, form)
    version: ArticleVersion | None = page.versions.get(language)
    return render_template(
        "knowledge/words.html",
        page=page,
        form=form,
        written=language,
        known_version=version,
        problem=problem,
    )


def _offer(page: ArticlePage, form: WordsForm) -> None:
    known = known_of_article(page.article)
    sent = request.form if request.method == "POST" else {}
    texts = [sent.get(name) or "" for name in ("title", "question", "answer", "papers")]
    if not sent:
        texts = [getattr(form, name).data or "" for name in ("title", "question", "answer")]
    form.offer([each for text in texts for each in traces(text, known)])
