"""A POST repeated with the same Idempotency-Key is done once and answered alike."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, g, jsonify, request
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.api.models import IdempotencyKey
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid

P = ParamSpec("P")
LONGEST_KEY = 200


def idempotent(view: Callable[P, tuple[Any, int]]) -> Callable[P, Response]:
    """For views that answer (body, status); place it inside `scoped`.

    The key is claimed in the transaction of the effect: of two at once, the second waits for the
    first. Only what was accepted is kept, so a refused request may be mended and sent again.
    """

    @wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _answer(*view(*args, **kwargs))
        if len(key) > LONGEST_KEY:
            raise Invalid(_("La clé d’idempotence est trop longue."), "Idempotency-Key")
        claimed = _claim(key)
        if claimed is None:
            return _answer_again(key)
        body, status = view(*args, **kwargs)
        answer = _answer(body, status)
        kept = db.session.get_one(IdempotencyKey, (current_centre(), claimed))
        kept.status, kept.body = status, answer.json
        return answer

    return once


def _claim(key: str) -> int | None:
    return db.session.scalar(
        insert(IdempotencyKey)
        .values(
            centre_id=current_centre(),
            person_id=g.person.id,
            key=key,
            fingerprint=_fingerprint(),
            made_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["centre_id", "person_id", "key"])
        .returning(IdempotencyKey.id)
    )


def _answer_again(key: str) -> Response:
    kept = db.session.scalars(
        db.select(IdempotencyKey).filter_by(
            centre_id=current_centre(), person_id=g.person.id, key=key
        )
    ).one()
    if kept.fingerprint != _fingerprint():
        raise Invalid(
            _("Cette clé d’idempotence a déjà servi à une autre demande."), "Idempotency-Key"
        )
    answer = _answer(kept.body, kept.status or 200)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _answer(body: Any, status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer


def _fingerprint() -> str:
    whole = f"{request.method} {request.path}\n".encode() + request.get_data()
    return hashlib.sha256(whole).hexdigest()
