"""Try a rule on the requests of the last month: what would have been proposed otherwise.

Each request is read as it came, with what its door or the citizen chose, and decided twice: by the
rules as they are and by the rules as they would be. Nothing of it is written to the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.stretches import LOOKS_BACK, Walk, whole
from contactcenter.tickets.models import Priority, Ticket
from contactcenter.triage import queries, rulebook
from contactcenter.triage.catalogue import Catalogue, catalogue, with_rules, with_stems
from contactcenter.triage.checks import check
from contactcenter.triage.deciding import Asked, Decisions, decide
from contactcenter.triage.language import detect
from contactcenter.triage.models import TriageRule, Trial, TrialChange
from contactcenter.triage.rules import Case, Rule, applies, plain
from contactcenter.triage.stems import stemmed

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
    since = clock.now() - LOOKS_BACK
    db.session.execute(queries.forget_trials(since))
    total, newest = db.session.execute(queries.to_try(since, MOST_REQUESTS)).one()
    return WALK.begin(
        Trial(
            rule_id=rule.id if rule else None,
            person_id=by.id,
            content=dict(content),
            matched=0,
            changed=0,
            **whole(since, total, newest),
        )
    )


def _look(trial: Trial, most: int) -> Sequence[int]:
    rows = db.session.execute(queries.stretch(trial, most)).all()
    given = _given([row.Ticket.id for row in rows])
    compared = _compared(trial)
    for row in rows:
        _compare(trial, compared, row, given.get(row.Ticket.id, {}))
    return [row.Ticket.id for row in rows]


WALK = Walk(Trial, "triage.try_rule", "trial", _look)


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
