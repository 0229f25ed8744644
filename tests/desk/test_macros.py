"""Ready-made replies: kept, found, filled in, and applied with what follows from them."""

import re
from html import unescape

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.replies.models import Draft, Macro
from contactcenter.replies.rules import fill, left_in, unknown_in
from contactcenter.tickets.models import Channel, Message, MessageKind, Priority, Status
from tests.desk.stage import act, opened, page, reload, rows, said, seen

TEXT = "Bonjour {nom}, votre demande {reference} est reçue."


@pytest.fixture
def manager(sign_in, world):
    return sign_in(world.manager)


@pytest.fixture
def ticket(app, world):
    return opened(app, world, "Mes mots à moi.", channel=Channel.COUNTER)


def kept(browser, **form):
    return browser.post("/macros", data={"name": "Dossier reçu", "text_fr": TEXT} | form)


def macro_of(app, world):
    (macro,) = rows(app, world, Macro)
    return macro


@pytest.mark.parametrize(
    ("text", "filled", "empty"),
    [
        ("Bonjour {nom}", "Bonjour Camille", []),
        ("Bonjour { NOM }", "Bonjour Camille", []),
        ("Le {référence}", "Le 2026-1", []),
        ("Dû {echeance}, {écheance}", "Dû {echeance}, {echeance}", ["echeance"]),
        ("Un {autre} mot", "Un {autre} mot", []),
        ("Rien", "Rien", []),
    ],
)
def test_placeholders_are_filled_or_named(text, filled, empty):
    result = fill(text, {"nom": "Camille", "reference": "2026-1", "echeance": ""})
    assert (result.text, result.empty) == (filled, empty)


def test_what_stands_between_braces_is_known_or_not():
    assert left_in("Bonjour {nom}, {autre}") == ["nom"]
    assert unknown_in("Bonjour {nom}, {autre}") == ["autre"]


def test_a_value_is_never_taken_for_a_placeholder():
    assert fill("{objet} {nom}", {"objet": "{nom}", "nom": "C"}).text == "{nom} C"


def test_an_agent_keeps_ready_made_replies_of_their_own(agent, manager, app, world):
    assert kept(agent, key="recu").status_code == 303
    assert macro_of(app, world).owner_id == world.agent.id
    assert "Dossier reçu" in agent.get("/macros").text
    assert "Dossier reçu" not in manager.get("/macros").text


