"""The search of the desk: what is found, for whom, and what is said of it."""

import re

import pytest

from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.desk import searching
from contactcenter.desk.queries import PAGE
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets import search, vocabulary
from contactcenter.tickets.excerpts import excerpts
from contactcenter.tickets.models import Channel, SearchDocument, SearchWord
from contactcenter.tickets.search_rules import Terms
from tests.desk.stage import heard, opened
from tests.desk.test_list import change, far, listed, shown


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def found(browser, words, **more):
    answer = browser.get("/tickets", query_string={"q": words, **more})
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def learnt(app):
    """Read all words that were written so far."""

    def learn(world):
        with app.app_context(), within(Scope(world.centre_id)):
            for _ in range(4):  # up to what was there, once it was seen to be there
                with transaction():
                    vocabulary.learn_words()

    return learn


def lambertin(app, world, **more):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        return citizens.create(name="Josette Lambertin", **more).id


def test_a_reference_is_found_exactly(agent, app, world):
    first, second = opened(app, world), opened(app, world, f"comme {2026}-000001 déjà dit")
    assert listed(agent, q=second.reference) == [second.reference]
    assert listed(agent, q=f" {first.reference} ")[0] == first.reference


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("fr", "J’ai déménagé à l’étranger", "demenage etranger"),
        ("fr", "Les relevés de carrière", "relevé"),
        ("nl", "Ik heb drie aanslagbiljetten ontvangen", "aanslagbiljet"),
        ("de", "Meine Anträge wurden verzögert", "antrag verzogert"),
        ("en", "My pension payments stopped", "payment"),
    ],
)
def test_words_are_found_in_each_language_with_accents_ignored(
    agent, app, world, language, written, words
):
    ticket = opened(app, world, written, channel=Channel.WEB, language=language)
    opened(app, world, "rien à voir")
    assert listed(agent, q=words) == [ticket.reference]


def test_the_words_of_others_requests_answer_nothing(sign_in, agent, app, world, other_world):
    far(app, world, "une maladie grave")
    assert listed(agent, q="maladie") == []
    opened(app, world, "une maladie grave")
    assert listed(sign_in(world.outsider), q="maladie") != listed(agent, q="maladie")
    assert listed(sign_in(other_world.agent), q="maladie") == []


def test_a_reference_elsewhere_shows_its_line_and_not_its_content(agent, app, world):
    ticket = far(app, world, subject="Un sujet privé", topic_id=world.topic_id)
    page = agent.get("/tickets", query_string={"q": ticket.reference}).text
    assert shown(page) == [ticket.reference]
    assert "Avis d’impôt" in page
    assert "s’ouvre avec une raison" in page
    assert "Un sujet privé" not in page


@pytest.mark.parametrize("words", ["lambertin", "Lambertín", "01 99 00 12 34", "j@exemple.example"])
def test_a_citizen_leads_to_their_requests_everywhere(agent, app, world, words):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        citizen = citizens.create(
            name="Josette Lambertin", phone="01 99 00 12 34", email="j@exemple.example"
        )
        citizen_id = citizen.id
    here = opened(app, world, citizen_id=citizen_id)
    there = far(app, world, citizen_id=citizen_id, subject="Un sujet privé")
    page = agent.get("/tickets", query_string={"q": words}).text
    assert set(shown(page)) == {here.reference, there.reference}
    assert "Un sujet privé" not in page


def test_filters_narrow_a_search_too(agent, app, world):
    opened(app, world, "déménagement")
    letter = opened(app, world, "déménagement", channel=Channel.LETTER)
    assert listed(agent, q="déménagement", channel="letter") == [letter.reference]


def test_a_long_search_goes_on_on_the_next_page(agent, app, world):
    for _ in range(PAGE + 2):
        opened(app, world, "déménagement")
    first = agent.get("/tickets?q=déménagement").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert len(shown(first)) == PAGE
    assert len(shown(agent.get(following).text)) == 2


