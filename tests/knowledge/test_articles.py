"""The life of an article: drawn without its citizen, published without a leak, kept in force."""

from datetime import UTC, date, datetime

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.errors import Conflict, Forbidden, Invalid
from contactcenter.escalation import actions as questions
from contactcenter.escalation import drawn
from contactcenter.knowledge import actions, queries
from contactcenter.knowledge.actions import Words
from contactcenter.knowledge.models import Article, ArticleSource, ArticleVersion
from contactcenter.knowledge.rules import LEFT_OUT
from contactcenter.knowledge.words import translation
from contactcenter.notices.models import Notice
from tests.knowledge.shelf import INSTALMENTS, REVIEW_ON

QUESTION = "Un avis d’impôt est-il définitif ?"


@pytest.fixture
def answered(asked, world):
    """A question whose answer names the citizen."""
    with transaction():
        questions.take(asked, by=world.referent)
        text = "L’avis de Josette Lambertin est définitif. Lambertin peut réclamer."
        questions.answer(asked, text, by=world.referent)
    return asked


def current(article: Article) -> ArticleVersion:
    return db.session.scalars(queries.current_versions(article)).one()


def test_an_answer_becomes_a_draft_without_the_citizen_and_without_the_question(answered, world):
    with transaction():
        article = drawn.article_of(answered, "fr", by=world.referent)
    version = current(article)
    assert (article.status, article.audience, article.team_id) == ("draft", "shared", world.team_id)
    assert "Lambertin" not in version.answer
    assert "peut réclamer" in version.answer
    assert version.question == ""


def test_the_same_answer_becomes_one_article_however_often_it_is_asked_for(answered, world):
    with transaction():
        first = drawn.article_of(answered, "fr", by=world.referent)
    with transaction():
        again = drawn.article_of(answered, "fr", by=world.agent)
    assert again.id == first.id


def test_what_names_the_citizen_is_not_published(answered, world):
    with transaction():
        article = drawn.article_of(answered, "fr", by=world.referent)
        words = Words("Avis d’impôt", QUESTION, "Comme pour Josette Lambertin, oui.")
        actions.write(article, "fr", words, seen=1, by=world.manager)
    with pytest.raises(Invalid, match="lambertin"):
        actions.publish(article, review_on=REVIEW_ON, by=world.manager)


def test_a_word_of_the_name_is_published_once_it_was_confirmed_to_mean_something_else(
    answered, world
):
    with transaction():
        article = drawn.article_of(answered, "fr", by=world.referent)
        words = Words("Avis d’impôt", QUESTION, "Oui, sauf rue Josette.")
        actions.write(article, "fr", words, seen=1, by=world.manager)
    with pytest.raises(Invalid), transaction():
        actions.publish(article, review_on=REVIEW_ON, by=world.manager)
    with transaction():
        actions.write(article, "fr", words, seen=2, by=world.manager, confirmed=["Josette"])
        actions.publish(article, review_on=REVIEW_ON, by=world.manager)
    assert article.is_published


def test_nothing_is_published_while_something_left_out_has_left_its_mark(make_article, world, app):
    article_id = make_article(Words("Titre", QUESTION, f"Bonjour {LEFT_OUT}."), published=False)
    with app.app_context(), within(Scope(world.centre_id)):
        article = actions.lock(article_id, person=world.manager)
        with pytest.raises(Invalid):
            actions.publish(article, review_on=REVIEW_ON, by=world.manager)


def test_an_expert_asked_without_identity_leaves_the_publishing_to_the_centre(answered, world, app):
    with transaction():
        article = drawn.article_of(answered, "fr", by=world.referent)
        words = Words("Avis d’impôt", QUESTION, "Oui.")
        actions.write(article, "fr", words, seen=1, by=world.referent)
        answered.mandate_id = None
        db.session.execute(db.text("UPDATE ticket_access SET valid_until = app_now()"))
    article_id = article.id
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        db.session.rollback()
        seen = actions.lock(article_id, person=world.referent)
        with pytest.raises(Forbidden):
            actions.publish(seen, review_on=REVIEW_ON, by=world.referent)
        db.session.rollback()


def test_an_agent_writes_drafts_and_publishes_nothing(make_article, world, in_centre):
    article = actions.lock(make_article(published=False, by=world.agent), person=world.agent)
    actions.write(article, "fr", Words("Autre", QUESTION, "Oui."), seen=1, by=world.agent)
    with pytest.raises(Forbidden):
        actions.publish(article, review_on=REVIEW_ON, by=world.agent)


def test_who_wrote_on_an_older_version_is_told(make_article, world, in_centre):
    article = actions.lock(make_article(published=False), person=world.manager)
    words = Words("Autre", QUESTION, "Oui.")
    actions.write(article, "fr", words, seen=1, by=world.agent)
    with pytest.raises(Conflict):
        actions.write(article, "fr", words, seen=1, by=world.second_agent)
    kept = db.session.execute(queries.versions(article, world.agent)).all()
    assert [(version.number, name) for version, name in kept] == [
        (2, world.agent.name),
        (1, world.manager.name),
    ]


def test_a_translation_is_older_once_the_original_is_written_again(make_article, world, in_centre):
    article = actions.lock(make_article(), person=world.manager)
    actions.write(article, "nl", Words("Betalen", "Mag dat?", "Ja."), seen=0, by=world.manager)
    versions = {v.language: v for v in db.session.scalars(queries.current_versions(article))}
    assert translation(versions["nl"], versions["fr"]) == ""
    changed = Words(INSTALMENTS.title, INSTALMENTS.question, "Oui, sur 24 mois.")
    actions.write(article, "fr", changed, seen=1, by=world.manager)
    versions = {v.language: v for v in db.session.scalars(queries.current_versions(article))}
    assert "ancienne" in translation(versions["nl"], versions["fr"])
    assert "manquante" in translation(None, versions["fr"])


def test_its_keeper_is_reminded_once_of_the_day_of_review(make_article, world, clock, app):
    article_id = make_article()
    clock.time = clock.time.replace(year=2027, month=5, day=3)
    for _again in range(2):
        with app.app_context():
            run_sweeps(world.centre_id)
    with app.app_context(), within(Scope(world.centre_id)):
        [notice] = db.session.scalars(db.select(Notice).filter_by(kind="article_review"))
        assert notice.to_address == f"contact@{world.code}.example"
        assert f"/articles/{article_id}" in notice.body


def test_the_erasure_of_a_rehearsed_request_leaves_the_article_and_forgets_its_source(
    answered, world, matter
):
    with transaction():
        article = drawn.article_of(answered, "fr", by=world.referent)
        db.session.execute(
            db.text("UPDATE tickets SET is_rehearsal = true WHERE id = :id"),
            {"id": matter.ticket_id},
        )
    with transaction():
        db.session.execute(db.text("SELECT wipe_rehearsal()"))
    assert db.session.scalars(db.select(ArticleSource)).all() == []
    assert db.session.get(Article, (world.centre_id, article.id)) is not None


def test_a_review_day_that_is_over_is_refused(make_article, world, in_centre):
    article = actions.lock(make_article(), person=world.manager)
    with pytest.raises(Invalid):
        actions.review(article, review_on=date(2026, 11, 23), by=world.manager)


def test_a_day_of_review_is_one_of_the_centre(make_article, world, in_centre, clock):
    article = actions.lock(make_article(), person=world.manager)
    clock.time = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    with pytest.raises(Invalid):
        actions.review(article, review_on=date(2026, 11, 24), by=world.manager)
