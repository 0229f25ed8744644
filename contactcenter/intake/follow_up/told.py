"""Where a request stands, as it is said by telephone or SMS: no name, no topic, no subject."""

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.db import db
from contactcenter.escalation.queries import open_told
from contactcenter.intake.follow_up.standing import appointments, is_answered
from contactcenter.languages import moment
from contactcenter.tickets.models import Status, Ticket


def told(ticket: Ticket) -> list[str]:
    """The step, the next one, and its date, in the language being spoken."""
    referrals = db.session.scalars(open_told(ticket)).all()
    dates = [each.due_at for each in referrals if each.due_at]
    due_at = max([*dates, *([ticket.due_at] if ticket.due_at else [])], default=None)
    said = _steps(ticket, is_with_expert=bool(referrals))
    if ticket.is_open and due_at is not None:
        if due_at > clock.now():
            said.append(_("Réponse attendue au plus tard %(when)s.", when=moment(due_at)))
        else:
            said.append(_("La réponse est en retard : nous la suivons."))
    for each in appointments(ticket):
        said.append(_("Votre rendez-vous : %(moment)s.", moment=moment(each.slot.starts_at)))
    return said


def _steps(ticket: Ticket, *, is_with_expert: bool) -> list[str]:
    if ticket.status is Status.WAITING_ON_CITIZEN:
        return [_("Nous attendons un mot ou un papier de vous pour continuer.")]
    if ticket.status is Status.CLOSED:
        return [_("Cette demande est close.")]
    if not ticket.is_open:
        answered = is_answered(ticket)
        ended = _("Nous avons répondu.") if answered else _("Cette demande est terminée.")
        return [ended, _("Il manque quelque chose ? Dites-le à un agent.")]
    if is_with_expert:
        return [
            _("Un expert du service concerné répond à notre question."),
            _("Ensuite, nous vous répondons."),
        ]
    return [_("Nous nous en occupons."), _("Prochaine étape : notre réponse.")]