def test_own_requests_are_found_behind_many_newer_ones_of_others(agent, app, world, monkeypatch):
    monkeypatch.setattr(search, "LOOKS", (2, 4, 8))
    mine = opened(app, world, "déménagement")
    for _ in range(5):
        far(app, world, "déménagement")
    assert listed(agent, q="déménagement") == [mine.reference]


@pytest.mark.parametrize("words", ["'", '"', "& | !", "\\", "%", "a" * 500, "<b>", "\x00", "((("])
def test_no_words_break_the_search(agent, app, world, words):
    opened(app, world, "bonjour")
    assert agent.get("/tickets", query_string={"q": words}).status_code == 200


def test_internal_words_are_found_by_the_house(agent, app, world):
    ticket = opened(app, world)
    change(app, ticket, lambda t: tickets.note(t, "registre de la filature", by=world.agent))
    assert listed(agent, q="filature") == [ticket.reference]


def test_a_referent_finds_nothing_by_searching(sign_in, app, world):
    opened(app, world, "déménagement")
    assert sign_in(world.referent).get("/tickets?q=déménagement").status_code == 403
    with app.app_context(), within(world.referent.scope):
        assert search.ticket_ids("déménagement") == []
        db.session.rollback()


# --- How it is typed ---


def test_a_phrase_stands_in_its_order(agent, app, world):
    kept = opened(app, world, "une carte de séjour provisoire")
    opened(app, world, "un séjour, et une carte")
    assert listed(agent, q='"carte de séjour"') == [kept.reference]
    assert listed(agent, q="« carte de séjour »") == [kept.reference]


def test_without_leaves_out_whatever_message_holds_it(agent, app, world):
    kept = opened(app, world, "un impôt local")
    other = opened(app, world, "un impôt foncier")
    heard(app, other, "il y a un relevé")
    assert set(listed(agent, q="impôt")) == {kept.reference, other.reference}
    assert listed(agent, q="impôt -releves") == [kept.reference]


def test_the_number_of_a_reference_is_enough(agent, app, world):
    ticket = opened(app, world)
    newer = [opened(app, world, f"le numéro {int(ticket.reference[5:])}") for _ in range(2)]
    number = str(int(ticket.reference[5:]))
    assert listed(agent, q=number)[0] == ticket.reference
    assert set(listed(agent, q=number)) >= {each.reference for each in newer}


def test_a_person_is_named_among_the_words(agent, app, world):
    citizen_id = lambertin(app, world, birth_year=1958)
    theirs = opened(app, world, "mon déménagement", citizen_id=citizen_id)
    opened(app, world, "autre chose", citizen_id=citizen_id)
    opened(app, world, "mon déménagement")
    assert listed(agent, q="de:lambertin déménagement") == [theirs.reference]
    assert listed(agent, q="von:1958 Déménagement") == [theirs.reference]
    assert len(listed(agent, q="from:lambertin")) == 2
    assert len(listed(agent, q="de:lambertin -déménagement")) == 1


def test_words_of_a_person_never_tell_what_may_not_be_read(agent, app, world):
    far(app, world, "une maladie grave", citizen_id=lambertin(app, world))
    assert listed(agent, q="de:lambertin maladie") == []
    assert listed(agent, q="de:lambertin -maladie") == []
    assert len(listed(agent, q="de:lambertin")) == 1


# --- Misspelt words ---


def test_a_misspelt_word_is_looked_for_as_what_was_meant(agent, app, world, learnt):
    ticket = opened(app, world, "Je demande un déménagement")
    learnt(world)
    page = found(agent, "demenagemnt")
    assert shown(page) == [ticket.reference]
    assert "Vouliez-vous dire" in page
    assert "déménagement</a>" in page


def test_a_word_nobody_wrote_is_met_with_a_way_on(agent, app, world, learnt):
    opened(app, world, "Je demande un déménagement")
    learnt(world)
    page = found(agent, "xylophone")
    assert "Rien ne correspond" in page
    assert "Vouliez-vous dire" not in page


