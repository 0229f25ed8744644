"""PostgreSQL's wall around articles, with the code's own taken away."""

import pytest

from contactcenter.db import NOBODY, Scope, db, within
from contactcenter.knowledge.models import Article, ArticleSource, ArticleUse, ArticleVersion

MATCH = db.text("SELECT article_id FROM match_articles('{impôt,plusieurs,fois}', 20)")


@pytest.fixture
def seen(app):
    def counts(scope: Scope) -> list[int]:
        with app.app_context(), within(scope):
            tables = (Article, ArticleVersion, ArticleSource, ArticleUse)
            rows = [len(db.session.scalars(db.select(table)).all()) for table in tables]
            return [*rows, len(db.session.execute(MATCH).all())]

    return counts


def test_an_organisation_sees_what_is_shared_with_it_and_no_other_sees_anything(
    make_article, world, other_world, matter, sign_in, seen
):
    make_article()
    shared = make_article(is_shared=True)
    used = f"/tickets/{matter.reference}/articles/{shared}/uses"
    sign_in(world.agent).post(used, data={"act": "helped"})
    assert seen(Scope(world.centre_id)) == [2, 2, 0, 1, 2]
    assert seen(Scope(world.centre_id, world.partner_id)) == [1, 1, 0, 0, 1]
    assert seen(Scope(world.centre_id, world.other_partner_id)) == [0, 0, 0, 0, 0]
    assert seen(Scope(other_world.centre_id)) == [0, 0, 0, 0, 0]
    assert seen(NOBODY) == [0, 0, 0, 0, 0]
