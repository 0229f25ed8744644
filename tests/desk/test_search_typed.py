"""How a search is typed: phrases, words left out, misspelt words, and filters in the box."""

import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.tickets import search, vocabulary
from contactcenter.tickets.models import Channel, SearchWord
from tests.desk.stage import far, found, heard, lambertin, listed, opened, shown


@pytest.fixture
def learnt(app):
    """Read all words that were written so far."""

    def learn(world):
        with app.app_context(), within(Scope(world.centre_id)):
            for _ in range(4):  # up to what was there, once it was seen to be there
                with transaction():
                    vocabulary.learn_words()

    return learn


# --- Words ---


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
        ("langeu:nl déménagement", "n’est pas un filtre", "langue:nl"),
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
