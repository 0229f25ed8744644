"""Errors as RFC 9457 problem documents; what was refused leaves a trace in the ledger."""

from flask import Response, current_app, g, request
from flask_babel import gettext as _
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from contactcenter.api.access import Unauthorized
from contactcenter.edge import transaction
from contactcenter.errors import ContactCenterError, Invalid
from contactcenter.pages import problem_document
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate


def problem(status: int, detail: str = "", **more: object) -> Response:
    answer = problem_document(status, detail, **more)
    if status == Unauthorized.status:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="contact centre"'
    return answer


def refuse(error: ContactCenterError) -> Response:
    _leave_trace(error.status, type(error).__name__)
    if isinstance(error, Invalid) and error.field:
        return problem(error.status, str(error), errors=[_field_error(error.field, str(error))])
    return problem(error.status, str(error))


def refuse_shape(error: ValidationError) -> Response:
    """Name each field that is missing or wrong, never the value that came."""
    errors = [
        _field_error(".".join(map(str, each["loc"])), each["msg"])
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    _leave_trace(422, "shape: " + ", ".join(each["field"] for each in errors)[:200])
    return problem(422, _("Des champs manquent ou sont faux."), errors=errors)


def _field_error(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _leave_trace(status: int, why: str) -> None:
    """A refused change is kept for the administrator: which door, when, why; nothing personal."""
    if request.method != "POST" or status == Unauthorized.status or not g.get("person"):
        return
    try:
        with transaction():
            words = f"{status} {request.url_rule or request.path}: {why}"
            receipts.record(Door.API, Fate.REJECTED, problem=words)
    except SQLAlchemyError:
        current_app.logger.warning("api: a refusal could not be written to the ledger")
