"""A day of a centre: who comes in by which door, and who receives them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from contactcenter.rehearsal import commands
from contactcenter.rehearsal.agenda import Act, Agenda
from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.cast import Cast, read_cast
from contactcenter.rehearsal.clerk import Clerk
from contactcenter.rehearsal.expert import Expert
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.letters import Correspondence
from contactcenter.rehearsal.options import Options
from contactcenter.rehearsal.postbox import Postbox
from contactcenter.rehearsal.program import Program
from contactcenter.rehearsal.words import Words
from contactcenter.rehearsal.writer import Writer

Arrival = Callable[[], None]

# How many of a hundred come in by each door.
COUNTER, MAIL, PROGRAM = 55, 30, 5
OPENING_SECONDS = 28.0
OPENING_ARRIVALS = 24
STAFF_ARRIVES_SECONDS = (4.0, 16.0)
LATE_AFTER_SECONDS = 45.0
LATE_EVERY_SECONDS = 3 * 3600.0
LATE_AT = "DGFiP"


@dataclass
class Day:
    options: Options
    report: Callable[[str], None]
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        options = self.options
        self.cast = read_cast(options.centre)
        self.words = Words(random.Random(options.seed))  # noqa: S311 - a play, no secret
        self.agenda = Agenda(speed=options.speed, report=self.report)
        self.ledger = Ledger(options.ledger)
        self.letters = Correspondence(self.words, self.agenda, self.ledger, options.lmtp)
        self.clerks = self._clerks()
        self.writers = [Writer(self._browser(email), self.words) for email in self.cast.writers]
        self.experts = [
            Expert(self._browser(each.email), self.words, each.leaves) for each in self.cast.experts
        ]
        self.program = Program(options.web, self._token, self.words, self.ledger)
        self.postbox = (
            Postbox(options.postbox_port, self.letters.read) if options.postbox_port else None
        )

    def begin(self) -> None:
        """Open the postbox and let everybody come."""
        if self.postbox is not None:
            self.postbox.open()
        for act in self._staff():
            self.agenda.play(act, first=self._between(*STAFF_ARRIVES_SECONDS))
        self.agenda.after(0, self._open)
        self.agenda.play(self._ask_with_date, first=LATE_AFTER_SECONDS)
        self.agenda.start(self.options.hands)

    def end_arrivals(self) -> None:
        self.agenda.dismiss()

    def close(self) -> None:
        self.agenda.stop()
        if self.postbox is not None:
            self.postbox.close()

    def _open(self) -> None:
        """On the first morning many come at once, so that every screen has something to show."""
        if self._is_empty():
            for number in range(OPENING_ARRIVALS):
                real = number * OPENING_SECONDS / OPENING_ARRIVALS
                self.agenda.after(real * self.options.speed, self._arrive)
        self.agenda.play(self._arrive_and_wait, first=OPENING_SECONDS)

    def _is_empty(self) -> bool:
        looking = self.writers[0].browser
        return not any(
            looking.get(path).links_to("/tickets/2")
            for path in ("/tickets", "/tickets?view=resolved")
        )

    def _arrive_and_wait(self) -> float:
        self._arrive()
        return self.words.dice.expovariate(self.options.arrivals_per_minute / 60)

    def _arrive(self) -> None:
        arrival = self.words.dice.choices(
            (self._at_counter, self.letters.write, self.program.write), (COUNTER, MAIL, PROGRAM)
        )[0]()
        if arrival is not None:
            self.agenda.after(0, arrival)

    def _at_counter(self) -> Arrival | None:
        """None if the room they go to is full: they turn round at the door."""
        return self.words.dice.choice(self.clerks).admit()

    def _ask_with_date(self) -> float:
        self.agenda.after(0, self.program.ask_with_date(LATE_AT))
        return LATE_EVERY_SECONDS

    def _staff(self) -> Sequence[Act]:
        clerks = [clerk.act for clerk in self.clerks]
        return clerks + [each.act for each in self.writers] + [each.act for each in self.experts]

    def _clerks(self) -> list[Clerk]:
        desks: dict[str, int] = {}
        clerks = []
        for each in self.cast.clerks:
            desk = desks[each.site] = desks.get(each.site, -1) + 1
            browser = self._browser(each.email)
            clerks.append(Clerk(browser, each.site, desk, self.words, self.agenda, self.ledger))
        return clerks

    def _browser(self, email: str) -> Browser:
        return Browser(self.options.web, email, self.options.password)

    def _token(self) -> str:
        return commands.token(self.cast.writers[0], self.options.home / "rehearsal-token")

    def _between(self, low: float, high: float) -> float:
        return self.words.dice.uniform(low, high)
