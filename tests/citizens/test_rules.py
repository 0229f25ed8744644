import pytest

from contactcenter.citizens.rules import (
    Wanted,
    e164,
    is_email,
    name_key,
    read_wanted,
    readable,
    same_name,
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Étienne Exemple", "etienne exemple"),
        ("  Zoé   D’ESSAI-modèle ", "zoe d essai modele"),
        ("Œuvrard", "oeuvrard"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("", ""),
    ],
)
def test_names_are_compared_without_accents_and_case(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("06.39.98.31.77", "FR", "+33639983177"),
        ("+32 2 555 12 12", "FR", "+3225551212"),
        ("0033 6 39 98 31 77", "FR", "+33639983177"),
        ("02 555 12 12", "BE", "+3225551212"),
        ("12", "FR", None),
        ("bonjour", "FR", None),
        ("", "FR", None),
    ],
)
def test_numbers_are_kept_in_one_way(written, country, kept):
    assert e164(written, country) == kept


def test_numbers_are_shown_as_people_of_the_country_write_them():
    assert readable("+33639983177", "FR") == "06 39 98 31 77"
    assert readable("+33639983177", "BE").startswith("+33")
    assert readable("anonymous", "FR") == "anonymous"


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("nom@exemple.example", True),
        ("nom@exemple", False),
        ("nom exemple@exemple.example", False),
        ("@exemple.example", False),
        ("a" * 250 + "@exemple.example", False),
    ],
)
def test_an_address_is_one_or_not(written, is_one):
    assert is_email(written) is is_one


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Zoé 1958", Wanted("zoe", birth_year=1958)),
        ("06 39 98 31 77", Wanted(phone="+33639983177")),
        ("zoe@exemple.example", Wanted(email="zoe@exemple.example")),
        ("  ", Wanted()),
    ],
)
def test_what_was_typed_is_taken_apart(words, wanted):
    assert read_wanted(words, "FR") == wanted


def test_part_of_a_name_is_the_same_name():
    assert same_name("zoe exemple", "exemple")
    assert same_name("exemple zoe", "zoe exemple")
    assert not same_name("zoe exemple", "jean exemple")
    assert not same_name("", "zoe")
