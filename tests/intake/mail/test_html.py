"""The HTML of a mail reads like its text."""

import pytest

from contactcenter.intake.mail import html


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Un</p><p>Deux</p>", "Un\n\nDeux"),
        ("<div>Un</div><div>Deux</div>", "Un\nDeux"),
        ("Un<br>Deux", "Un\nDeux"),
        ("<p class=MsoNormal>Un</p><p class=MsoNormal>Deux</p>", "Un\nDeux"),
        ("<ul><li>Un</li><li>Deux</li></ul>", "- Un\n- Deux"),
        ("<b>Un</b>\n   <i>deux</i>", "Un deux"),
        ("<table><tr><td>Un</td><td>Deux</td></tr></table>", "Un Deux"),
        ("<style>p{}</style><script>x()</script><title>T</title>Un", "Un"),
        ("<pre>Un\n  Deux</pre>", "Un\n  Deux"),
        ("L&rsquo;avis &amp; la suite &lt;1&gt;", "L’avis & la suite <1>"),
        ("Un<blockquote type=cite>Deux<br>Trois</blockquote>", "Un\n\n> Deux\n> Trois"),
        ("Un<blockquote>Deux</blockquote>", "Un\n\nDeux"),
        ("", ""),
    ],
)
def test_html_reads_like_text(page, text):
    assert html.to_text(page) == text


def test_what_stands_below_too_many_tags_is_kept_as_text():
    page = "<div>" * (html.MOST_NESTED + 1) + "Bonjour &lt;b&gt;"
    assert "Bonjour <b>" in html.to_text(page)