def test_no_word_of_others_is_ever_proposed(agent, app, world, learnt, other_world):
    far(app, world, "une maladie nommée Ostrolenka")
    opened(app, other_world, "Ostrolenka", queue_id=None, site_id=None)
    learnt(world)
    learnt(other_world)
    page = found(agent, "ostrolenca")
    assert "ostrolenka" not in page.lower().replace("ostrolenca", "")


def test_words_are_forgotten_when_nobody_writes_them(app, world, learnt, clock):
    opened(app, world, "Je demande un déménagement")
    learnt(world)
    with app.app_context(), within(Scope(world.centre_id)):
        known = db.select(db.func.count()).select_from(SearchWord)
        assert db.session.scalar(known) > 2
        clock.advance(days=401)
        with transaction():
            vocabulary.forget_words()
        assert db.session.scalar(known) == 0


def test_only_the_house_learns_near_words(app, world, learnt):
    opened(app, world, "Je demande un déménagement")
    learnt(world)
    with app.app_context(), within(world.referent.scope):
        assert search.near_words("demenagement") == []
        assert db.session.scalars(db.select(SearchWord)).all() == []
        db.session.rollback()


# --- Filters in the box ---


@pytest.mark.parametrize(
    "typed",
    ["canal:lettre", "Canal : Lettre", "channel:letter", "kanaal:brief", "kanal:Brief", "via:post"],
)
def test_filters_in_the_box_are_those_of_the_panel(agent, app, world, typed):
    opened(app, world, "déménagement")
    letter = opened(app, world, "déménagement", channel=Channel.LETTER)
    assert listed(agent, q=f"{typed} déménagement") == [letter.reference]
    assert listed(agent, q=typed) == [letter.reference]
    page = found(agent, f"déménagement {typed}")
    assert re.search(r'<option value="letter" selected', page)
    assert 'value="canal:lettre déménagement"' in page


def test_names_of_the_centre_are_filters(agent, app, world):
    ticket = opened(app, world, "déménagement", topic_id=world.topic_id)
    opened(app, world, "déménagement")
    for typed in ('motif:"Avis d’impôt"', "motif:avis", "topic:impot"):
        assert listed(agent, q=f"{typed} déménagement") == [ticket.reference]


def test_days_are_filters(sign_in, app, world, clock):
    old = opened(app, world, "déménagement")
    clock.advance(days=3)
    new = opened(app, world, "déménagement")
    agent = sign_in(world.agent)
    assert listed(agent, q="après:24/11/2026 déménagement") == [new.reference]
    assert listed(agent, q="avant:2026-11-24 déménagement") == [old.reference]
    assert listed(agent, q="après:aujourd’hui déménagement") == [new.reference]
    assert listed(agent, q="vor:gestern déménagement") == [old.reference]


@pytest.mark.parametrize(
    ("typed", "said", "offered"),
    [
        ("statut:clse", "ne connaît pas", "statut:close"),
        ("motif:xyz", "ne connaît pas", "motif:"),
        ("avant:bientôt", "pas un jour", "avant:2026"),
        ("-canal:lettre", "sans le tiret", "canal:lettre"),
        ("-impôt", "Ajoutez un mot", ""),
        ("((", "Écrivez un mot", ""),
    ],
)
def test_what_is_not_understood_is_said_with_what_to_type(agent, app, world, typed, said, offered):
    opened(app, world, "déménagement", topic_id=world.topic_id)
    page = found(agent, typed)
    assert said in page
    assert offered in page


def test_the_help_beside_the_box_can_be_tried(agent):
    page = agent.get("/tickets").text
    examples = re.findall(r'<dt><a href="([^"]+)"', page)
    assert len(examples) > 6
    for address in examples:
        answer = agent.get(address.replace("&amp;", "&").replace("&#34;", '"'))
        assert answer.status_code == 200
        assert "ne connaît pas" not in answer.text


# --- What is shown of what was found ---


def test_an_excerpt_marks_what_was_found_and_nothing_else(agent, app, world):
    opened(app, world, "Bonjour, je parle du <b>déménagement</b> & du <script>alert(1)</script>")
    page = found(agent, "demenagement")
    assert "<mark>déménagement</mark>" in page
    assert "<script>alert" not in page
    assert "<b>" not in page.split("data-rows")[1].split("</ul>")[0]


