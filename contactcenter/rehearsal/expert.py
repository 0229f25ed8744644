"""Experts of the partners: they take what was asked, answer, ask back, or refuse."""

from dataclasses import dataclass, field

from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.page import Form, Page
from contactcenter.rehearsal.words import Words

LOOKS_EVERY = (100.0, 240.0)
THINKS_SECONDS = (40.0, 120.0)
ASKS_BACK, REFUSES, LATER = 0.12, 0.08, 0.15


@dataclass(eq=False)
class Expert:
    """`leaves` is how many open questions they leave to somebody else of their organisation."""

    browser: Browser
    words: Words
    leaves: int = 0
    is_there: bool = False
    closed: set[str] = field(default_factory=set)

    def act(self) -> float:
        """One look at the questions: takes up those that are not left to somebody else."""
        page = self.browser.get("/referrals")
        if not self.is_there:
            page = self._arrive(page)
        questions = [path for path in page.links_to("/referrals/") if path not in self.closed]
        moved = [self._go_on(path) for path in questions[self.leaves :]]
        return self.words.dice.uniform(*(THINKS_SECONDS if any(moved) else LOOKS_EVERY))

    def _arrive(self, page: Page) -> Page:
        """Say that one can be asked while a citizen waits."""
        self.is_there = True
        form = page.form("/availability")
        if form is None or form.buttons.get("status") != "ready":
            return page
        return self.browser.send(form, status="ready")

    def _go_on(self, path: str) -> bool:
        """Whether there was something to do about this question."""
        page = self.browser.get(path)
        if page.form("/answers", starting=path) is None:
            self.closed.add(path)
            return False
        if (taking := page.form("/taking", starting=path)) is not None:
            self.browser.send(taking)
            return True
        waits_for_agent = f"{path}?reply=precision" not in page.links
        return not waits_for_agent and self._decide(path)

    def _decide(self, path: str) -> bool:
        luck = self.words.dice.random()
        if luck < ASKS_BACK and self._send(path, "precision", "asks_back"):
            return True
        if luck < ASKS_BACK + REFUSES:
            return self._send(path, "refusal", "refusal", code="not_our_field")
        if luck < ASKS_BACK + REFUSES + LATER:
            return False
        return self._send(path, "answer", "answer")

    def _send(self, path: str, kind: str, words: str, **chosen: str) -> bool:
        page = self.browser.get(f"{path}?reply={kind}")
        form = next((form for form in page.forms if self._is_reply(form, path)), None)
        if form is None:
            return False
        self.browser.send(form, text=self.words.say(words), **chosen)
        return True

    def _is_reply(self, form: Form, path: str) -> bool:
        return form.action.startswith(path) and "text" in form.values
