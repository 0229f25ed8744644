"""Clients that ask as fast as they are answered, each over one kept connection."""

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

Ask = Callable[[], None]


@dataclass(frozen=True)
class Measured:
    """What `clients` clients together got in `seconds`; each answer's own time, sorted."""

    clients: int
    seconds: float
    took: list[float]

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        if not self.took:
            return float("nan")
        return self.took[min(len(self.took) - 1, len(self.took) * percent // 100)] * 1000


def measure(clients: int, seconds: float, make: Callable[[], Ask]) -> Measured:
    """Let `clients` threads, each with an `Ask` of its own, ask for `seconds`."""
    took: list[float] = []
    failures: list[Exception] = []
    asks = [make() for _ in range(clients)]
    began = time.perf_counter()

    def run(ask: Ask) -> None:
        try:
            while (start := time.perf_counter()) - began < seconds:
                ask()
                took.append(time.perf_counter() - start)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Measured(clients, time.perf_counter() - began, sorted(took))


class Browser:
    """One kept connection, with the cookies it was given."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = dict(headers or {})
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, {}).decode()

    def weigh(self, path: str) -> int:
        """Get something as browsers do, and tell how many bytes of it came over the line."""
        return len(self._ask("GET", path, None, {"Accept-Encoding": "gzip"}))

    def post_json(self, path: str, body: object) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        answer: dict[str, str] = json.loads(
            self._ask("POST", path, json.dumps(body).encode(), headers)
        )
        return answer

    def sign_in(self, email: str, password: str) -> "Browser":
        page = self.get("/sign-in")
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        form = {"email": email, "password": password, "csrf_token": token[1]}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", "/sign-in", urlencode(form).encode(), headers)
        return self

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> bytes:
        headers = self._headers | dict(more) | ({"Cookie": self.cookie} if self.cookies else {})
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            cookie, _, value = line.partition(";")[0].partition("=")
            self.cookies[cookie] = value
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content
