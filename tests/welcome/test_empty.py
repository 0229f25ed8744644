"""A page with nothing on it says why, and leads on to the next act."""

import pytest
from selectolax.lexbor import LexborHTMLParser

EMPTY = [
    ("agent", "/tickets"),
    ("agent", "/tickets?view=waiting"),
    ("agent", "/tickets?q=introuvable"),
    ("agent", "/counter"),
    ("agent", "/macros"),
    ("agent", "/nudges"),
    ("agent", "/tokens"),
    ("agent", "/bulk"),
    ("manager", "/unserved"),
    ("manager", "/rules"),
    ("referent", "/referrals"),
    ("administrator", "/traces"),
    ("administrator", "/people?q=personne-de-ce-nom"),
    ("administrator", "/directory/duty"),
    ("manager", "/rules/suggestions"),
]


@pytest.mark.parametrize(("who", "path"), EMPTY)
def test_an_empty_page_leads_on(who, path, world, sign_in):
    person = sign_in(getattr(world, who))
    if path == "/counter":
        person.post("/counter/place", data={"counter": world.counter_id})
    answer = person.get(path)
    assert answer.status_code == 200
    regions = LexborHTMLParser(answer.text).css("main .empty, .asked-list .empty")
    assert regions
    assert [each.text() for each in regions if not each.css("a[href]")] == []
