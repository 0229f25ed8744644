"""The HTML of a mail reads like its text, and can be shown without danger."""

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


@pytest.mark.parametrize(
    "page",
    [
        "<script>x()</script>",
        "<img src='https://suivi.example/1.gif'>",
        "<img src=x onerror=x()>",
        "<a href='javascript:x()'>a</a>",
        "<svg onload=x()>",
        "<form action='https://piege.example'><input></form>",
        "<p style='position:fixed'>a</p>",
        "<iframe src='https://piege.example'></iframe>",
        "<img src='data:image/svg+xml,<svg onload=x()>'>",
        "<link rel=stylesheet href='https://suivi.example'>",
    ],
)
def test_what_acts_or_tells_is_taken_out(page):
    safe = html.sanitise(page)
    for word in ("script", "onerror", "onload", "suivi", "piege", "style", "data:"):
        assert word not in safe


def test_pictures_of_the_mail_and_links_stay():
    page = '<img src="cid:logo@a.example" alt="Logo"><a href="https://a.example">ici</a>'
    safe = html.sanitise(page)
    assert 'src="cid:logo@a.example"' in safe
    assert 'href="https://a.example"' in safe
    assert "noopener" in safe


def test_what_stands_below_too_many_tags_is_kept_as_text():
    page = "<div>" * (html.MOST_NESTED + 1) + "Bonjour &lt;b&gt;"
    assert "Bonjour <b>" in html.to_text(page)
    assert "Bonjour &lt;b&gt;" in html.sanitise(page)
