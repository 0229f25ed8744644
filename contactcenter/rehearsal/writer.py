"""Agents in the mail room: they read what is to do, reply, ask for a paper, ask experts."""

from dataclasses import dataclass

from contactcenter.rehearsal import asking
from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.page import Form, Page
from contactcenter.rehearsal.words import Words

LOOKS_EVERY = (35.0, 80.0)
ENOUGH = 7
"""A list of this length is left to whoever looks at the demo; a longer one is worked off."""
IDLES = 0.7
ASKS_EXPERT, NOTES, WANTS_PAPER = 0.2, 0.1, 0.2


@dataclass(eq=False)
class Writer:
    browser: Browser
    words: Words

    def act(self) -> float:
        """One request of the list, unless there is little to do."""
        waiting = self.browser.get("/tickets").links_to("/tickets/")
        waiting = [path for path in waiting if path[9:10].isdecimal()]
        if waiting and (len(waiting) > ENOUGH or self.words.dice.random() > IDLES):
            self._work_on(self.words.dice.choice(waiting).rpartition("/")[2])
        return self.words.dice.uniform(*LOOKS_EVERY)

    def _work_on(self, reference: str) -> None:
        experts = self.browser.get(f"/tickets/{reference}/referrals")
        if self._gives_precision(experts) or experts.form("/withdrawal") is not None:
            return  # the next move was ours, or is theirs
        page = self.browser.get(f"/tickets/{reference}")
        reply = page.form("/replies")
        if reply is None:
            return
        luck = self.words.dice.random()
        if luck < ASKS_EXPERT and asking.may_ask(self.browser):
            asking.ask(self.browser, self.words, reference)
        elif luck < ASKS_EXPERT + NOTES:
            self._note(reference)
        else:
            self._reply(page.languages.get("text", "fr"), reply, wants_paper=luck > 1 - WANTS_PAPER)

    def _gives_precision(self, experts: Page) -> bool:
        """Answer an expert who asked back: theirs is the form that stands alone."""
        form = experts.form("/precisions")
        if form is None or experts.form("/withdrawal") is not None:
            return False
        self.browser.send(form, text=self.words.say("precision"))
        return True

    def _note(self, reference: str) -> None:
        page = self.browser.get(f"/tickets/{reference}?write=note")
        if (form := page.form("/notes")) is not None:
            self.browser.send(form, text=self.words.say("note"))

    def _reply(self, language: str, form: Form, *, wants_paper: bool) -> None:
        text = self.words.say("paper" if wants_paper else "reply", language)
        self.browser.send(form, text=text, then="wait" if wants_paper else "resolve")
