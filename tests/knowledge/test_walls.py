"""PostgreSQL's wall around articles, with the code's own taken away."""

from dataclasses import replace

import pytest

from contactcenter.db import NOBODY, Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.knowledge import actions
from contactcenter.knowledge.actions import Words
from contactcenter.knowledge.models import Article, ArticleSource, ArticleUse, ArticleVersion
from tests.knowledge.shelf import INSTALMENTS, REVIEW_ON

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


def test_a_partner_reads_no_version_of_before_the_article_was_checked_and_shared(
    app, make_article, world, sign_in, seen
):
    private = Words("Mme Lambertin", "Et Mme Lambertin ?", "Mme Lambertin est sous tutelle.")
    article_id = make_article(private, published=False)
    later = replace(INSTALMENTS, answer="Oui, en ligne.")
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        article = actions.lock(article_id, person=world.manager)
        topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
        actions.keep(article, topic=topic, team_id=None, is_shared=True, by=world.manager)
        actions.write(article, "fr", INSTALMENTS, seen=1, by=world.manager)
        actions.publish(article, review_on=REVIEW_ON, by=world.manager)
        actions.write(article, "fr", later, seen=2, by=world.manager)
    pages = [
        sign_in(each).get(f"/articles/{article_id}/versions").text
        for each in (world.manager, world.referent)
    ]
    assert ["sous tutelle" in page for page in pages] == [True, False]
    assert INSTALMENTS.answer in pages[1]
    assert seen(Scope(world.centre_id, world.partner_id))[1] == 2
