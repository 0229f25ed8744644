"""Which rule speaks, by tables of values."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contactcenter.triage.rules import (
    Case,
    Rule,
    applies,
    first_to_set,
    is_covered,
    is_within,
    plain,
    sends_back,
)


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


@pytest.mark.parametrize("empty", ["", "   ", "?!…", "😀😀", "\u200f\u202e", "''-_"])
def test_words_without_a_letter_are_said_by_no_request(empty):
    assert not applies(rule(words=[empty]), case(f"Bonjour {empty} 😀"))


@pytest.mark.parametrize("words", ["ضريبة", "מס הכנסה", "налог", "税金"])
def test_words_from_right_to_left_and_of_other_scripts_are_found(words):
    assert applies(rule(words=[words]), case(f"Bonjour, \u200f{words}\u200f 😀 merci"))


def test_a_domain_holds_what_is_below_it_and_nothing_that_ends_like_it():
    assert is_within("mail.commune.example", "commune.example")
    assert is_within("commune.example", "commune.example")
    assert not is_within("ma-commune.example", "commune.example")
    assert not is_within(None, "commune.example")


def test_two_rules_that_send_a_request_to_each_other_are_told():
    to_dutch = rule(1, language="fr", sets={"language": "nl"})
    to_french = rule(2, language="nl", sets={"language": "fr"})
    assert sends_back(to_dutch, to_french)
    assert not sends_back(to_dutch, rule(3, language="de", sets={"language": "fr"}))


def test_a_rule_behind_one_that_says_more_is_covered():
    wide, narrow = rule(1), rule(2, words=["expulsion"], channel="email")
    assert is_covered(narrow, wide)
    assert not is_covered(wide, narrow)
    assert not is_covered(rule(2, sets={"language": "nl"}), wide)


# --- Properties of any table and any request ---

WORDS = st.sampled_from(["impôt", "caf", "loyer", "avis", "ضريبة", "😀", ""])
SETS = st.dictionaries(
    st.sampled_from(["priority", "queue_id", "language", "topic_id"]),
    st.sampled_from(["a", "b"]),
    min_size=1,
)
CONDITIONS = {
    "topic_id": st.sampled_from([None, 1, 2]),
    "words": st.lists(WORDS, max_size=3),
    "site_id": st.sampled_from([None, 1]),
    "channel": st.sampled_from([None, "email", "letter"]),
    "language": st.sampled_from([None, "fr", "nl"]),
    "sender_domain": st.sampled_from([None, "a.example", "b.a.example"]),
    "citizen_known": st.sampled_from([None, True, False]),
}
RULES = st.builds(
    Rule,
    id=st.integers(1, 10**6),
    name=st.text(max_size=5),
    sets=SETS,
    **CONDITIONS,
)
CASES = st.builds(
    Case,
    st.lists(WORDS, max_size=6).map(lambda words: plain(" ".join(words))),
    st.sampled_from(["email", "letter"]),
    topic_id=st.sampled_from([None, 1, 2]),
    site_id=st.sampled_from([None, 1, 2]),
    language=st.sampled_from(["fr", "nl", "de"]),
    sender_domain=st.sampled_from([None, "a.example", "b.a.example", "ba.example"]),
    citizen_known=st.booleans(),
)
TABLES = st.lists(RULES, max_size=6, unique_by=lambda each: each.id)
FIELDS = ("priority", "queue_id", "language", "topic_id")


@given(TABLES, CASES)
def test_the_rule_that_decides_is_the_first_of_those_that_apply(table, request):
    for name in FIELDS:
        heard = [each for each in table if name in each.sets and applies(each, request)]
        assert first_to_set(name, table, request) is (heard[0] if heard else None)


@given(TABLES, CASES)
def test_the_same_table_always_decides_the_same(table, request):
    once = [first_to_set(name, table, request) for name in FIELDS]
    assert [first_to_set(name, list(table), replace(request)) for name in FIELDS] == once


@given(TABLES, CASES, RULES)
def test_a_rule_added_at_the_end_never_changes_what_was_decided(table, request, last):
    for name in FIELDS:
        before = first_to_set(name, table, request)
        assert before is None or first_to_set(name, [*table, last], request) is before


@given(TABLES.filter(bool), CASES, st.fixed_dictionaries({}, optional=CONDITIONS), st.data())
def test_a_covered_rule_is_never_heard(table, request, changes, data):
    late = replace(data.draw(st.sampled_from(table)), **changes)
    assume(any(is_covered(late, each) for each in table))
    assert [first_to_set(name, [*table, late], request) is late for name in FIELDS] == [False] * 4
