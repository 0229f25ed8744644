"""Who was answered in time and who was lost, under our formula and under those others quote."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from contactcenter.queues.legs import Leg, in_ticks, rate
from contactcenter.queues.outcomes import GAVE_UP, OWED, STAYED_TO_THE_END, Outcome

DEFAULT_TARGET = timedelta(seconds=20)
TWENTY_SECONDS = in_ticks(DEFAULT_TARGET)


def service_levels(offered: Sequence[Leg], targets: Mapping[str, timedelta]) -> dict[str, Any]:
    """Service level at 20 s by every formula in use, and at each queue's own target by ours.

    `sl20_headline` is on time among all to whom an answer was due. `sl20_now` adds those already
    waiting for longer, so that a growing queue never looks good.
    """
    by_target = {queue: in_ticks(target) for queue, target in targets.items()}
    own, own_now = _headline(
        offered, lambda leg: leg.in_time(by_target.get(leg.row.queue, TWENTY_SECONDS))
    )
    at_20, at_20_now = _headline(offered, lambda leg: leg.within(TWENTY_SECONDS))
    return {
        **_as_others_count(offered),
        "sl20_headline": at_20,
        "sl20_now": at_20_now,
        "service_level": own,
        "service_level_now": own_now,
    }


def losses(offered: Sequence[Leg]) -> dict[str, Any]:
    """Rates of giving up, of being refused and of being lost for any reason."""
    short = sum(leg.row.outcome is Outcome.ABANDONED_SHORT for leg in offered)
    gave_up = sum(leg.row.outcome in GAVE_UP for leg in offered)
    stayed = sum(leg.lined_up and leg.row.outcome in STAYED_TO_THE_END for leg in offered)
    lost = [leg for leg in offered if leg.row.was_lost]
    undecided = sum(leg.waiting for leg in offered)
    return {
        "abandon_rate": rate(gave_up + short, stayed + short),
        "abandon_rate_excl_short": rate(gave_up, stayed),
        "blocked_rate": rate(sum(leg.blocked for leg in offered), len(offered) - undecided),
        "lost": len(lost),
        "lost_after_transfer": sum(leg.row.source == "transfer" for leg in lost),
        "lost_rate": rate(len(lost), len(offered) - short),
    }


def _headline(
    offered: Sequence[Leg], is_within: Callable[[Leg], bool]
) -> tuple[float | None, float | None]:
    owed = on_time = overdue = 0
    for leg in offered:
        within = is_within(leg)
        owed += leg.row.outcome in OWED
        on_time += leg.answered and within
        overdue += leg.waiting and not within
    return rate(on_time, owed), rate(on_time, owed + overdue)


def _as_others_count(offered: Sequence[Leg]) -> dict[str, Any]:
    answered = sum(leg.answered for leg in offered)
    gave_up = sum(leg.gave_up for leg in offered)
    short = sum(leg.row.outcome is Outcome.ABANDONED_SHORT for leg in offered)
    blocked = sum(leg.blocked for leg in offered)
    prompt = sum(leg.answered and leg.within(TWENTY_SECONDS) for leg in offered)
    gave_up_soon = sum(leg.gave_up and leg.within(TWENTY_SECONDS) for leg in offered)
    decided = answered + gave_up
    return {
        "answered_within_20s": prompt,
        "abandoned_within_20s": gave_up_soon,
        "sl20_A_answered_over_answered_plus_abandoned": rate(prompt, decided),
        "sl20_B_excluding_short_abandons": rate(prompt, decided - short),
        "sl20_C_over_answered": rate(prompt, answered),
        "sl20_D_abandoned_in_T_count_as_good": rate(prompt + gave_up_soon, decided),
        "sl20_E_excluding_abandons_within_T": rate(prompt, decided - gave_up_soon),
        "sl20_F_blocked_in_denominator": rate(prompt, decided + blocked),
    }
