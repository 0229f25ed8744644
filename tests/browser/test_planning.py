"""The pages of planning with a past to tell: the walk through all pages meets them empty."""

import pytest

from tests.browser.site import axe, open_page, too_wide

pytestmark = pytest.mark.browser


def test_a_planned_day_is_for_everyone_wide_and_narrow(browse, world, history, workday):
    history(weeks=6, an_hour=60)
    page, queue = browse(world.manager).page, f"/planning/queues/{world.phone_queue_id}"
    wrong = {}
    for path in (f"{queue}?day={workday}", f"/planning?day={workday}", f"{queue}/patience"):
        page.set_viewport_size({"width": 1280, "height": 900})
        open_page(page, path)
        found = axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        wrong[path] = found + axe(page) + too_wide(page)
    assert not any(wrong.values()), wrong