def test_the_centres_own_are_kept_by_managers(agent, manager, app, world):
    assert kept(agent, is_shared="y").status_code == 422
    assert kept(manager, is_shared="y").status_code == 303
    macro = macro_of(app, world)
    assert "Dossier reçu" in agent.get("/macros").text
    assert agent.post(f"/macros/{macro.id}/retirement").status_code == 403
    changed = agent.post(f"/macros/{macro.id}", data={"name": "Autre", "text_fr": "x"})
    assert changed.status_code == 422
    assert manager.post(f"/macros/{macro.id}/retirement").status_code == 303
    assert "Dossier reçu" not in agent.get("/macros").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text_fr": "Bonjour {prenom}"}, "«\xa0{prenom}\xa0» n’est pas un champ connu."),
        (
            {"text_fr": ""},
            "Écrivez la réponse dans une langue au moins, ou choisissez ce qu’elle fait.",
        ),
        ({"name": " "}, "Donnez un nom à cette réponse"),
        ({"key": "deux mots"}, "Un mot court, sans espace"),
        ({"topic": "999999"}, "Choisissez un motif de la liste."),
    ],
)
def test_what_is_wrong_in_a_ready_made_reply_is_said_beside_its_field(
    agent, app, world, form, words
):
    answer = kept(agent, **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert rows(app, world, Macro) == []


def test_two_of_the_same_name_are_refused(agent):
    kept(agent)
    assert "Une autre réponse porte déjà ce nom." in kept(agent).text


def test_another_persons_or_centres_does_not_exist(agent, sign_in, app, world, other_world):
    kept(agent)
    macro = macro_of(app, world)
    for person in (world.second_agent, other_world.agent):
        assert sign_in(person).get(f"/macros/{macro.id}").status_code == 404


def test_it_is_put_under_what_is_typed_by_its_key(agent, app, world, ticket):
    kept(agent, key="recu", text_fr="Reçu : {reference}.")
    act(agent, ticket, "drafts/macro", macro="RECU", text="Bonjour,")
    assert f">Bonjour,\n\nReçu : {ticket.reference}.</textarea>" in page(agent, ticket)


def test_it_speaks_the_citizens_language_where_it_can(agent, app, world):
    kept(agent, text_nl="Ontvangen.")
    dutch = opened(app, world, "Goedendag, ik heb een vraag over mijn belasting.", language="nl")
    assert reload(app, dutch).language == "nl"
    act(agent, dutch, "drafts/macro", macro="Dossier reçu")
    assert ">Ontvangen.</textarea>" in page(agent, dutch)


def test_a_key_that_does_not_exist_loses_nothing(agent, ticket):
    act(agent, ticket, "drafts/macro", macro="rien", text="Bonjour,")
    shown = page(agent, ticket)
    assert "Aucune réponse type n’a ce nom ni cette clé." in shown
    assert ">Bonjour,</textarea>" in shown


def test_a_placeholder_without_a_value_is_named_and_stops_the_sending(agent, app, world, ticket):
    kept(agent)
    act(agent, ticket, "drafts/macro", macro="Dossier reçu")
    shown = page(agent, ticket)
    assert "Complétez avant d’envoyer\xa0: {nom} (le nom de la personne)." in shown
    text = f"Bonjour {{nom}}, votre demande {ticket.reference} est reçue."
    answer = act(agent, ticket, "replies", text=text, seen=seen(agent, ticket))
    assert answer.status_code == 422
    assert "{nom} (le nom de la personne)" in answer.text
    assert said(app, world, MessageKind.RECORD) == []


def test_its_actions_are_shown_then_done_with_the_reply(agent, app, world, ticket):
    kept(agent, text_fr="Voilà.", topic=str(world.topic_id), priority="high", then="resolve")
    act(agent, ticket, "drafts/macro", macro="Dossier reçu")
    shown = page(agent, ticket)
    assert "la priorité devient «\xa0Passe avant\xa0», la demande est terminée" in shown
    assert reload(app, ticket).priority is Priority.NORMAL
    macro_id = shown.split('name="macro_id" value="')[1].split('"')[0]
    form = {"text": "Voilà.", "seen": seen(agent, ticket), "macro_id": macro_id}
    assert act(agent, ticket, "replies", **form).status_code == 303
    now = reload(app, ticket)
    assert (now.topic_id, now.priority) == (world.topic_id, Priority.HIGH)
    assert now.status is Status.RESOLVED
    assert said(app, world, MessageKind.RECORD) == ["Voilà."]


def test_its_words_can_be_kept_without_its_actions(agent, app, world, ticket):
    kept(agent, text_fr="Voilà.", then="resolve")
    act(agent, ticket, "drafts/macro", macro="Dossier reçu")
    act(agent, ticket, "drafts/plain", text="Voilà donc.")
    shown = page(agent, ticket)
    assert ">Voilà donc.</textarea>" in shown
    assert 'name="macro_id"' not in shown


def test_the_page_to_choose_shows_each_as_it_would_read(agent, app, world, ticket):
    kept(agent, text_fr="Reçu : {reference}.")
    kept(agent, name="Autre chose", text_fr="Sans rapport.")
    to_choose = act(agent, ticket, "drafts", kind="reply", text="Déjà tapé", next="macros")
    assert to_choose.location == f"/tickets/{ticket.reference}/macros"
    assert f"Reçu : {ticket.reference}." in agent.get(to_choose.location).text
    found = agent.get(to_choose.location, query_string={"words": "RECU reference"}).text
    assert "Dossier reçu" in found
    assert "Autre chose" not in found
    (macro,) = (each for each in rows(app, world, Macro) if each.name == "Dossier reçu")
    act(agent, ticket, "drafts/macro", macro_id=macro.id)
    assert f">Déjà tapé\n\nReçu : {ticket.reference}.</textarea>" in page(agent, ticket)


def test_who_may_not_read_a_request_fills_nothing_with_it(sign_in, app, world, ticket):
    browser = sign_in(world.outsider)
    assert browser.get(f"/tickets/{ticket.reference}/macros").status_code == 404
    for noun in ("drafts", "drafts/macro", "drafts/plain", "presence"):
        assert act(browser, ticket, noun, text="x").status_code == 404
    assert rows(app, world, Draft) == []


def test_who_has_no_ready_made_reply_yet_finds_where_to_write_one(agent):
    assert 'href="/macros"' in agent.get("/tickets").text
    assert "/macros" in agent.get("/palette?q=types").text


def test_a_reply_whose_topic_was_dropped_meanwhile_still_leaves(agent, app, world, ticket):
    from contactcenter.directory.models import Topic
    from contactcenter.edge import transaction

    kept(agent, text_fr="Voilà.", topic=str(world.topic_id))
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Topic, (world.centre_id, world.topic_id)).is_active = False
    macro = macro_of(app, world)
    act(agent, ticket, "replies", text="Voilà.", seen=seen(agent, ticket), macro_id=macro.id)
    assert said(app, world, MessageKind.RECORD) == ["Voilà."]
    assert [m.kind for m in rows(app, world, Message)][-1] is MessageKind.RECORD


