"""An expert asks for a whole number of the citizen's, and says why."""

from flask import g, request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, disclosing
from contactcenter.escalation.forms import AnswerForm
from contactcenter.escalation.question import citizen_of
from contactcenter.escalation.referent_routes import blueprint, question_page


@blueprint.post("/referrals/<int:referral_id>/identifiers/<int:identifier_id>/readings")
@requires(Permission.ANSWER_REFERRALS)
def create_identifier_reading(referral_id: int, identifier_id: int) -> ResponseReturnValue:
    """The page itself shows it, this once: no address leads back to the number."""
    referral = actions.lock(referral_id, person=g.person)
    form, reason = AnswerForm(formdata=None), request.form.get("reason", "")
    try:
        number = disclosing.show(referral, citizen_of(referral), identifier_id, reason, by=g.person)
    except Invalid as problem:
        return question_page(referral, form, number_problem=str(problem)), 422
    return question_page(referral, form, numbers={identifier_id: number})
