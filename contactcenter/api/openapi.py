"""The OpenAPI 3.1 document, made from the shapes; a test holds it against the addresses served."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contactcenter.accounts.scopes import NEEDED
from contactcenter.api.shapes import (
    MessageIn,
    MessageOut,
    MessagePage,
    Problem,
    QueueOut,
    ReferralIn,
    ReferralOut,
    TeamOut,
    TicketIn,
    TicketMade,
    TicketPage,
    TicketWhole,
    VisitIn,
    VisitMade,
)

_REF = "#/components/schemas/{model}"

# method, path, scope, summary, what comes in, what goes out (a model, [model] or None), query
OPERATIONS: tuple[tuple[str, str, str, str, Any, Any, tuple[str, ...]], ...] = (
    ("post", "/tickets", "tickets:write", "Open a ticket", TicketIn, TicketMade, ()),
    (
        "get",
        "/tickets",
        "tickets:read",
        "List tickets, last changed first; with q, the newest first (a page may be short)",
        None,
        TicketPage,
        ("q", "queue", "status", "topic", "tag", "updated_since", "cursor"),
    ),
    ("get", "/tickets/{reference}", "tickets:read", "One ticket", None, TicketWhole, ()),
    (
        "get",
        "/tickets/{reference}/messages",
        "tickets:read",
        "What was said, the newest first; next is the cursor of what came before",
        None,
        MessagePage,
        ("cursor",),
    ),
    (
        "post",
        "/tickets/{reference}/messages",
        "tickets:write",
        "Reply to the citizen, or note for the house",
        MessageIn,
        MessageOut,
        (),
    ),
    (
        "post",
        "/tickets/{reference}/referrals",
        "referrals:write",
        "Ask a referent team, without the citizen's identity",
        ReferralIn,
        ReferralOut,
        (),
    ),
    ("get", "/teams", "tickets:read", "Teams that answer", None, [TeamOut], ()),
    ("get", "/referrals/{referral_id}", "tickets:read", "One referral", None, ReferralOut, ()),
    ("get", "/queues", "queues:read", "Queues of the centre", None, [QueueOut], ()),
    ("get", "/queues/{queue_id}/load", "queues:read", "A queue now", None, None, ()),
    (
        "post",
        "/queues/{queue_id}/visits",
        "queues:write",
        "Let someone wait",
        VisitIn,
        VisitMade,
        (),
    ),
    (
        "get",
        "/metrics/queues",
        "metrics:read",
        "Figures of each queue in a window of arrivals",
        None,
        None,
        ("from", "to", "rehearsal"),
    ),
)


def describe() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for method, path, scope, summary, taken, given, query in OPERATIONS:
        paths.setdefault(path, {})[method] = {
            "summary": summary,
            "operationId": f"{method}{path.replace('/', '_').translate(_PLAIN)}",
            "security": [{"token": [scope]}],
            "parameters": [*_path_parameters(path), *map(_query, query), *_key(method)],
            **({"requestBody": _body(taken)} if taken else {}),
            "responses": _responses(method, given),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Contact centre", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: " + ", ".join(NEEDED),
                }
            },
        },
    }


_PLAIN = str.maketrans("", "", "{}")
_INTEGERS = ("queue_id", "referral_id")


def _schemas() -> dict[str, Any]:
    models = {each for op in OPERATIONS for each in (op[4], _model(op[5])) if each} | {Problem}
    ordered = sorted(models, key=lambda model: model.__name__)
    _map, document = models_json_schema(
        [(model, "serialization") for model in ordered], ref_template=_REF
    )
    return dict(document["$defs"])


def _model(given: Any) -> type[BaseModel] | None:
    return given[0] if isinstance(given, list) else given


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if name in _INTEGERS else "string"},
        }
        for name in names
    ]


def _query(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": name in ("from", "to"),
        "schema": {"type": "string"},
    }


def _key(method: str) -> list[dict[str, Any]]:
    if method != "post":
        return []
    return [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]


def _body(model: type[BaseModel]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _reference(model)}}}


def _reference(given: Any) -> dict[str, Any]:
    if given is None:
        return {"type": "object"}
    if isinstance(given, list):
        return {"type": "array", "items": _reference(given[0])}
    return {"$ref": _REF.format(model=given.__name__)}


def _responses(method: str, given: Any) -> dict[str, Any]:
    refused = {"application/problem+json": {"schema": _reference(Problem)}}
    codes = (
        ("400", "401", "403", "404", "409", "422") if method == "post" else ("401", "403", "404")
    )
    return {
        "201" if method == "post" else "200": {
            "description": "Done",
            "content": {"application/json": {"schema": _reference(given)}},
        },
        **{code: {"description": "Refused", "content": refused} for code in codes},
    }
