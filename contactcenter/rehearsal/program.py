"""Another program that uses the REST API: the web form of a town hall, a question with a date."""

import http.client
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import localtime
from typing import Any
from urllib.parse import urlsplit

from contactcenter.rehearsal.browser import PATIENCE_SECONDS, Unreachable
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.words import Words

SOON = timedelta(seconds=90)


class ProgramRefused(Exception):
    """The API answered with a problem: this is a fault of ours, or of the API."""


@dataclass(eq=False)
class Program:
    """`token` is asked for when it is first needed; one that is refused is forgotten."""

    web: str
    token: Callable[[], str]
    forget_token: Callable[[], None]
    words: Words
    ledger: Ledger

    def write(self) -> Callable[[], None]:
        """Somebody fills in the form of the town hall: the act that hands it over."""
        asked, key = self._request(), secrets.token_hex(16)

        def hand_over() -> None:
            made = self._ask("POST", "/tickets", asked, key)
            self.ledger.accepted("api", str(made["reference"]))

        return hand_over

    def ask_with_date(self, organisation: str) -> Callable[[], None]:
        """Ask experts of this organisation for an answer so soon that it will be late.

        Done again after a failure it does the same once, as each of its requests has its key.
        """
        asked, key = self._request(), secrets.token_hex(16)
        due_at = (localtime() + SOON).isoformat()
        question = self.words.say("question")

        def ask() -> None:
            reference = self._ask("POST", "/tickets", asked, key)["reference"]
            team = self._team(organisation)
            self._ask(
                "POST",
                f"/tickets/{reference}/referrals",
                {"team": team, "question": question, "due_at": due_at},
                f"{key}-referral",
            )

        return ask

    def _request(self) -> dict[str, Any]:
        letter = self.words.letter()
        citizen = self.words.citizen(letter.language)
        return {
            "subject": letter.subject,
            "text": letter.text.format(name=citizen.name),
            "channel": "web",
            "language": letter.language,
            "citizen": {"name": citizen.name, "email": citizen.email},
        }

    def _team(self, organisation: str) -> int:
        teams = self._ask("GET", "/teams")
        fitting = [team for team in teams if team["organisation"].startswith(organisation)]
        return int((fitting or teams)[0]["id"])

    def _ask(
        self, method: str, path: str, asked: Mapping[str, Any] | None = None, key: str = ""
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        at = urlsplit(self.web)
        connection = http.client.HTTPConnection(
            at.hostname or "127.0.0.1", at.port or 80, timeout=PATIENCE_SECONDS
        )
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(asked), headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as failure:
            raise Unreachable(f"API: {failure or type(failure).__name__}") from failure
        finally:
            connection.close()
        if answer.status == 401:
            self.forget_token()
            raise Unreachable("API: the token is no longer valid")
        return _accepted(answer.status, body)


def _accepted(status: int, body: bytes) -> Any:
    if status >= 500 or status == 429:
        raise Unreachable(f"API: {status}")
    if status >= 400:
        raise ProgramRefused(f"{status} {body[:300]!r}")
    return json.loads(body)
