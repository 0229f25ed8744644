"""What screens say about questions: short words, whole sentences, no name beyond what is needed."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.directory.rules import Hours, holiday_name
from contactcenter.escalation.handing import Colleague
from contactcenter.escalation.models import MandateKind, Press, Reason, Referral, Refusal
from contactcenter.languages import date_in_words, duration, language, moment, whole_hours

REFUSALS: dict[Refusal, Any] = {
    Refusal.NOT_OUR_FIELD: _l("Ce n’est pas notre domaine"),
    Refusal.NOT_OUR_TERRITORY: _l("Ce n’est pas notre territoire"),
    Refusal.NO_MANDATE: _l("L’accord de l’usager manque ou ne suffit pas"),
    Refusal.STANDARD_PROCEDURE: _l("Une démarche courante existe, sans expert"),
    Refusal.OTHER: _l("Une autre raison"),
}

MANDATES: dict[MandateKind, Any] = {
    MandateKind.PAPER: _l("Signé sur papier"),
    MandateKind.ORAL: _l("Donné de vive voix, devant témoin"),
    MandateKind.SMS: _l("Donné par SMS"),
}

# How a permission that is not there yet is come by
TO_GET: dict[MandateKind, Any] = MANDATES | {
    MandateKind.SMS: _l("À demander par SMS : la question attend le oui"),
}

PRESSED: dict[Press, Any] = {
    Press.REFERENT: _l("Le référent qui l’a prise"),
    Press.TEAM: _l("Toute l’équipe"),
    Press.LEAD: _l("Responsable de l’équipe"),
    Press.PILOT: _l("Pilote de l’organisme"),
    Press.PREFECTURE: _l("Préfecture ou pilote national"),
    Press.ASKER: _l("L’agent qui a demandé"),
}

REASONS: dict[Reason, Any] = {
    Reason.BEFORE_DUE: _l("avant l’échéance"),
    Reason.LATE: _l("en retard"),
    Reason.CHASED: _l("relancé par l’agent"),
}


def pressed_because(who: str, reason: Reason) -> str:
    return str(_("%(who)s (%(reason)s)", who=who, reason=REASONS[reason]))


def colleague(each: Colleague) -> str:
    """A name; of who is away, until when and who stands in."""
    if each.away_until is None:
        return each.person.name
    day = date_in_words(each.away_until, "d MMMM")
    if each.substitute is None:
        return str(_("%(name)s, absence jusqu’au %(day)s", name=each.person.name, day=day))
    return str(
        _(
            "%(name)s, absence jusqu’au %(day)s, remplacement : %(substitute)s",
            name=each.person.name,
            day=day,
            substitute=each.substitute.name,
        )
    )


def why_here(referral: Referral, now: datetime) -> str:
    """Why a question stands where it does in the experts' list; empty while its clock stands."""
    if not referral.is_open or referral.begin_by is None or referral.due_at is None:
        return ""
    is_right = referral.save_by == referral.begin_by
    may_be_saved = referral.right_lost_at is not None and referral.right_lost_at > now
    if may_be_saved and referral.save_by is not None and referral.save_by <= now:
        return str(_("À commencer maintenant, sinon le droit se perd"))
    if referral.due_at <= now:
        return str(_("Réponse promise avant : %(moment)s", moment=moment(referral.due_at)))
    if referral.begin_by <= now:
        return str(_("À commencer maintenant pour répondre à temps"))
    at = moment(referral.begin_by)
    if is_right:
        return str(_("À commencer avant : %(moment)s, sinon le droit se perd", moment=at))
    return str(_("À commencer avant : %(moment)s", moment=at))


_LONG = timedelta(hours=10)


def time_left(left: timedelta) -> str:
    """Open time until the deadline, in words."""
    return str(_("reste %(time)s", time=open_duration(left)))


def time_late(late: timedelta) -> str:
    """How late it is in open time; none of it may have passed since, as in the night after."""
    if late < timedelta(minutes=1):
        return str(_("en retard"))
    return str(_("en retard de %(time)s", time=open_duration(late)))


def open_duration(amount: timedelta) -> str:
    """Open hours are never said as days: a team's day is shorter than the calendar's."""
    seconds = amount.total_seconds()
    return whole_hours(seconds) if amount >= _LONG else duration(max(seconds, 60))


def open_today(hours: Hours, now: datetime) -> list[str]:
    """The hours of this day at the team's place, by the clock on its wall."""
    spans = hours.on(now.astimezone(hours.zone).date())
    return [f"{_wall(span.start)} – {_wall(span.end, is_end=True)}" for span in spans]


def holiday_today(hours: Hours, now: datetime) -> str | None:
    """The name of the public holiday that this day is at the team's place."""
    return holiday_name(hours, now.astimezone(hours.zone).date(), language())


def _wall(at: time, *, is_end: bool = False) -> str:
    """A day ends at 24, never at 0."""
    hour = 24 if is_end and at == time() else at.hour
    return f"{hour} h {at.minute:02d}" if language() == "fr" else f"{hour:02d}:{at.minute:02d}"


def shown_citizen(name: str) -> str:
    """First name and initial, as much as an expert needs: "Josette L."."""
    words = name.split()
    if len(words) < 2:
        return f"{name[:1].upper()}." if name else _("Usager sans nom")
    return f"{words[0]} {words[-1][0].upper()}."
