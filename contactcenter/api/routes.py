"""The addresses of the API. Each view: parse, call, answer."""

from typing import Any, TypeVar

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.api import actions, queries
from contactcenter.api.access import scoped
from contactcenter.api.answers import (
    message_out,
    referral_out,
    tag_names,
    ticket_out,
    ticket_whole,
    topic_codes,
)
from contactcenter.api.idempotency import idempotent
from contactcenter.api.openapi import describe
from contactcenter.api.problems import problem, refuse, refuse_shape
from contactcenter.api.shapes import (
    MessageIn,
    MessagePage,
    QueueOut,
    ReferralIn,
    TeamOut,
    TicketIn,
    TicketMade,
    TicketPage,
    VisitIn,
    VisitMade,
)
from contactcenter.db import db
from contactcenter.errors import ContactCenterError
from contactcenter.escalation import asking
from contactcenter.escalation.queries import of_ticket
from contactcenter.queues.queries import all_queues
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.register_error_handler(ContactCenterError, refuse)
blueprint.register_error_handler(ValidationError, refuse_shape)

Shape = TypeVar("Shape", bound=BaseModel)


@blueprint.errorhandler(HTTPException)
def refuse_http(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or "")


def _asked(shape: type[Shape]) -> Shape:
    """The request's JSON in this shape. Raises ValidationError or BadRequest."""
    body = request.get_json(force=False, silent=True)
    if not isinstance(body, dict):
        raise BadRequest(_("Envoyez un objet JSON, avec Content-Type: application/json."))
    return shape.model_validate(body)


def _json(answer: BaseModel) -> Any:
    return answer.model_dump(mode="json")


@blueprint.get("/openapi.json")
@requires(Permission.PUBLIC)
def show_openapi() -> Response:
    return jsonify(describe())


@blueprint.post("/tickets")
@scoped("tickets:write")
@idempotent
def create_ticket() -> tuple[Any, int]:
    ticket = actions.take_in(_asked(TicketIn), by=g.person)
    made = TicketMade(reference=ticket.reference, status=ticket.status, queue=ticket.queue_id)
    return _json(made), 201


@blueprint.get("/tickets")
@scoped("tickets:read")
def list_tickets() -> Response:
    page, after = queries.tickets(g.person, request.args.to_dict())
    codes, tags = topic_codes(page), tag_names(page)
    items = [ticket_out(ticket, codes, tags) for ticket in page]
    return jsonify(_json(TicketPage(items=items, next=after)))


@blueprint.get("/tickets/<reference>")
@scoped("tickets:read")
def show_ticket(reference: str) -> Response:
    ticket = queries.ticket(reference, g.person)
    messages, earlier = queries.messages(ticket)
    referrals = list(db.session.scalars(of_ticket(ticket)))
    return jsonify(_json(ticket_whole(ticket, messages[::-1], earlier, referrals)))


@blueprint.get("/tickets/<reference>/messages")
@scoped("tickets:read")
def list_messages(reference: str) -> Response:
    ticket = queries.ticket(reference, g.person)
    page, earlier = queries.messages(ticket, request.args.get("cursor"))
    return jsonify(_json(MessagePage(items=list(map(message_out, page)), next=earlier)))


@blueprint.post("/tickets/<reference>/messages")
@scoped("tickets:write")
@idempotent
def create_message(reference: str) -> tuple[Any, int]:
    asked = _asked(MessageIn)
    ticket = _locked(reference)
    write = tickets.reply if asked.kind == "reply" else tickets.note
    return _json(message_out(write(ticket, asked.text, by=g.person))), 201


@blueprint.get("/teams")
@scoped("tickets:read", or_referent=True)
def list_teams() -> Response:
    rows = db.session.execute(queries.teams())
    return jsonify(
        [_json(TeamOut(id=team.id, name=team.name, organisation=of.name)) for team, of in rows]
    )


@blueprint.post("/tickets/<reference>/referrals")
@scoped("referrals:write")
@idempotent
def create_referral(reference: str) -> tuple[Any, int]:
    """Ask without the citizen's identity: a program holds no permission to share."""
    asked = _asked(ReferralIn)
    ticket = _locked(reference)
    referral = asking.ask(
        ticket,
        queries.team(asked.team),
        question=asked.question,
        by=g.person,
        without_identity=True,
        due_at=asked.due_at,
    )
    return _json(referral_out(referral, ticket.reference)), 201


@blueprint.get("/referrals/<int:referral_id>")
@scoped("tickets:read", or_referent=True)
def show_referral(referral_id: int) -> Response:
    referral = queries.referral(referral_id, g.person)
    reference = None
    if not g.person.is_referent:
        reference = db.session.get_one(Ticket, (referral.centre_id, referral.ticket_id)).reference
    return jsonify(_json(referral_out(referral, reference)))


@blueprint.get("/queues")
@scoped("queues:read")
def list_queues() -> Response:
    return jsonify(
        [
            _json(QueueOut(id=queue.id, name=queue.name, kind=queue.kind))
            for queue in db.session.scalars(all_queues())
        ]
    )


@blueprint.post("/queues/<int:queue_id>/visits")
@scoped("queues:write")
@idempotent
def create_visit(queue_id: int) -> tuple[Any, int]:
    asked = _asked(VisitIn)
    visit = actions.admit(asked, queries.queue(queue_id), by=g.person)
    return _json(VisitMade(id=visit.id, number=visit.number)), 201


def _locked(reference: str) -> Ticket:
    return tickets.lock(queries.ticket(reference, g.person).reference, person=g.person)
