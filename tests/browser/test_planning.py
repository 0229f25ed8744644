"""The pages of planning with a past to tell: the walk through all pages meets them empty."""

from tests.browser.test_pages import axe, open_page, too_wide
from tests.planning.conftest import history, store, workday  # noqa: F401 - fixtures


def test_a_planned_day_is_for_everyone_wide_and_narrow(browse, world, history, workday):  # noqa: F811 - fixtures
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
