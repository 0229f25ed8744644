"""Numbers of administrations: check digits, and nothing but the last signs behind a mask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.citizens.identifier_rules import IdentifierKind, is_valid, masked, plain

NIR, TAX, BELGIAN = IdentifierKind.NIR, IdentifierKind.TAX_FR, IdentifierKind.NATIONAL_BE


# Examples that the makers of such checks publish; they belong to nobody.
@pytest.mark.parametrize(
    ("kind", "number", "is_right"),
    [
        (NIR, "2 95 10 99 126 111 93", True),
        (NIR, "2 53 07 2B 073 004 70", True),
        (NIR, "2 53 07 2C 073 004 43", False),
        (NIR, "2 95 10 99 126 111 94", False),
        (NIR, "9 95 10 99 126 111 93", False),
        (TAX, "30 23 217 600 053", True),
        (TAX, "30 23 217 600 054", False),
        (TAX, "70 23 217 600 053", False),
        (BELGIAN, "85.07.30-033 28", True),
        (BELGIAN, "17.07.30-033 84", True),  # born since 2000
        (BELGIAN, "85.07.30-033 29", False),
        (BELGIAN, "", False),
    ],
)
def test_the_check_digits_tell_a_number_that_was_mistyped(kind, number, is_right):
    assert is_valid(kind, plain(number)) is is_right


@given(st.text(max_size=20), st.sampled_from(IdentifierKind))
def test_whatever_is_typed_is_judged_and_nothing_breaks(typed, kind):
    assert is_valid(kind, plain(typed)) in (True, False)


def test_a_mask_leaves_two_signs():
    assert masked("295109912611193") == "•" * 13 + "93"
