"""Agents at the counters: they give numbers, call, receive, set aside and see off."""

from collections.abc import Callable
from dataclasses import dataclass

from contactcenter.rehearsal import asking
from contactcenter.rehearsal.agenda import Agenda
from contactcenter.rehearsal.browser import Browser, Refused
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.page import Form, Page
from contactcenter.rehearsal.words import Words

LOOKS_EVERY = (12.0, 30.0)
SERVES_SECONDS = (35.0, 140.0)
COMES_SECONDS = (5.0, 15.0)
PATIENCE_SECONDS = (60.0, 400.0)
MOST_WAITING = 9
NAMED, IMPATIENT, ABSENT = 0.45, 0.15, 0.05
SET_ASIDE, ASKS_EXPERT, TO_FOLLOW = 0.06, 0.12, 0.12


@dataclass(eq=False)
class Clerk:
    """`desk` counts the counters of the site from the last one: a visitor takes the first."""

    browser: Browser
    site: str
    desk: int
    words: Words
    agenda: Agenda
    ledger: Ledger

    def act(self) -> float:
        """One look at the screen, and what it asks for."""
        page = self._counter()
        if (received := page.form("/end", starting="/counter/visits/")) is not None:
            return self._see_off(page, received)
        if (called := page.form("/service", starting="/counter/visits/")) is not None:
            return self._receive(page, called)
        if (call := page.form("/counter/calls")) is not None:
            self.browser.send(call)
            return self._between(COMES_SECONDS)
        return self._between(LOOKS_EVERY)

    def admit(self) -> Callable[[], None] | None:
        """Somebody comes in: the act that gives them a number. None if the room is full."""
        page = self._counter()
        form = page.form("/counter/visits")
        waiting = [form for form in page.forms if form.action.endswith("/departure")]
        if form is None or len(waiting) >= MOST_WAITING:
            return None
        written = self._walk_in(page)

        def give_number() -> None:
            given = self.browser.send(form, **written)
            visit = given.path.rpartition("given=")[2]
            if not visit.isdecimal():
                raise Refused(given)
            self.ledger.accepted("counter", form.values["key"])
            if self.words.dice.random() < IMPATIENT:
                self.agenda.after(self._between(PATIENCE_SECONDS), lambda: self._departs(visit))

        return give_number

    def _counter(self) -> Page:
        page = self.browser.get("/counter")
        if page.path.startswith("/counter/place"):
            page = self._sit_down(page)
        return page

    def _sit_down(self, page: Page) -> Page:
        form = page.form("/counter/place")
        assert form is not None, "the page of counters has no form"
        counters = form.sections.get(self.site) or form.choices["counter"]
        mine = counters[-1 - self.desk % len(counters)]
        return self.browser.send(form, counter=mine)

    def _walk_in(self, page: Page) -> dict[str, str]:
        dice = self.words.dice
        citizen = self.words.citizen()
        written = {"topic": dice.choice(page.lists["topics"]), "language": citizen.language}
        if dice.random() < NAMED:
            written["name"] = citizen.name
            written["birth_year"] = str(citizen.birth_year)
            written["phone"] = citizen.phone
        return written

    def _departs(self, visit: str) -> None:
        """Who has waited too long says so at the counter, and leaves."""
        page = self._counter()
        if (form := page.form(f"/visits/{visit}/departure")) is not None:
            self.browser.send(form)

    def _receive(self, page: Page, called: Form) -> float:
        absent = page.form("/absence", starting="/counter/visits/")
        if absent is not None:
            self.browser.send(absent)
            return self._between(COMES_SECONDS)
        again = page.form(called.action.replace("/service", "/calls"))
        if again is not None and self.words.dice.random() < ABSENT:
            self.browser.send(again)
            return self._between(COMES_SECONDS)
        self.browser.send(called)
        return self._between(SERVES_SECONDS)

    def _see_off(self, page: Page, received: Form) -> float:
        luck = self.words.dice.random()
        if luck < SET_ASIDE:
            self._set_aside(page, received)
        elif luck < SET_ASIDE + ASKS_EXPERT:
            self._see_off_with_question(page, received)
        elif luck < SET_ASIDE + ASKS_EXPERT + TO_FOLLOW:
            self.browser.send(received, done=self.words.say("to_follow"), settled="no")
        else:
            self.browser.send(received, done=self.words.say("done"))
        return self._between(LOOKS_EVERY)

    def _set_aside(self, page: Page, received: Form) -> None:
        """They fetch a paper, and come back."""
        pause = page.form(received.action.replace("/end", "/pause").rpartition("/counter")[2])
        if pause is None:
            return
        self.browser.send(pause)
        visit = pause.action.split("/")[-2]
        self.agenda.after(self._between(SERVES_SECONDS), lambda: self._comes_back(visit))

    def _comes_back(self, visit: str) -> None:
        page = self._counter()
        if (form := page.form(f"/visits/{visit}/return")) is not None:
            self.browser.send(form)

    def _see_off_with_question(self, page: Page, received: Form) -> None:
        references = [link.split("/")[2] for link in page.links if link.endswith("/referrals/new")]
        if references and asking.may_ask(self.browser):
            asking.ask(self.browser, self.words, references[0])
        self.browser.send(received, done=self.words.say("to_follow"), settled="no")

    def _between(self, bounds: tuple[float, float]) -> float:
        return self.words.dice.uniform(*bounds)
