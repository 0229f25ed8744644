"""An expert invites a team of another organisation, and writes to the experts asked with them."""

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, circle
from contactcenter.escalation.forms import InvitationForm, SideForm
from contactcenter.escalation.referent_routes import blueprint, question_page
from contactcenter.escalation.team_queries import team


@blueprint.post("/referrals/<int:referral_id>/invitations")
@requires(Permission.ANSWER_REFERRALS)
def create_invitation(referral_id: int) -> ResponseReturnValue:
    form = InvitationForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    invited = db.session.scalar(team(form.team.data))
    try:
        if invited is None:
            raise Invalid(_("Choisissez une équipe."), "team")
        circle.invite(referral, invited, form.text.data or "", by=g.person)
    except Invalid as problem:
        form.team.errors = [str(problem)]
        return question_page(referral, form), 422
    flash(_("L’équipe est invitée : elle voit le dossier seulement si l’usager l’a permis."))
    return redirect(f"/referrals/{referral_id}?reply=side", 303)


@blueprint.post("/referrals/<int:referral_id>/side-words")
@requires(Permission.ANSWER_REFERRALS)
def create_side_words(referral_id: int) -> ResponseReturnValue:
    form = SideForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    circle.write_side(referral, form.text.data or "", by=g.person)
    return redirect(f"/referrals/{referral_id}?reply=side", 303)
