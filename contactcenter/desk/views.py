"""The lists an agent works from: each is an address, a condition and an order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    text,
)

from contactcenter.accounts.queries import AGENT
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import WITH_THEM, late, with_referent
from contactcenter.teamwork.models import Snooze
from contactcenter.teamwork.queries import is_snoozed
from contactcenter.tickets.models import Ticket

SOON = timedelta(hours=24)
HOUR = timedelta(hours=1)
FEW = 5_000

# Written out, not bound: the partial indexes on unfinished tickets carry the same words.
UNFINISHED = text("tickets.status IN ('new', 'open', 'waiting_on_citizen')")
OURS = text("tickets.status IN ('new', 'open')")
AWAITED = text("tickets.status = 'waiting_on_citizen'")
FINISHED = text("tickets.status IN ('resolved', 'closed')")

# Who looks and when: given with each execution, so that a statement is built once and kept.
CENTRE = AGENT.centre_id
READER = AGENT.id
NOW = bindparam("now", type_=DateTime(timezone=True))
SOON_AT = bindparam("soon_at", type_=DateTime(timezone=True))
HOUR_AT = bindparam("hour_at", type_=DateTime(timezone=True))

Branch = list[ColumnElement[bool]]
Branches = Callable[[], list[Branch]]


class Sort(StrEnum):
    """By which moment a list is ordered; a minus stands for the latest first."""

    DUE = "due"
    DUE_LAST = "-due"
    UPDATED = "-updated"
    UPDATED_LAST = "updated"
    OPENED = "-opened"
    OPENED_LAST = "opened"

    @property
    def column(self) -> str:
        return f"{self.value.lstrip('-')}_at"

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")


@dataclass(frozen=True)
class View:
    """What a list holds, beside "in my queues, or mine"; `is_mine` leaves the queues out.

    Each branch is a list of conditions and an index walk of its own; no ticket is in two of them.
    `held` are the branches of what the reader holds, in any queue, where they are not the same.
    `few` are found from what makes them so, put away or with an expert: a walk through a queue that
    has none of them goes through all of it. `many` are the walks to the same where more than `FEW`
    in the whole centre are `asked` about.
    """

    name: str
    label: str
    nothing: str
    branches: Branches
    sort: Sort = Sort.DUE
    is_mine: bool = False
    is_counted: bool = True
    warns: bool = False
    held: Branches | None = None
    few: Branches | None = None
    many: Branches | None = None
    asked: Callable[[], Select[*tuple[int]]] | None = None

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders an index serves: finished requests are walked by their changes only."""
        by_change = (Sort.UPDATED, Sort.UPDATED_LAST)
        return by_change if self.sort is Sort.UPDATED else tuple(Sort)


def _ours() -> list[Branch]:
    return [[_unfinished(), _written(OURS), ~is_snoozed()]]


def _due() -> list[Branch]:
    return [[_unfinished(), Ticket.due_at < SOON_AT, _written(OURS), ~is_snoozed()]]


def _hour() -> list[Branch]:
    within = and_(Ticket.due_at >= NOW, Ticket.due_at < HOUR_AT)
    return [[_unfinished(), within, _written(OURS), ~is_snoozed()]]


def _waiting() -> list[Branch]:
    return [[_unfinished(), _written(AWAITED)]]


def _few_referent() -> list[Branch]:
    return [_among(_at_experts())]


def _many_referent() -> list[Branch]:
    return [[_unfinished(), with_referent()]]


def _late() -> list[Branch]:
    return [[_unfinished(), Ticket.due_at < NOW, _written(OURS)]]


def _few_late() -> list[Branch]:
    return [[*_among(_late_there()), ~_we_are_late()]]


def _many_late() -> list[Branch]:
    return [[_unfinished(), late(NOW), ~_we_are_late()]]


def _we_are_late() -> ColumnElement[bool]:
    return func.coalesce(and_(Ticket.due_at < NOW, _written(OURS)), false())


def _unassigned() -> list[Branch]:
    return [[_unfinished(), _written(OURS), Ticket.assigned_to.is_(None), ~is_snoozed()]]


def _snoozed() -> list[Branch]:
    return [_among(_put_away())]


def _mine() -> list[Branch]:
    return [[_unfinished()]]


def _all() -> list[Branch]:
    return [[]]


def _resolved() -> list[Branch]:
    return [[_written(FINISHED)]]


def are_many(ids: Select[*tuple[int]]) -> ColumnElement[bool]:
    """More than `FEW`."""
    some = ids.limit(FEW + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery() > FEW


def _among(ids: Select[*tuple[int]]) -> Branch:
    return [_unfinished(), Ticket.id.in_(ids)]


def _at_experts() -> Select[*tuple[int]]:
    asked = or_(*[Referral.status == status for status in WITH_THEM])
    return _asked_about().where(asked)


def _late_there() -> Select[*tuple[int]]:
    return _asked_about().where(Referral.due_at < NOW)


def _asked_about() -> Select[*tuple[int]]:
    open_ones = select(Referral.ticket_id).where(Referral.closed_at.is_(None))
    return open_ones.where(Referral.centre_id == CENTRE)


def _put_away() -> Select[*tuple[int]]:
    return select(Snooze.ticket_id).where(Snooze.centre_id == CENTRE)


def _unfinished() -> ColumnElement[bool]:
    return _written(UNFINISHED)


def _written(condition: object) -> ColumnElement[bool]:
    return and_(condition)  # type: ignore[arg-type]  # and_ takes a text condition


MINE = (
    View(
        "todo",
        _l("À faire"),
        _l("Rien à faire : personne n’attend de vous."),
        _unassigned,
        held=_ours,
    ),
    View(
        "hour",
        _l("À rendre dans l’heure"),
        _l("Rien n’est à rendre dans l’heure."),
        _hour,
        warns=True,
    ),
    View("due", _l("Échéance proche"), _l("Aucune échéance d’ici demain."), _due, warns=True),
    View("waiting", _l("Attend l’usager"), _l("Aucune demande n’attend un usager."), _waiting),
    View(
        "snoozed",
        _l("Remises à plus tard"),
        _l("Aucune demande n’est remise à plus tard."),
        list,
        few=_snoozed,
    ),
    View(
        "referent",
        _l("Chez un expert"),
        _l("Aucun expert n’est consulté."),
        list,
        few=_few_referent,
        many=_many_referent,
        asked=_at_experts,
    ),
    View("mine", _l("À mon nom"), _l("Aucune demande n’est à votre nom."), _mine, is_mine=True),
)
TEAM = (
    View(
        "late",
        _l("En retard"),
        _l("Rien n’est en retard."),
        _late,
        warns=True,
        few=_few_late,
        many=_many_late,
        asked=_late_there,
    ),
    View("unassigned", _l("Sans personne"), _l("Chaque demande a quelqu’un."), _unassigned),
    View(
        "resolved",
        _l("Terminées"),
        _l("Aucune demande terminée."),
        _resolved,
        sort=Sort.UPDATED,
        is_counted=False,
    ),
    View(
        "all",
        _l("Toutes"),
        _l("Aucune demande."),
        _all,
        sort=Sort.UPDATED,
        is_counted=False,
    ),
)
VIEWS = {view.name: view for view in (*MINE, *TEAM)}
