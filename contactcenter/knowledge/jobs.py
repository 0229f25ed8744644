"""Keepers are reminded of the day on which an article is to be read again."""

from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Centre, Organisation
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.edge import sweep
from contactcenter.knowledge.models import Article
from contactcenter.knowledge.queries import to_review
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means

AT_ONCE = 100


@sweep(every_seconds=3600)
def remind_of_reviews() -> bool:
    """Once for each day of review: the team, else the organisation, else the centre."""
    centre = db.session.get_one(Centre, current_centre())
    today = clock.now().astimezone(ZoneInfo(centre.timezone)).date()
    due = db.session.scalars(to_review(today).limit(AT_ONCE)).all()
    for article in due:
        _remind(article, centre)
        article.reminded_on = article.review_on
    return len(due) == AT_ONCE


def _remind(article: Article, centre: Centre) -> None:
    with force_locale(article.language):
        subject = _("Une fiche est à relire")
        body = _(
            "Une fiche que vous tenez est à relire : la règle est-elle encore la même ?\n\n"
            "Ouvrir la fiche : %(link)s\n\n"
            "Dites dans la page qu’elle tient toujours, corrigez-la ou retirez-la.\n",
            link=public_url(f"/articles/{article.id}"),
        )
    notices.write(
        kind="article_review",
        means=Means.EMAIL,
        to_address=keeper_address(article, centre),
        subject=subject,
        body=body,
        language=article.language,
        dedupe_key=f"article:{article.id}:review:{article.review_on}",
    )


def keeper_address(article: Article, centre: Centre) -> str:
    if article.team_id is not None:
        return db.session.get_one(Team, (article.centre_id, article.team_id)).email
    key = (article.centre_id, article.organisation_id)
    return db.session.get_one(Organisation, key).pilot_email or centre.mail_address