def test_marks_in_a_text_are_not_ours(agent, app, world):
    opened(app, world, "un \x02faux\x03 déménagement <mark>vrai</mark>")
    page = found(agent, "déménagement")
    assert "<mark>faux" not in page
    assert "<mark>vrai" not in page
    assert "<mark>déménagement</mark>" in page


def test_the_excerpt_is_of_the_message_that_was_found(agent, app, world):
    ticket = opened(app, world, "les premiers mots")
    heard(app, ticket, "plus tard, la filature")
    change(app, ticket, lambda t: tickets.note(t, "une note sur le moulin", by=world.agent))
    assert "<mark>filature</mark>" in found(agent, "filature")
    page = found(agent, "moulin")
    assert "<mark>moulin</mark>" in page
    assert "Note interne" in page


def test_a_request_known_by_its_line_gives_no_excerpt(agent, app, world):
    ticket = far(app, world, "Lambertin déménage", citizen_id=lambertin(app, world))
    page = found(agent, "lambertin")
    assert shown(page) == [ticket.reference]
    assert "<mark>" not in page
    assert "déménage" not in page


def test_excerpts_themselves_ask_who_reads(app, world):
    ticket = far(app, world, "Lambertin déménage")
    with app.test_request_context(), within(Scope(world.centre_id)):
        assert excerpts([ticket.id], world.agent, Terms(("déménage",))) == {}
        assert excerpts([ticket.id], world.outsider, Terms(("déménage",)))
        db.session.rollback()


def test_postgresql_alone_gives_a_referent_no_excerpt_document_or_match(app, world):
    """The code's own wall is taken away: the tables and functions are asked directly."""
    ticket = opened(app, world, "une maladie grave")
    with app.app_context(), within(world.referent.scope):
        assert search.ticket_ids("maladie") == []
        assert search.among([ticket.id], Terms(("maladie",))) == []
        assert db.session.scalars(db.select(SearchDocument)).all() == []
        db.session.rollback()


def test_a_request_opened_with_a_reason_is_found_by_its_words_for_a_day(
    agent, sign_in, app, world, clock
):
    ticket = far(app, world, "une maladie grave")
    change(app, ticket, lambda t: tickets.read_with_reason(t, "rappel urgent", by=world.agent))
    page = found(agent, "maladie")
    assert shown(page) == [ticket.reference]
    assert "<mark>maladie</mark>" in page
    clock.advance(hours=25)
    assert listed(sign_in(world.agent), q="maladie") == []


# --- How many ---


def test_a_few_are_counted_at_once(agent, app, world):
    for _ in range(3):
        opened(app, world, "déménagement")
    assert "3 demandes" in found(agent, "déménagement")


def test_many_are_counted_up_to_a_bound(agent, app, world, monkeypatch):
    for _ in range(PAGE + 3):
        opened(app, world, "déménagement")
    page = found(agent, "déménagement")
    assert "plus de 25" in page
    address = re.search(r'hx-get="(/tickets/found[^"]+)"', page)[1].replace("&amp;", "&")
    assert "28 demandes" in agent.get(address).text
    monkeypatch.setattr(searching, "MOST_COUNTED", 20)
    assert "plus de 20" in agent.get(address).text


def test_what_others_have_is_not_counted(agent, app, world):
    far(app, world, "déménagement")
    opened(app, world, "déménagement")
    assert "1 demande<" in agent.get("/tickets/found?q=déménagement").text


def test_a_search_that_looked_at_the_newest_only_leads_further(agent, app, world, monkeypatch):
    monkeypatch.setattr(search, "LOOKS", (2, 2))
    mine = opened(app, world, "déménagement")
    for _ in range(6):
        far(app, world, "déménagement")
    page = found(agent, "déménagement")
    assert shown(page) == []
    assert "Chercher plus loin" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert shown(agent.get(following).text) == [mine.reference]
