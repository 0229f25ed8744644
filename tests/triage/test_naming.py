"""Which topic a request is about, by tables of values."""

from contactcenter.triage.naming import Phrase, indexed, named_by, topic_named
from contactcenter.triage.rules import Case, plain


def phrase(word, small=(), language="fr"):
    parts = tuple(plain(word).split())
    return Phrase(word, (parts, parts), (tuple(p not in small for p in parts),) * 4, language)


def named(topics, text, language="fr"):
    said = plain(text)
    case = Case(said, "email", language=language, stemmed=(said,) * 4)
    return named_by(indexed(topics), case)


def test_the_topic_is_the_one_that_explains_most_words():
    topics = {1: [phrase("carte grise")], 2: [phrase("adresse carte grise")]}
    assert topic_named(named(topics, "l'adresse de ma carte grise")) == 2
    assert topic_named(named(topics, "ma carte grise")) == 1


def test_an_expression_is_not_said_by_words_that_stand_far_apart():
    topics = {1: [phrase("adresse carte grise")]}
    assert named(topics, f"mon adresse {'mot ' * 12} ma carte grise") == {}


def test_one_word_said_twice_counts_once():
    topics = {1: [phrase("carte"), phrase("cartes")], 2: [phrase("avis")]}
    assert topic_named(named(topics, "une carte, des cartes, un avis")) is None


def test_two_topics_named_about_alike_are_no_proposal():
    topics = {1: [phrase("carte vitale")], 2: [phrase("passeport")], 3: [phrase("passeport")]}
    assert topic_named(named(topics, "ma carte vitale et mon passeport")) is None
    assert topic_named(named(topics, "mon passeport")) is None
    assert topic_named(named(topics, "bonjour")) is None


def test_a_word_that_is_small_in_the_language_of_the_request_says_nothing():
    als = Phrase("als", (("als",),), ((True,), (False,), (True,), (False,)), "fr")
    assert named({1: [als]}, "ik bel als het kan", "nl") == {}
    assert named({1: [als]}, "mon als de mai")[1].words == ["als"]
