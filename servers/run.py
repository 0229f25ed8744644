"""`make run`: everything a centre needs on one machine, from nothing, until Ctrl-C."""

import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from servers import migrations, processes
from servers.backoff import Backoff
from servers.errors import LaunchRefused
from servers.home import Home
from servers.only_run import only_run
from servers.options import Options, free_port
from servers.private import Private
from servers.records import Records
from servers.supervisor import Process, Supervisor

READY_SECONDS = 90.0
LOOK_SECONDS = 0.2
MOST_DEATHS_BEFORE_READY = 4
SIGN_INS = {
    "admin@centre.example": "administrator",
    "manager@centre.example": "manager",
    "agent@centre.example": "first-line agent",
    "referent@dgfip.example": "expert referent, taxes",
    "referent@caf.example": "expert referent, family benefits",
    "agent@tax.example": "agent of the Belgian centre",
}
PYTHON = sys.executable
WEB = [PYTHON, "-m", "gunicorn"]
# Workers, sweeper and LMTP share one loaded copy of the product.
PRELOAD = [PYTHON, "-m", "servers.preload"]
JOBS = ["worker urgent", "worker bulk", "worker letters", "sweeper", "lmtp"]
REHEARSAL = [PYTHON, "-m", "contactcenter.rehearsal"]


def run() -> None:
    """Start everything, tell the address and the sign-ins, and stay until told to stop."""
    options, home = Options.of_environment(), Home.of_environment()
    home.make()
    with only_run(home, options.address) as stopping:
        records = Records(home.folder / "processes.json")
        if left := records.clear_up():
            say(f"Cleared up after a run that was killed: {', '.join(left)}")
        options.refuse_taken_ports()
        private = Private.of_environment(report=say)
        try:
            private.join()
            Run(options, home, private, records).go()
        finally:
            stopping()
            if private.leave():
                say("The private servers stay up for another command that uses them")
    say("Stopped")


def say(line: str) -> None:
    print(line, flush=True)


@dataclass
class Run:
    options: Options
    home: Home
    private: Private
    records: Records
    stop: threading.Event = field(default_factory=threading.Event)

    def go(self) -> None:
        self._listen_to_signals()
        self._migrate()
        environment = self._environment()
        supervisor = Supervisor(self.records, self.home.log, environment, say)
        try:
            self._bring_up(supervisor)
            self._welcome(environment["DEMO_PASSWORD"])
            self._stay(supervisor)
        finally:
            say("Stopping")
            supervisor.stop()

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: self.stop.set())
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else it runs under nohup
            signal.signal(signal.SIGHUP, lambda _number, _frame: self.stop.set())

    def _migrate(self) -> None:
        addresses = self.private.urls().environment()
        if self.private.wants_postgres:
            migrations.upgrade_private(self.home, addresses, report=say)
        else:
            say("Bringing the database of DATABASE_URL up to date")
            migrations.upgrade(addresses)

    def _environment(self) -> dict[str, str]:
        """What the processes are told. What the person at the terminal set wins."""
        return {
            **(self._stand_ins() if self.options.traffic else {}),
            "PUBLIC_BASE_URL": self.options.address,
            "DEMO_PASSWORD": self.home.secret("demo_password", size=9),
            "MALLOC_ARENA_MAX": "2",
            "PYTHONUNBUFFERED": "1",
            **{name: value for name, value in os.environ.items() if value},
            **self.private.urls().environment(),
            "CONTACTCENTER_HOME": str(self.home.folder),
        }

    def _stand_ins(self) -> dict[str, str]:
        """A telephone network and a mail server that the rehearsal plays, where none is given."""
        played: dict[str, str] = {}
        if not os.environ.get("SMTP_HOST"):
            played |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(free_port())}
        if not os.environ.get("TWILIO_ACCOUNT_SID"):
            played |= {
                "TWILIO_ACCOUNT_SID": f"AC{0:032}",
                "TWILIO_AUTH_TOKEN": self.home.secret("rehearsal_network"),
                "TWILIO_API_BASE": f"http://127.0.0.1:{free_port()}",
            }
        return played

    def _bring_up(self, supervisor: Supervisor) -> None:
        say("Starting the web server, the workers, the sweeper and the mail door")
        supervisor.start(Process("web", WEB))
        self._start_jobs(supervisor)
        if self.options.traffic and not self._ends():
            say("Starting the rehearsal traffic (TRAFFIC=0 for none)")
            supervisor.start(Process("rehearsal", REHEARSAL))
        self._wait_until_ready(supervisor)

    def _start_jobs(self, supervisor: Supervisor) -> None:
        """Start the jobs, which make the demo centres first: so the product is loaded only once."""
        say("Looking after the demo centres")
        outcome, log = self.home.folder / "demo.outcome", self.home.log / "demo.log"
        outcome.unlink(missing_ok=True)
        said = processes.size(log)
        jobs = Process("jobs", [*PRELOAD, "--once", "demo", "--outcome", str(outcome), *JOBS])
        supervisor.start(jobs)
        while not outcome.exists() and not self._ends():
            supervisor.look_after()
            if jobs.backoff.failures >= MOST_DEATHS_BEFORE_READY:
                raise LaunchRefused(f"The jobs do not start:\n{supervisor.last_words('jobs')}")
        jobs.command = [*PRELOAD, *JOBS]
        if outcome.exists() and outcome.read_text() != "0":
            words = processes.words_since(log, said)
            raise LaunchRefused(f"The demo centres cannot be made:\n{words}")

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._ends():
            problem = unready(self.options.address)
            if problem is None:
                return
            supervisor.look_after()
            web = supervisor.process("web")
            if web.backoff.failures >= MOST_DEATHS_BEFORE_READY or time.monotonic() > deadline:
                raise LaunchRefused(
                    f"The web server is not ready ({problem}).\n{supervisor.last_words('web')}"
                )

    def _welcome(self, password: str) -> None:
        if self._ends():
            return
        say(f"\nThe contact centre runs: {self.options.address}/\n")
        say(f"Sign in with one of these, password {password}")
        for address, who in SIGN_INS.items():
            say(f"  {address:<24} {who}")
        say(f"\nWhat the processes say: {self.home.log}    Stop: Ctrl-C")

    def _stay(self, supervisor: Supervisor) -> None:
        backoff = Backoff()
        while not self._ends():
            supervisor.look_after()
            if not self.private.all_run() and backoff.is_due():
                backoff.died()
                self._revive()

    def _revive(self) -> None:
        """Start a private server that died. A refusal is told; the next try follows later."""
        try:
            self.private.join()
        except LaunchRefused as refusal:
            say(str(refusal))

    def _ends(self) -> bool:
        """Wait a moment; true once this run is to stop."""
        if self.options.stops_with_make and processes.is_ending(self.options.parent):
            self.stop.set()
        return self.stop.wait(LOOK_SECONDS)


def unready(address: str) -> str | None:
    """Why the web server cannot serve yet; None when it can."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310  # our own http
            return None
    except urllib.error.HTTPError as refusal:
        return f"/readyz answers {refusal.code}: {refusal.read(500).decode(errors='replace')}"
    except OSError as failure:
        return str(failure)
