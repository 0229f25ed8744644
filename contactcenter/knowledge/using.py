"""What became of an article: used for a request, and whether it helped; once for each person."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.knowledge.models import Article, ArticleUse


def use(
    article: Article,
    *,
    by: Person,
    ticket_id: int | None = None,
    was_inserted: bool = False,
    helped: bool | None = None,
) -> None:
    """Count it once for a person and request; what is said later replaces what was said before."""
    new = insert(ArticleUse).values(
        centre_id=current_centre(),
        article_id=article.id,
        ticket_id=ticket_id,
        person_id=by.id,
        was_inserted=was_inserted,
        helped=helped,
        used_at=clock.now(),
    )
    known: dict[str, Any] = {"was_inserted": ArticleUse.was_inserted | new.excluded.was_inserted}
    if helped is not None:
        known["helped"] = new.excluded.helped
    db.session.execute(
        new.on_conflict_do_update(constraint="uq_article_uses_once", set_=known).execution_options(
            synchronize_session=False
        )
    )
