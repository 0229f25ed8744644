"""The pages of articles, as each person goes through them."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import actions as questions
from contactcenter.knowledge.models import Article, ArticleUse, ArticleVersion
from contactcenter.replies.models import Draft
from contactcenter.tickets.models import Ticket
from tests.knowledge.shelf import INSTALMENTS

WORDS = {"title": "Échéancier", "question": "Peut-on payer en deux fois ?", "answer": "Oui."}


@pytest.fixture
def rows(app, world):
    """Every row of a table, as the staff see it."""

    def of(model):
        with app.app_context(), within(Scope(world.centre_id)):
            return list(db.session.scalars(db.select(model).order_by(model.id)))

    return of


def found(page: str) -> list[str]:
    return [part.split("<")[0].split(">")[1] for part in page.split('class="strong" lang')[1:]]


def test_words_find_an_article_in_whichever_form_and_nearly_written(make_article, world, sign_in):
    make_article()
    browser = sign_in(world.agent)
    for typed in ("impôts", "echeancier", "payer impot plusieur fois"):
        assert found(browser.get("/articles", query_string={"q": typed}).text) == [
            INSTALMENTS.title
        ]
    assert found(browser.get("/articles?q=passeport").text) == []


def test_a_page_of_the_list_is_bounded_and_leads_on(make_article, world, sign_in):
    for _number in range(21):
        make_article(published=False)
    browser = sign_in(world.agent)
    first = browser.get("/articles").text
    assert len(found(first)) == 20
    assert 'href="/articles?page=2"' in first
    assert len(found(browser.get("/articles?page=2").text)) == 1
    assert browser.get("/articles?page=99999999999999999999999").status_code == 200


def test_an_agent_writes_and_a_manager_publishes(world, sign_in, rows):
    agent, manager = sign_in(world.agent), sign_in(world.manager)
    sent = {**WORDS, "topic": world.topic_id, "language": "fr", "papers": "Avis\n\nCarte"}
    place = agent.post("/articles", data=sent).location
    assert agent.post(f"{place}/publication", data={"review_on": "2027-05-03"}).status_code == 403
    assert manager.post(f"{place}/publication", data={"review_on": "2027-05-03"}).location == place
    [article], [version] = rows(Article), rows(ArticleVersion)
    assert article.is_published
    assert version.papers == ["Avis", "Carte"]
    assert agent.post(f"{place}/words/fr", data={**WORDS, "seen": 1}).status_code == 403


def test_what_was_typed_on_an_older_version_is_given_back(make_article, world, sign_in):
    article_id = make_article()
    browser = sign_in(world.manager)
    path = f"/articles/{article_id}/words/fr"
    browser.post(path, data={**WORDS, "seen": 1})
    late = browser.post(path, data={**WORDS, "answer": "Mon autre texte.", "seen": 1})
    assert late.status_code == 409
    assert "Mon autre texte." in late.text


def test_a_withdrawn_article_says_so_and_is_proposed_no_more(make_article, matter, world, sign_in):
    article_id = make_article()
    browser = sign_in(world.manager)
    beside = f"/tickets/{matter.reference}/articles"
    assert INSTALMENTS.title in browser.get(beside).text
    browser.post(f"/articles/{article_id}/withdrawal", data={"reason": "La règle a changé"})
    assert "Retirée" in browser.get(f"/articles/{article_id}").text
    assert INSTALMENTS.title not in browser.get(beside).text


def test_inserting_puts_the_answer_under_what_is_typed_once_and_counts_it_once(
    make_article, matter, world, sign_in, rows
):
    article_id = make_article()
    browser = sign_in(world.agent)
    browser.post(f"/tickets/{matter.reference}/drafts", data={"text": "Bonjour,"})
    for _again in range(2):
        browser.post(
            f"/tickets/{matter.reference}/articles/{article_id}/uses", data={"act": "insert"}
        )
    [draft], [use] = rows(Draft), rows(ArticleUse)
    assert draft.text.startswith("Bonjour,\n\nOui : un échéancier")
    assert draft.text.count("échéancier") == 1
    assert (use.was_inserted, use.helped) == (True, None)


def test_saying_twice_whether_it_helped_keeps_the_last_word(
    make_article, matter, world, sign_in, rows
):
    path = f"/tickets/{matter.reference}/articles/{make_article()}/uses"
    browser = sign_in(world.agent)
    for act in ("helped", "no"):
        browser.post(path, data={"act": act})
    assert [use.helped for use in rows(ArticleUse)] == [False]


def test_while_a_question_is_written_the_page_says_that_an_answer_exists(
    make_article, matter, world, sign_in
):
    make_article()
    answer = sign_in(world.agent).post(
        f"/tickets/{matter.reference}/articles/proposed",
        data={"question": "Peut-il payer son impôt en plusieurs fois ?"},
    )
    assert "Une réponse existe déjà" in answer.text
    assert INSTALMENTS.title in answer.text


def test_while_a_reply_is_written_its_own_words_find_the_article(
    make_article, app, matter, world, sign_in, rows
):
    make_article()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Ticket, (world.centre_id, matter.ticket_id)).topic_id = None
    agent, typed = sign_in(world.agent), f"/tickets/{matter.reference}/articles/typed"
    with_script = {"HX-Request": "true"}
    said = {"text": "Vous pouvez payer votre impôt en plusieurs fois, voici comment."}
    assert INSTALMENTS.title in agent.post(typed, data=said, headers=with_script).text
    other = {"text": "Bonjour, votre passeport vous attend à la mairie."}
    assert INSTALMENTS.title not in agent.post(typed, data=other, headers=with_script).text
    assert rows(Draft) == []
    assert f'hx-post="{typed}"' in agent.get(f"/tickets/{matter.reference}").text
    assert INSTALMENTS.title in agent.post(typed, data=said).text
    assert [draft.text for draft in rows(Draft)] == [said["text"]]  # without a script it is kept


def test_an_expert_makes_an_article_of_their_answer_in_one_step(
    app, asked_id, world, sign_in, rows
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        referral = questions.get(asked_id)
        questions.answer(referral, "Oui, il est définitif.", by=world.referent)
    place = sign_in(world.referent).post(f"/referrals/{asked_id}/articles").location
    [article] = rows(Article)
    assert place == f"/articles/{article.id}/words/fr"
    assert (article.organisation_id, article.audience) == (world.partner_id, "shared")


@pytest.mark.parametrize("page", ["", "/versions", "/words/fr"])
def test_another_organisation_and_what_is_kept_in_the_centre_are_404(
    make_article, world, sign_in, page
):
    inside, shared = make_article(), make_article(is_shared=True)
    for person, wanted in (
        (world.referent, {inside: 404, shared: 200}),
        (world.other_referent, {inside: 404, shared: 404}),
        (world.manager, {inside: 200, shared: 200}),
    ):
        browser = sign_in(person)
        answers = {each: browser.get(f"/articles/{each}{page}").status_code for each in wanted}
        assert answers == wanted


def test_an_expert_lists_only_what_is_shared_with_their_organisation(make_article, world, sign_in):
    make_article()
    make_article(is_shared=True)
    assert len(found(sign_in(world.referent).get("/articles").text)) == 1
    assert found(sign_in(world.other_referent).get("/articles").text) == []
