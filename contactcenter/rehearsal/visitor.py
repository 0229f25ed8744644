"""Somebody at home who fills in the public form."""

from collections.abc import Callable
from dataclasses import dataclass

from contactcenter.rehearsal.agenda import Agenda
from contactcenter.rehearsal.browser import Browser, Refused
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.page import Form
from contactcenter.rehearsal.words import Citizen, Letter, Words

READS_SECONDS = 6.0  # of the clock: the form takes nothing that was written sooner than that


@dataclass(eq=False)
class Visitors:
    """`speed` is how many seconds of the play pass in a second of the clock."""

    web: str
    centre: str
    speed: float
    words: Words
    agenda: Agenda
    ledger: Ledger

    def write(self) -> Callable[[], None]:
        """Somebody new asks: the act that opens the form; they send it once they have read it."""
        letter = self.words.letter()
        citizen = self.words.citizen(letter.language)

        def open_form() -> None:
            browser = Browser(self.web, "", "")
            page = browser.get(f"/ask/{self.centre}")
            form = page.form(f"/ask/{self.centre}")
            if form is None:
                raise Refused(page)
            send = self._send(browser, form, citizen, letter)
            self.agenda.after(READS_SECONDS * self.speed, send)

        return open_form

    def _send(
        self, browser: Browser, form: Form, citizen: Citizen, letter: Letter
    ) -> Callable[[], None]:
        """Done again after a failure it sends the same form, which makes one request."""

        def send() -> None:
            browser.send(
                form,
                text=letter.text.format(name=citizen.name),
                reach="email",
                email=citizen.email,
                name=citizen.name,
                language=letter.language,
            )
            self.ledger.accepted("web", form.values["token"].partition("-")[0])

        return send
