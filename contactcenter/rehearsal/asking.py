"""An agent asks an expert: chooses a team on the page of the question, with the permission."""

from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.words import Words

MOST_OPEN = 6
"""Questions open at once: experts are few, and a list that only grows helps nobody."""


def may_ask(browser: Browser) -> bool:
    listed = browser.get("/tickets?view=referent")
    return len(listed.links_to("/tickets/")) < MOST_OPEN


def ask(browser: Browser, words: Words, reference: str) -> bool:
    """Put a question about this request to the team that fits it best; whether one could."""
    page = browser.get(f"/tickets/{reference}/referrals/new")
    form = page.form(f"/tickets/{reference}/referrals")
    if form is None or not form.choices["team"]:
        return False
    teams = form.choices["team"]
    chosen = form.values.get("team") or words.dice.choice(teams)
    oral = words.dice.random() < 0.7
    browser.send(
        form,
        team=chosen,
        question=words.say("question"),
        blocks=words.say("blocks"),
        tried=words.say("tried"),
        right_lost=words.say("right_lost"),
        mandate="oral" if oral else "paper",
        witness=words.say("witness") if oral else "",
    )
    return True
