"""Likely duplicates: beside a request, and for a form while it is filled in."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.likeness import Described, described
from contactcenter.desk.alike import people_alike, tickets_alike
from contactcenter.desk.seen import citizen_of, visible
from contactcenter.desk.topics import topic_names
from contactcenter.desk.words import speak

blueprint = Blueprint("alike", __name__)
speak(blueprint)


@blueprint.get("/tickets/<reference>/alike")
@requires(Permission.WORK_TICKETS)
def show_alike(reference: str) -> ResponseReturnValue:
    """Who and what this request resembles; in its own pane for htmx, else a page."""
    ticket = visible(reference)
    citizen = citizen_of(ticket)
    shown = {
        "ticket": ticket,
        "citizen": citizen,
        "people": people_alike(described(citizen)) if citizen else [],
        "requests": tickets_alike(
            ticket.subject,
            citizen_id=ticket.citizen_id,
            topic_id=ticket.topic_id,
            but=ticket.id,
        ),
        "topics": topic_names().all,
        "may_merge": g.person.may(Permission.MERGE_CITIZENS),
    }
    whole = "HX-Request" not in request.headers
    return render_template("desk/alike.html" if whole else "desk/_alike_found.html", **shown)


@blueprint.post("/alike")
@requires(Permission.WORK_TICKETS)
def list_alike() -> ResponseReturnValue:
    """For a form being filled in: nothing is kept. Sent as a form, so that no address holds it."""
    person = _typed()
    people = people_alike(person)
    sure = [each.citizen.id for each, _why in people if each.same_phone or each.same_email]
    return render_template(
        "desk/_alike_found.html",
        citizen=None,
        people=people,
        requests=tickets_alike(
            request.form.get("subject", ""),
            citizen_id=sure[0] if len(sure) == 1 else None,
            topic_id=_number("topic"),
        ),
        topics=topic_names().all,
        may_merge=False,
    )


def _typed() -> Described:
    """The fields of the letter's form and of the counter's have names of their own."""
    sent = request.form
    return Described(
        name=sent.get("citizen_name") or sent.get("name", ""),
        phone=sent.get("citizen_phone") or sent.get("phone", ""),
        email=sent.get("email", ""),
        birth_year=_number("birth_year"),
    )


def _number(name: str) -> int | None:
    written = request.form.get(name, "")
    return int(written) if written.isdecimal() and written.isascii() and len(written) < 9 else None
