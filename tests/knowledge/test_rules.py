"""What of a citizen stands in a text, and what is left without it."""

import pytest

from contactcenter.knowledge.rules import LEFT_OUT, Sort, known_of, traces, unconfirmed, without

KNOWN = known_of(
    ["Élodie Vasseur-Roche"],
    ["+33639980042", "2026-004512"],
    ["e.vasseur@exemple.example"],
    ["12 rue des Lilas"],
)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Bonjour Madame Elodie VASSEUR ROCHE,", Sort.FULL_NAME),
        ("Le dossier de Vasseur est complet.", Sort.NAME),
        ("Je vous appelle au 06 39 98 00 42.", Sort.NUMBER),
        ("Voir la demande 2026-004512.", Sort.NUMBER),
        ("Écrivez à E.Vasseur@exemple.example", Sort.MAIL),
        ("Elle habite 12, rue des lilas.", Sort.ADDRESS),
        ("Numéro 1 85 05 78 006 084 36", Sort.LONG_NUMBER),
    ],
)
def test_a_text_that_tells_who_it_was_about_is_found_however_it_is_written(text, sort):
    assert sort in {each.sort for each in traces(text, KNOWN)}


@pytest.mark.parametrize(
    "text",
    [
        "Demandez l’échéancier avant le 15 novembre 2026, au 3646.",
        "Article 1691 du code : 2 000 euros au plus, sur 24 mois.",
        "Les rochers et les lilas fleurissent.",
    ],
)
def test_a_text_about_the_rule_alone_tells_nobody(text):
    assert traces(text, KNOWN) == []


def test_what_tells_is_left_out_and_the_rest_stays():
    said = without("Madame Vasseur-Roche, au 06 39 98 00 42 : l’avis suffit.", KNOWN)
    assert "asseur" not in said
    assert "98 00" not in said
    assert LEFT_OUT in said
    assert said.endswith("l’avis suffit.")
    assert traces(said, KNOWN) == []


def test_a_word_that_is_also_a_name_may_be_confirmed_and_a_number_may_not():
    found = traces("La roche, et le 06 39 98 00 42.", KNOWN)
    left = unconfirmed(found, ["roche", "06 39 98 00 42"])
    assert [each.sort for each in left] == [Sort.NUMBER]
