"""Callers, who ring the centre's line, and the agents who take their calls at a page."""

import time
from dataclasses import dataclass

from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.page import Form, Page
from contactcenter.rehearsal.twilio.legs import Plan
from contactcenter.rehearsal.twilio.network import Network
from contactcenter.rehearsal.words import Words

HIDDEN_NUMBER = "+266696687"  # what an operator writes for a caller who hides theirs
HIDES, IS_SILENT, IS_IMPATIENT = 0.08, 0.1, 0.2
KEYS = {"1": 30, "2": 35, "3": 20, "4": 15}
LANGUAGE_KEYS = {"nl": "7", "en": "8", "de": "9"}
SHORT_PATIENCE_SECONDS, LONG_PATIENCE_SECONDS = (25.0, 80.0), (240.0, 900.0)
TALKS_SECONDS = (40.0, 160.0)
REMEMBERED = 50
ENDS_WITHIN_SECONDS, LAST_WORDS_SECONDS = 1.5, 0.5

LOOKS_EVERY = (11.0, 17.0)
ACTS_SECONDS = (3.0, 9.0)
DECLINES, HANGS_UP_FIRST, TO_FOLLOW = 0.07, 0.25, 0.2


@dataclass(eq=False)
class Callers:
    network: Network
    number: str
    words: Words

    def call(self) -> None:
        """Somebody rings, chooses with the keys, waits, and talks or hangs up."""
        dice, citizen = self.words.dice, self.words.citizen()
        impatient = dice.random() < IS_IMPATIENT
        patience = dice.uniform(*(SHORT_PATIENCE_SECONDS if impatient else LONG_PATIENCE_SECONDS))
        plan = Plan(
            digits=self._keys(citizen.language),
            patience_seconds=patience,
            talk_seconds=dice.uniform(*TALKS_SECONDS),
        )
        caller = HIDDEN_NUMBER if dice.random() < HIDES else citizen.phone
        self.network.ring(caller, self.number, plan)
        self._forget_old()

    def _keys(self, language: str) -> list[str]:
        dice = self.words.dice
        asked = [LANGUAGE_KEYS[language]] if language in LANGUAGE_KEYS else []
        if dice.random() < IS_SILENT:
            return asked
        return [*asked, dice.choices(list(KEYS), list(KEYS.values()))[0]]

    def _forget_old(self) -> None:
        """The network keeps its calls for whoever tests it; a long day need not."""
        over = [sid for sid, leg in list(self.network.calls.items()) if leg.is_over]
        for sid in over[:-REMEMBERED]:
            self.network.calls.pop(sid, None)
        del self.network.wire.refused[:-REMEMBERED]
        del self.network.messages[:-REMEMBERED]


def hang_up_all(network: Network) -> None:
    """End every call, and give the last callbacks a moment to be sent."""
    living = [leg for leg in list(network.calls.values()) if not leg.is_over]
    for leg in living:
        leg.hang_up()
    deadline = time.monotonic() + ENDS_WITHIN_SECONDS
    while not all(leg.is_over for leg in living) and time.monotonic() < deadline:
        time.sleep(0.05)
    if living:
        time.sleep(LAST_WORDS_SECONDS)


@dataclass(eq=False)
class Speaker:
    """An agent at the telephone page, who keeps it open: else nobody rings there."""

    browser: Browser
    words: Words

    def act(self) -> float:
        page = self.browser.get("/phone")
        if (ringing := page.form("/acceptance", starting="/phone/")) is not None:
            self._take(page, ringing)
        elif (hanging_up := page.form("/end", starting="/phone/calls/")) is not None:
            return self._talk(hanging_up)
        elif (noting := page.form("/record", starting="/phone/calls/")) is not None:
            self._note(noting)
        elif (ready := self._way_back(page)) is not None:
            self.browser.send(ready, status="ready")
        else:
            return self.words.dice.uniform(*LOOKS_EVERY)
        return self.words.dice.uniform(*ACTS_SECONDS)

    def _take(self, page: Page, ringing: Form) -> None:
        declining = page.form("/refusal", starting="/phone/")
        declines = declining is not None and self.words.dice.random() < DECLINES
        self.browser.send(declining if declines and declining else ringing)

    def _talk(self, hanging_up: Form) -> float:
        """Most callers hang up first."""
        if self.words.dice.random() < HANGS_UP_FIRST:
            self.browser.send(hanging_up, text=self.words.say("done"))
        return self.words.dice.uniform(*LOOKS_EVERY)

    def _note(self, noting: Form) -> None:
        follows = self.words.dice.random() < TO_FOLLOW
        said = self.words.say("to_follow" if follows else "done")
        self.browser.send(noting, text=said, then="keep" if follows else "resolve")

    def _way_back(self, page: Page) -> Form | None:
        """The button that says one is there, shown to whoever is not."""
        return next(
            (
                form
                for form in page.forms
                if form.action == "/desk/availability"
                and "next" in form.values
                and form.buttons.get("status") == "ready"
            ),
            None,
        )
