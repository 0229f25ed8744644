"""The visits of a day as a table for a spreadsheet, without anything a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from flask_babel import gettext as _

from contactcenter.queues.models import Visit
from contactcenter.reports import words
from contactcenter.reports.parquet import MOMENT, NUMBER, WHOLE, WORDS, parquet
from contactcenter.spreadsheets import harmless

WAITING = "waiting"
COLUMNS = [
    ("visit", WHOLE),
    *((name, WORDS) for name in ("number", "channel", "source")),
    *(
        (name, MOMENT)
        for name in ("entered_at", "called_at", "answered_at", "left_queue_at", "ended_at")
    ),
    *((name, NUMBER) for name in ("wait_seconds", "service_seconds")),
    *((name, WORDS) for name in ("outcome", "topic", "request", "team", "language", "priority")),
]


def day_csv(rows: Iterable[Any], zone: tzinfo) -> str:
    """One line a visit, in words and, for programs, in codes that no language changes.

    No name and no number of a citizen.
    """
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_header())
    endings = words.endings()
    channels, sources = words.channels(), words.sources()
    languages, priorities = words.languages(), words.priorities()
    for visit, topic, choice, reference, wait, team in rows:
        outcome = visit.outcome.value if visit.outcome else WAITING
        cells = (
            visit.id,
            visit.number,
            channels[visit.channel],
            sources[visit.source],
            *(_local(at, zone) for at in _moments(visit)),
            round(wait.total_seconds(), 1) if wait is not None else None,
            _service_seconds(visit),
            endings.get(outcome, _("En attente")),
            words.about(topic, choice),
            reference,
            team,
            languages.get(visit.language, visit.language),
            priorities[visit.priority_class],
            visit.channel.value,
            visit.source.value,
            outcome,
        )
        writer.writerow([harmless(cell) for cell in cells])
    # The mark at the start tells spreadsheets that accents follow.
    return "\ufeff" + written.getvalue()


def day_parquet(rows: Iterable[Any]) -> bytes:
    """The same visits for programs: codes, moments in UTC, names that no language changes."""
    return parquet(COLUMNS, [_typed(*row) for row in rows])


def _typed(
    visit: Visit, topic: Any, choice: Any, reference: str, wait: Any, team: str
) -> list[object]:
    return [
        visit.id,
        visit.number,
        visit.channel.value,
        visit.source.value,
        *_moments(visit),
        wait.total_seconds() if wait is not None else None,
        _service_seconds(visit),
        visit.outcome.value if visit.outcome else WAITING,
        words.about(topic, choice),
        reference,
        team,
        visit.language,
        visit.priority_class.value,
    ]


def _header() -> list[str]:
    return [
        _("Visite"),
        _("Numéro"),
        _("Canal"),
        _("Origine"),
        _("Arrivée"),
        _("Appel"),
        _("Début du service"),
        _("Sortie de la file"),
        _("Fin du service"),
        _("Attente en secondes"),
        _("Service en secondes"),
        _("Issue"),
        _("Motif"),
        _("Demande"),
        _("Équipe"),
        _("Langue"),
        _("Priorité"),
        _("Code du canal"),
        _("Code de l’origine"),
        _("Code de l’issue"),
    ]


def _moments(visit: Visit) -> tuple[datetime | None, ...]:
    return visit.entered_at, visit.called_at, visit.answered_at, visit.left_at, visit.ended_at


def _service_seconds(visit: Visit) -> float | None:
    if visit.answered_at is None or visit.ended_at is None:
        return None
    return round((visit.ended_at - visit.answered_at).total_seconds(), 1)


def _local(at: datetime | None, zone: tzinfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None
