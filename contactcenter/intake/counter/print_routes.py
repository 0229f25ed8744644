"""What comes out of the printer: the number, the papers to bring, in the citizen's language."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.fields import whole_number
from contactcenter.intake.counter import slips
from contactcenter.intake.counter.place import chosen_place
from contactcenter.intake.counter.routes import blueprint
from contactcenter.languages import force_locale


@blueprint.get("/visits/<int:visit_id>/slip")
@requires(Permission.WORK_COUNTER)
def show_slip(visit_id: int) -> ResponseReturnValue:
    slip = slips.slip_of(visit_id, chosen_place(g.person))
    on_a4 = request.args.get("paper") == "a4"
    with force_locale(slip.visit.language):
        return render_template("intake/counter/slip.html", slip=slip, on_a4=on_a4)


@blueprint.get("/visits/<int:visit_id>/papers")
@requires(Permission.WORK_COUNTER)
def show_papers(visit_id: int) -> ResponseReturnValue:
    slip = slips.slip_of(visit_id, chosen_place(g.person))
    chosen = request.args.getlist("paper", type=whole_number)
    with force_locale(slip.visit.language):
        return render_template(
            "intake/counter/papers.html", slip=slip, papers=slip.chosen_papers(chosen)
        )
