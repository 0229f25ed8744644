"""How this network speaks to the product: forms signed as Twilio signs them, in its own time."""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from twilio.request_validator import RequestValidator

Form = Mapping[str, str]
PATIENCE_SECONDS = 15


class NoAnswer(Exception):
    """The product did not answer, or with an error: Twilio drops the call then."""


@dataclass(frozen=True)
class Options:
    """`app` is asked, `public` is the address the product believes it has: that one is signed.

    `duplicate` is the share of requests sent twice, `delay` the longest time, in seconds of the
    network's own clock, that a callback may be held back: so some overtake others.
    """

    app: str
    account_sid: str
    auth_token: str
    public: str = ""
    speed: float = 1.0
    duplicate: float = 0.0
    delay: float = 0.0
    seed: int = 1


@dataclass
class Wire:
    options: Options
    refused: list[str] = field(default_factory=list)  # what the product answered with an error

    def __post_init__(self) -> None:
        self._chance = random.Random(self.options.seed)  # noqa: S311 - faults, not secrets
        self._validator = RequestValidator(self.options.auth_token)
        self._told = threading.Semaphore(64)

    def public(self, path: str) -> str:
        return urljoin(self.options.public or self.options.app, path)

    def ask(self, url: str, form: Form) -> str:
        """Fetch a document. Sent twice by chance, the second answer counts. Raises NoAnswer."""
        if self._chance.random() < self.options.duplicate:
            self._post(url, form)
        return self._post(url, form)

    def tell(self, url: str, form: Form) -> None:
        """Send a callback later, perhaps late, perhaps twice; nobody waits for its answer."""
        if not url:
            return
        times = 2 if self._chance.random() < self.options.duplicate else 1
        for _time in range(times):
            held = self._chance.random() * self.options.delay / self.options.speed
            threading.Thread(target=self._tell, args=(url, form, held), daemon=True).start()

    def _tell(self, url: str, form: Form, held: float) -> None:
        time.sleep(held)
        with self._told:
            try:
                self._post(url, form)
            except NoAnswer as failed:
                self.refused.append(str(failed))

    def _post(self, url: str, form: Form) -> str:
        signature = self._validator.compute_signature(url, dict(form))
        local = self.options.app + url.removeprefix(self.options.public or self.options.app)
        try:
            answer = requests.post(
                local,
                data=dict(form),
                headers={"X-Twilio-Signature": signature},
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as failed:
            raise NoAnswer(f"{local}: {type(failed).__name__}") from failed
        if answer.status_code >= 300:
            self.refused.append(f"{local}: {answer.status_code}")
            raise NoAnswer(f"{local}: {answer.status_code}")
        return answer.text
