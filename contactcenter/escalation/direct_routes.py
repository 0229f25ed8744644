"""An expert calls back an answer that was about to leave for the citizen."""

from flask import flash, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import Conflict
from contactcenter.escalation import direct, listing
from contactcenter.escalation.forms import CITIZEN, AnswerForm
from contactcenter.escalation.referent_routes import blueprint, question_page, seen


@blueprint.post("/referrals/<int:referral_id>/held-answers/<int:held_id>/recall")
@requires(Permission.ANSWER_REFERRALS)
def create_recall(referral_id: int, held_id: int) -> ResponseReturnValue:
    """Nothing has left: the words are in the form again.

    Only the held answer is locked, as what lets it leave locks it before its question.
    """
    referral = seen(referral_id)
    try:
        text = direct.call_back(referral, held_id, by=g.person)
    except Conflict as too_late:
        flash(str(too_late), "error")
        return listing.back_to(referral_id)
    flash(_("Envoi annulé : rien n’est parti, votre texte est là."))
    return question_page(referral, AnswerForm(formdata=None, text=text, to=CITIZEN))
