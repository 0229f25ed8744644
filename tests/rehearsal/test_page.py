"""What the player reads from a page."""

from contactcenter.rehearsal.page import read_page

PAGE = """
<form method="post" action="/visits/7/service"><input type="hidden" name="token"></form>
<button form="done-8" formaction="/counter/calls">Appeler</button>
<form id="done-8" method="post" action="/visits/8/end">
  <input type="hidden" name="visit" value="8"><textarea name="done" lang="nl"></textarea>
  <button name="settled" value="no">À suivre</button>
</form>
<form action="/place" method="post">
  <fieldset><legend>Bellerive</legend>
    <input type="radio" name="counter" value="1">
    <input type="radio" name="counter" value="2" checked>
  </fieldset>
  <select name="queue"><option value="4">A</option><option value="5" selected>B</option></select>
</form>
<datalist id="topics"><option value="Passeport"></option></datalist>
<a href="/tickets/2026-000001?view=late">un</a> <a href="/tickets/2026-000001">un</a>
<a href="/tickets/2026-000002/referrals">deux</a>
"""


def test_a_form_keeps_what_stands_in_it():
    form = read_page("/", 200, PAGE).form("/end")
    assert form is not None
    assert form.filled(done="fini") == {"visit": "8", "done": "fini"}
    assert form.buttons == {"settled": "no"}


def test_a_button_elsewhere_sends_its_form_to_its_own_address():
    form = read_page("/", 200, PAGE).form("/counter/calls")
    assert form is not None
    assert form.filled() == {"visit": "8", "done": ""}


def test_choices_are_known_with_their_heading_and_what_is_chosen():
    form = read_page("/", 200, PAGE).form("/place")
    assert form is not None
    assert form.sections == {"Bellerive": ["1", "2"]}
    assert form.values == {"counter": "2", "queue": "5"}
    assert form.choices["queue"] == ["4", "5"]


def test_lists_and_the_languages_of_fields_are_read():
    page = read_page("/", 200, PAGE)
    assert page.lists == {"topics": ["Passeport"]}
    assert page.languages == {"done": "nl"}


def test_pages_below_a_folder_are_named_once():
    assert read_page("/", 200, PAGE).links_to("/tickets/") == ["/tickets/2026-000001"]
