"""Dates are said as each language writes them."""

from datetime import date

import pytest
from flask import Flask, render_template_string

from contactcenter.languages import date_in_words, force_locale, register


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("fr", "mardi 3 mars"),
        ("nl", "dinsdag 3 maart"),
        ("en", "Tuesday 3 March"),
        ("de", "Dienstag, 3. März"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(spoken: str, said: str) -> None:
    page = Flask(__name__)
    register(page)
    with page.test_request_context(), force_locale(spoken):
        assert date_in_words(date(2026, 3, 3), "EEEE d MMMM") == said


def test_a_page_speaks_one_language_and_fills_its_words_in_safely() -> None:
    page = Flask(__name__)
    register(page)
    page.jinja_env.add_extension("jinja2.ext.i18n")
    with page.test_request_context(), force_locale("fr"):
        said = render_template_string("{{ _('Recherche « %(words)s »', words='<b>') }}")
    assert "&lt;b&gt;" in said
    assert "<b>" not in said
