"""What must hold in the database after whatever happened."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg

# What was never tried and is due later waits on purpose: a notice for a team that is closed now.
LEFT = "done_at IS NULL AND (attempts > 0 OR due_at <= now())"


class Books:
    """Reads a product's database as its owner, whom no wall hides a row from."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "", 1)

    def rows(self, statement: str, **named: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(statement, named).fetchall()

    def count(self, statement: str, **named: Any) -> int:
        return int(self.rows(statement, **named)[0][0])

    def is_drained(self) -> bool:
        """Whether no job waits; a job given up is not one that was done."""
        return not self.count(f"SELECT count(*) FROM outbox_messages WHERE {LEFT}")

    def jobs_left(self) -> list[tuple[Any, ...]]:
        return self.rows(
            f"SELECT job, attempts, dead_at, last_error FROM outbox_messages WHERE {LEFT}"
        )

    def not_once(self, ledger: Path) -> dict[str, int]:
        """The accepted requests that are not there exactly once, with how often they are."""
        accepted = [json.loads(line) for line in ledger.read_text().splitlines()]
        found = {door: self._found(door) for door in ("mail", "counter", "web", "api")}
        times = {(each["door"], each["key"]): 0 for each in accepted}
        for door, key in times:
            times[door, key] = found[door][key]
        return {f"{door} {key}": many for (door, key), many in times.items() if many != 1}

    def _found(self, door: str) -> Counter[str]:
        return Counter(str(key) for (key,) in self.rows(_FOUND[door]))

    def twice(self) -> dict[str, list[tuple[Any, ...]]]:
        """References and numbers issued twice, mails read twice, outcomes told twice."""
        found = {name: self.rows(statement) for name, statement in _TWICE.items()}
        return {name: rows for name, rows in found.items() if rows}

    def unread(self) -> list[tuple[Any, ...]]:
        """What a door took in and nobody has looked at: held, and without a reason."""
        return self.rows("SELECT door, id FROM receipts WHERE fate = 'held' AND problem = ''")

    def fates(self) -> dict[str, Counter[str]]:
        """What came to each door, by what became of it."""
        told: dict[str, Counter[str]] = {}
        for door, fate, many in self.rows(
            "SELECT door, fate, count(*) FROM receipts GROUP BY door, fate"
        ):
            told.setdefault(door, Counter())[fate] = many
        return told

    def lost_behind_a_receipt(self) -> list[tuple[Any, ...]]:
        """What a door says became a ticket, or joined one, and did not."""
        return self.rows(
            "SELECT r.door, r.id, r.fate FROM receipts r WHERE r.fate IN ('ticketed', 'attached')"
            " AND NOT EXISTS (SELECT 1 FROM tickets t"
            " WHERE t.centre_id = r.centre_id AND t.id = r.ticket_id)"
        )

    def half_left(self) -> list[tuple[Any, ...]]:
        """Visits that left without an outcome, or that have one and still wait."""
        return self.rows(
            "SELECT id, state, outcome, left_at FROM visits"
            " WHERE (left_at IS NULL) <> (outcome IS NULL)"
            " OR (state IN ('waiting', 'reserved')) <> (outcome IS NULL)"
        )


_FOUND = {
    "mail": "SELECT mail_id FROM messages WHERE mail_id IS NOT NULL AND kind = 'citizen'",
    "counter": "SELECT split_part(r.dedupe_key, ':', 3) FROM receipts r JOIN visits v"
    " ON v.centre_id = r.centre_id AND v.ticket_id = r.ticket_id"
    " JOIN queues q ON q.centre_id = v.centre_id AND q.id = v.queue_id"
    " WHERE r.door = 'counter' AND q.kind = 'counter' AND v.previous_id IS NULL",
    "web": "SELECT split_part(dedupe_key, ':', 2) FROM receipts"
    " WHERE door = 'web' AND fate = 'ticketed'",
    "api": "SELECT reference FROM tickets",
}
_TWICE = {
    "references": "SELECT centre_id, reference FROM tickets"
    " GROUP BY centre_id, reference HAVING count(*) > 1",
    "requests of the API": "SELECT body ->> 'reference' FROM idempotency_keys"
    " WHERE body ? 'queue' GROUP BY body ->> 'reference' HAVING count(*) > 1",
    "outcomes": "SELECT detail ->> 'visit_id', count(*) FROM events WHERE kind = 'VisitLeft'"
    " GROUP BY centre_id, detail ->> 'visit_id' HAVING count(*) > 1",
    "mails": "SELECT mail_id FROM messages WHERE mail_id IS NOT NULL"
    " GROUP BY centre_id, mail_id HAVING count(*) > 1",
    "numbers": "SELECT queue_id, number FROM visits WHERE number IS NOT NULL"
    " AND previous_id IS NULL GROUP BY centre_id, queue_id, number, entered_at::date"
    " HAVING count(*) > 1",
}
