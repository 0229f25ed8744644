"""The verbs of the table of rules: add, change, move, start, stop, remove, return.

Each leaves a version of the rule as it then is, with who did it; a version is never changed.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.triage import queries
from contactcenter.triage.catalogue import catalogue
from contactcenter.triage.checks import check
from contactcenter.triage.events import RuleChanged
from contactcenter.triage.models import RuleAct, RuleVersion, TriageRule
from contactcenter.triage.rules import Rule

MOST_RULES = 500

# What makes a rule, beside its place and whether it speaks.
CONTENT = (
    "name",
    "topic_id",
    "words",
    "site_id",
    "channel",
    "language",
    "sender_domain",
    "citizen_known",
    "sets",
)
Content = Mapping[str, Any]


def add(content: Content, *, by: Person) -> TriageRule:
    """A new rule, last in the order and speaking. Raises Invalid for what cannot be a rule."""
    known = _lock_all()
    if len(known) >= MOST_RULES:
        raise Invalid(_("Il y a déjà %(most)s règles.", most=MOST_RULES), "name")
    check(rule_of(content), [rule_of(content_of(each)) for each in known], catalogue())
    rule = TriageRule(position=len(known) + 1, is_active=True, **content)
    db.session.add(rule)
    db.session.flush()  # its version names it
    _keep(rule, RuleAct.ADDED, by)
    return rule


def change(rule: TriageRule, content: Content, *, seen: int, by: Person) -> None:
    """Give a rule other content. Raises Conflict when a colleague changed it after `seen`."""
    if seen != latest_number(rule):
        raise Conflict(_("Un collègue a changé cette règle entre-temps. Relisez-la."))
    _write(rule, content, RuleAct.CHANGED, by)


def move(rule: TriageRule, *, up: bool, by: Person) -> None:
    """Let a rule speak one place earlier or later; at the end of the table it stays."""
    rules = _lock_all()
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for position, each in enumerate(rules, start=1):
        each.position = position
    _keep(rule, RuleAct.MOVED, by)


def start(rule: TriageRule, *, by: Person) -> None:
    if not rule.is_active:
        rule.is_active = True
        _keep(rule, RuleAct.STARTED, by)


def stop(rule: TriageRule, *, by: Person) -> None:
    if rule.is_active:
        rule.is_active = False
        _keep(rule, RuleAct.STOPPED, by)


def remove(rule: TriageRule, *, by: Person) -> None:
    """It speaks no more and is listed no more; what it proposed keeps its name."""
    rule.removed_at = clock.now()
    _keep(rule, RuleAct.REMOVED, by)


def return_to(rule: TriageRule, number: int, *, by: Person) -> None:
    """Give a rule the content of an earlier version; a removed rule is listed again, at the end.

    Raises NotFound, or Invalid when what the version names is no longer there.
    """
    version = db.session.scalar(queries.versions(rule.id).where(RuleVersion.number == number))
    if version is None:
        raise NotFound(_("Cette version n’existe pas."))
    if rule.removed_at is not None:
        rule.position = len(_lock_all()) + 1
        rule.removed_at = None
    _write(rule, {name: version.content.get(name) for name in CONTENT}, RuleAct.RETURNED, by)


def lock(rule_id: int) -> TriageRule:
    """Load a rule for change, removed ones too. Raises NotFound."""
    rule: TriageRule | None = db.session.scalar(queries.rule(rule_id).with_for_update())
    if rule is None:
        raise NotFound(_("Cette règle n’existe pas."))
    return rule


def latest_number(rule: TriageRule) -> int:
    """The number of its latest version; 0 for a rule that no one has touched in these pages."""
    return db.session.scalar(queries.latest_number(rule.id)) or 0


def content_of(rule: TriageRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in CONTENT}


def rule_of(content: Content, rule_id: int = 0) -> Rule:
    return Rule(id=rule_id, **content)


def _write(rule: TriageRule, content: Content, act: RuleAct, by: Person) -> None:
    others = [rule_of(content_of(each)) for each in _lock_all() if each.id != rule.id]
    with db.session.no_autoflush:
        check(rule_of(content, rule.id), others, catalogue())
    if content_of(rule) == dict(content) and act is RuleAct.CHANGED:
        return
    if not latest_number(rule):  # of the installation: one must be able to return to it
        db.session.add(_version(rule, 1, RuleAct.FOUND, by))
        db.session.flush()  # the next version counts from it
    for name, value in content.items():
        setattr(rule, name, value)
    _keep(rule, act, by)


def _lock_all() -> list[TriageRule]:
    """The rules in order; whoever else changes the table waits."""
    return list(db.session.scalars(queries.listed_rules().with_for_update()))


def _keep(rule: TriageRule, act: RuleAct, by: Person) -> None:
    number = latest_number(rule) + 1
    db.session.add(_version(rule, number, act, by))
    announce(RuleChanged(person_id=by.id, rule_id=rule.id, act=act, number=number))


def _version(rule: TriageRule, number: int, act: RuleAct, by: Person) -> RuleVersion:
    return RuleVersion(
        centre_id=current_centre(),
        rule_id=rule.id,
        number=number,
        act=act,
        content={**content_of(rule), "position": rule.position, "is_active": rule.is_active},
        person_id=by.id,
        made_at=clock.now(),
    )
