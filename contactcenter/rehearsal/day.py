"""A day of a centre: who comes in by which door, and who receives them."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contactcenter.rehearsal import commands
from contactcenter.rehearsal.agenda import Act, Agenda
from contactcenter.rehearsal.browser import Browser
from contactcenter.rehearsal.cast import Cast, read_cast
from contactcenter.rehearsal.clerk import Clerk
from contactcenter.rehearsal.expert import Expert
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.letters import Correspondence
from contactcenter.rehearsal.options import Options
from contactcenter.rehearsal.phone import Callers, Speaker, hang_up_all
from contactcenter.rehearsal.postbox import Postbox
from contactcenter.rehearsal.program import Program
from contactcenter.rehearsal.twilio import wire as twilio
from contactcenter.rehearsal.twilio.network import Network
from contactcenter.rehearsal.twilio.server import Server
from contactcenter.rehearsal.visitor import Visitors
from contactcenter.rehearsal.words import Words
from contactcenter.rehearsal.writer import Writer

Arrival = Callable[[], None]

# How many of a hundred come in by each door.
COUNTER, MAIL, PHONE, WEB, PROGRAM = 44, 24, 22, 6, 4
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
        self.program = Program(
            options.web, self._token, self._forget_token, self.words, self.ledger
        )
        self.visitors = Visitors(
            options.web, options.centre, options.speed, self.words, self.agenda, self.ledger
        )
        self.postbox = (
            Postbox(options.postbox_port, self.letters.read) if options.postbox_port else None
        )
        self.network = _network(options) if options.network_port else None
        self.speakers = [Speaker(self._browser(email), self.words) for email in self.cast.speakers]

    def begin(self) -> None:
        """Open the postbox and the telephone network, and let everybody come."""
        if self.postbox is not None:
            self.postbox.open()
        if self.network is not None:
            threading.Thread(target=self.network.serve_forever, daemon=True).start()
        for act in self._staff():
            self.agenda.play(act, first=self._between(*STAFF_ARRIVES_SECONDS))
        self.agenda.after(0, self._open)
        self.agenda.play(self._ask_with_date, first=LATE_AFTER_SECONDS)
        self.agenda.start(self.options.hands)

    def end_arrivals(self) -> None:
        self.agenda.dismiss()

    def close(self) -> None:
        """Everybody goes home: callers hang up, so that none of them waits for ever."""
        self.agenda.stop()
        if self.network is not None:
            hang_up_all(self.network.network)
        if self.postbox is not None:
            self.postbox.close()
        if self.network is not None:
            self.network.shutdown()
            self.network.server_close()

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
        doors = (
            self._at_counter,
            self.letters.write,
            self._by_phone,
            self.visitors.write,
            self.program.write,
        )
        arrival = self.words.dice.choices(doors, (COUNTER, MAIL, PHONE, WEB, PROGRAM))[0]()
        if arrival is not None:
            self.agenda.after(0, arrival)

    def _at_counter(self) -> Arrival | None:
        """None if the room they go to is full: they turn round at the door."""
        return self.words.dice.choice(self.clerks).admit()

    def _by_phone(self) -> Arrival | None:
        """None where another network than ours carries the calls: nobody rings."""
        if self.network is None:
            return None
        return Callers(self.network.network, self.cast.number, self.words).call

    def _ask_with_date(self) -> float:
        self.agenda.after(0, self.program.ask_with_date(LATE_AT))
        return LATE_EVERY_SECONDS

    def _staff(self) -> Sequence[Act]:
        clerks = [clerk.act for clerk in self.clerks]
        speakers = [speaker.act for speaker in self.speakers] if self.network else []
        writers = [writer.act for writer in self.writers]
        return [*clerks, *writers, *speakers, *(expert.act for expert in self.experts)]

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
        return commands.token(self.cast.writers[0], self._kept_token)

    def _forget_token(self) -> None:
        self._kept_token.unlink(missing_ok=True)

    @property
    def _kept_token(self) -> Path:
        return self.options.home / "rehearsal-token"

    def _between(self, low: float, high: float) -> float:
        return self.words.dice.uniform(low, high)


def _network(options: Options) -> Server:
    """A telephone network of our own, at the address the product was told."""
    asked = twilio.Options(
        app=options.web,
        public=options.public,
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        speed=options.speed,
    )
    assert options.network_port is not None
    return Server(Network(asked), options.network_port)
