"""Try a rule on the requests of the last month: what would have been proposed otherwise.

Each request is read as it came, with what its door or the citizen chose, and decided twice: by the
rules as they are and by the rules as they would be. Nothing of it is written to the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.tickets.models import Priority, Ticket
from contactcenter.triage import queries, rulebook
from contactcenter.triage.catalogue import Catalogue, catalogue, with_rules, with_stems
from contactcenter.triage.checks import check
from contactcenter.triage.deciding import Asked, Decisions, decide
from contactcenter.triage.language import detect
from contactcenter.triage.models import TriageRule, Trial, TrialChange
from contactcenter.triage.rules import Case, Rule, applies, plain
from contactcenter.triage.stems import stemmed

LOOKS_BACK = timedelta(days=30)
AT_ONCE = 2_000  # requests; more are looked at by the workers, while the page shows how far
STRETCH = 500
MOST_REQUESTS = 50_000
MOST_CHANGES = 500  # kept to be listed; the rest is counted


@dataclass(frozen=True)
class Compared:
    """The centre without and with the rule that is tried, and the two forms of that rule."""

    now: Catalogue
    then: Catalogue
    touched: Sequence[Rule]
    tried: Rule


def begin(content: rulebook.Content, rule: TriageRule | None, *, by: Person) -> Trial:
    """Try this content in the place of `rule`, or at the end. Raises Invalid like keeping it."""
    others = db.session.scalars(queries.listed_rules()).all()
    beside = [rulebook.rule_of(rulebook.content_of(r)) for r in others if r is not rule]
    check(rulebook.rule_of(content), beside, catalogue())
    now = clock.now()
    db.session.execute(queries.forget_trials(now - LOOKS_BACK))
    since = now - LOOKS_BACK
    total, newest = db.session.execute(queries.to_try(since, MOST_REQUESTS)).one()
    trial = Trial(
        rule_id=rule.id if rule else None,
        person_id=by.id,
        content=dict(content),
        asked_at=now,
        since=since,
        total=total,
        looked_at=0,
        matched=0,
        changed=0,
        next_id=(newest or 0) + 1,
    )
    db.session.add(trial)
    db.session.flush()  # its stretches and changes name it
    if total > AT_ONCE:
        _stage(trial)
        return trial
    while trial.finished_at is None:
        _look_at_stretch(trial)
    return trial


def run_stretch(trial_id: int, next_id: int) -> None:
    """Look at the next requests, and stage the rest; a stretch already looked at is left alone."""
    trial = db.session.scalar(queries.trial(trial_id).with_for_update())
    if trial is None or trial.finished_at is not None or trial.next_id != next_id:
        return
    _look_at_stretch(trial)
    live.touch(f"trial:{trial.id}")
    if trial.finished_at is None:
        _stage(trial)


def _stage(trial: Trial) -> None:
    outbox.stage("triage.try_rule", lane="bulk", trial_id=trial.id, next_id=trial.next_id)


def _look_at_stretch(trial: Trial) -> None:
    most = min(STRETCH, trial.total - trial.looked_at)
    rows = db.session.execute(queries.stretch(trial, most)).all() if most else []
    given = _given([row.Ticket.id for row in rows])
    compared = _compared(trial)
    for row in rows:
        _compare(trial, compared, row, given.get(row.Ticket.id, {}))
    trial.looked_at += len(rows)
    if rows:
        trial.next_id = rows[-1].Ticket.id
    if len(rows) < STRETCH or trial.looked_at >= trial.total:
        trial.finished_at = clock.now()
    db.session.flush()  # the next stretch asks how many changes are kept


def _compared(trial: Trial) -> Compared:
    known = catalogue()
    tried = with_stems(rulebook.rule_of(trial.content, trial.rule_id or 0))
    replaced = [rule for rule in known.rules if rule.id == trial.rule_id]
    then = with_rules(known, _in_place(known.rules, tried, trial))
    return Compared(known, then, [tried, *replaced], tried)


def _in_place(rules: Sequence[Rule], tried: Rule, trial: Trial) -> list[Rule]:
    """The rules with this one where it stands in the table, though it may be silent now."""
    if trial.rule_id is None:
        return [*rules, tried]
    places = {each.id: each.position for each in db.session.scalars(queries.listed_rules())}
    beside = [rule for rule in rules if rule.id != trial.rule_id]
    own = places.get(trial.rule_id, len(places) + 1)
    return sorted([*beside, tried], key=lambda rule: (places.get(rule.id, own), rule.id))


def _given(ticket_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What the citizen or the door had chosen, by ticket and field."""
    given: dict[int, dict[str, str]] = {}
    for row in db.session.execute(queries.given_fields(ticket_ids)):
        given.setdefault(row.ticket_id, {})[row.field] = row.value
    return given


def _compare(trial: Trial, compared: Compared, row: Any, given: dict[str, str]) -> None:
    asked = _asked(row, given)
    if not any(applies(replace(rule, topic_id=None), asked.case) for rule in compared.touched):
        return
    before, after = decide(compared.now, asked), decide(compared.then, asked)
    trial.matched += _hears(compared.tried, asked, after)
    changes = _differences(before, after)
    if not changes:
        return
    trial.changed += 1
    if trial.changed <= MOST_CHANGES:
        db.session.add_all(
            TrialChange(trial_id=trial.id, ticket_id=row.Ticket.id, field=f, before=b, after=a)
            for f, b, a in changes
        )


def _hears(rule: Rule, asked: Asked, decided: Decisions) -> bool:
    topic = next((d.value for f, d in decided.items() if f == "topic"), None)
    return applies(rule, replace(asked.case, topic_id=topic))


def _differences(before: Decisions, after: Decisions) -> list[tuple[str, str, str]]:
    pairs = ((field, _value(before, field), _value(after, field)) for field in before | after)
    return [(field, old, new) for field, old, new in pairs if old != new]


def _value(decided: Decisions, field: Any) -> str:
    decision = decided.get(field)
    return "" if decision is None else str(decision.value)


def _asked(row: Any, given: dict[str, str]) -> Asked:
    ticket: Ticket = row.Ticket
    words = f"{ticket.subject}\n{row.first_words or ''}"
    detected = detect(words) if ticket.channel in queries.LANGUAGE_IS_GUESSED else None
    said = plain(words)
    language = given.get("language", ticket.language)
    return Asked(
        case=Case(
            said,
            ticket.channel,
            topic_id=int(given["topic"]) if given.get("topic") else None,
            site_id=ticket.site_id,
            language=detected or language,
            sender_domain=row.email.rpartition("@")[2].lower() if row.email else None,
            citizen_known=row.asked_before,
            stemmed=stemmed(said),
        ),
        language=language,
        detected=detected,
        priority=Priority.NORMAL,
        queue_id=int(given["queue"]) if given.get("queue") else None,
        is_written=ticket.channel not in queries.SPOKEN,
    )
