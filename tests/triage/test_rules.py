"""Which rule speaks, by tables of values."""

import pytest

from contactcenter.triage.rules import Case, Rule, applies, first_to_set, plain, topic_named


def case(text="", channel="email", topic_id=None, site_id=None):
    return Case(plain(text), channel, topic_id, site_id)


def rule(number=1, **more):
    return Rule(**{"id": number, "name": f"règle {number}", "sets": {"priority": "high"}} | more)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["expulsion"], "Je risque l’EXPULSION demain"),
        (["expulse"], "on m’a expulsé hier"),
        (["impôt"], "mes impots sur le revenu"),
        (["coupure d'eau"], "une Coupure d’eau depuis lundi"),
        (["œuvre"], "main d'oeuvre"),
        (["straße"], "Meine STRASSE ist gesperrt"),
        (["huisuitzetting"], "Dreigende huisuitzetting"),
        (["rien", "urgent"], "It is urgent"),
    ],
)
def test_words_match_whole_words_with_accents_ignored(words, text):
    assert applies(rule(words=words), case(text))


@pytest.mark.parametrize(
    ("words", "text"),
    [(["tax"], "taxi pour la gare"), (["rue"], "cruel"), (["eau coupée"], "eau peu coupée")],
)
def test_parts_of_words_do_not_match(words, text):
    assert not applies(rule(words=words), case(text))


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"channel": "email"}, True),
        ({"channel": "letter"}, False),
        ({"topic_id": 5}, True),
        ({"topic_id": 6}, False),
        ({"site_id": 2}, True),
        ({"site_id": 3}, False),
        ({"topic_id": 5, "channel": "email", "words": ["avis"]}, True),
        ({"topic_id": 5, "channel": "email", "words": ["loyer"]}, False),
    ],
)
def test_every_condition_that_is_set_must_hold(conditions, holds):
    known = case("avis reçu", topic_id=5, site_id=2)
    assert applies(rule(**conditions), known) is holds


def test_the_first_rule_that_sets_a_field_wins():
    rules = [
        rule(1, sets={"queue_id": 7}, words=["loyer"]),
        rule(2, sets={"priority": "high"}),
        rule(3, sets={"queue_id": 8}),
        rule(4, sets={"queue_id": 9}),
    ]
    assert first_to_set("queue_id", rules, case("avis")).id == 3
    assert first_to_set("priority", rules, case("avis")).id == 2
    assert first_to_set("language", rules, case("avis")) is None


def test_the_topic_is_the_one_named_most():
    synonyms = {1: ["impôt", "avis"], 2: ["carte grise"], 3: []}
    assert topic_named(synonyms, plain("mon avis d'impôt et ma carte grise")) == (
        1,
        ["impôt", "avis"],
    )


def test_two_topics_named_alike_are_no_proposal():
    assert topic_named({1: ["fisc"], 2: ["caf"], 3: ["caf"]}, plain("la caf")) is None
    assert topic_named({1: ["fisc"]}, plain("bonjour")) is None
