"""Articles in people's words: states, what a text tells of somebody, what is to be done."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.knowledge.models import Article, ArticleStatus, ArticleVersion
from contactcenter.knowledge.rules import Sort, Trace

STATUSES = {
    ArticleStatus.DRAFT: _l("Brouillon"),
    ArticleStatus.PUBLISHED: _l("Publiée"),
    ArticleStatus.WITHDRAWN: _l("Retirée"),
}
_SORTS = {
    Sort.NAME: _l("un mot du nom de la personne"),
    Sort.FULL_NAME: _l("le nom de la personne"),
    Sort.NUMBER: _l("un numéro de la personne ou de sa demande"),
    Sort.MAIL: _l("l’adresse de courriel de la personne"),
    Sort.ADDRESS: _l("l’adresse de la personne"),
    Sort.LONG_NUMBER: _l("un long numéro, comme en porte une personne"),
}


def leaks(found: Sequence[Trace]) -> str:
    """What stands in the way of publishing, named so that it can be found in the text."""
    told = "; ".join(
        _("« %(words)s » (%(what)s)", words=each.words, what=_SORTS[each.sort]) for each in found
    )
    return _("La fiche dirait qui est la personne : %(found)s. Retirez-le avant.", found=told)


def trace(found: Trace) -> str:
    return str(_SORTS[found.sort])


def is_overdue(article: Article, today: date) -> bool:
    """Published, and nobody has read it again since its day of review."""
    return bool(article.is_published and article.review_on and article.review_on <= today)


def translation(version: ArticleVersion | None, original: ArticleVersion) -> str:
    """What is wrong with a translation; nothing when it follows the original."""
    if version is None:
        return _("traduction manquante")
    if version.id != original.id and (version.of_number or 0) < original.number:
        return _("traduction plus ancienne que l’original")
    return ""
