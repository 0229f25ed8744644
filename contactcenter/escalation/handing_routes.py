"""An expert hands a question to a colleague of the same team."""

from flask import flash, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, handing, listing
from contactcenter.escalation.forms import HandingForm
from contactcenter.escalation.referent_routes import blueprint, question_page


@blueprint.post("/referrals/<int:referral_id>/handing")
@requires(Permission.ANSWER_REFERRALS)
def create_handing(referral_id: int) -> ResponseReturnValue:
    form = HandingForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    try:
        handing.hand(referral, form.to.data, form.text.data or "", by=g.person)
    except Invalid as refused:
        form.to.errors = [str(refused)]
        if isinstance(refused, handing.NotThere) and refused.substitute is not None:
            form.to.data = refused.substitute.id
        return question_page(referral, form), 422
    flash(_("Question confiée : le délai, lui, ne change pas."))
    return listing.back_to()