def done(browser, ticket, **form):
    """Use one without words, and give back where the way back of its message leads."""
    kept(browser, name="Classer", key="classer", text_fr="", **form)
    act(browser, ticket, "drafts/macro", macro="classer", text="Déjà tapé")
    shown = page(browser, ticket)
    assert "«\xa0Classer\xa0» est faite, rien n’est parti." in shown
    return unescape(re.search(r'action="([^"]*/acts/recall[^"]*)"', shown)[1])


def test_one_without_words_acts_at_once_sends_nothing_and_loses_nothing(agent, app, world, ticket):
    done(agent, ticket, topic=str(world.topic_id), priority="high", then="resolve")
    now = reload(app, ticket)
    assert (now.topic_id, now.priority) == (world.topic_id, Priority.HIGH)
    assert now.status is Status.RESOLVED
    assert said(app, world, MessageKind.RECORD) == said(app, world) == []
    assert [draft.text for draft in rows(app, world, Draft)] == ["Déjà tapé"]


def test_what_it_did_is_undone_whole(agent, app, world, ticket):
    before = reload(app, ticket)
    way_back = done(agent, ticket, topic=str(world.topic_id), priority="high", then="wait")
    assert reload(app, ticket).status is Status.WAITING_ON_CITIZEN
    assert agent.post(way_back).status_code == 303
    now = reload(app, ticket)
    assert (now.topic_id, now.priority, now.status) == (
        before.topic_id,
        before.priority,
        before.status,
    )


def test_undoing_leaves_what_someone_changed_since(agent, app, world, ticket):
    way_back = done(agent, ticket, priority="high", then="resolve")
    act(agent, ticket, "reopening")
    agent.post(way_back)
    now = reload(app, ticket)
    assert (now.priority, now.status) == (Priority.NORMAL, Status.OPEN)
    agent.post(way_back)
    assert "La demande a changé entre-temps\xa0: rien n’est annulé." in page(agent, ticket)


def test_one_with_words_acts_without_them_from_the_page_to_choose(agent, app, world, ticket):
    kept(agent, text_fr="Voilà.", priority="high")
    macro = macro_of(app, world)
    address = f"/tickets/{ticket.reference}/macros/{macro.id}/acts"
    assert f'action="{address}"' in agent.get(f"/tickets/{ticket.reference}/macros").text
    agent.post(address)
    assert reload(app, ticket).priority is Priority.HIGH
    assert rows(app, world, Draft) == []
    agent.post(address)
    assert "ne change rien ici" in page(agent, ticket)
