"""Who calls: a bearer token names a person, a centre and scopes."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import g, request
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts import actions
from contactcenter.accounts.models import Person
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import TOKEN_AND_PERSON
from contactcenter.accounts.scopes import NEEDED
from contactcenter.db import db, enter
from contactcenter.errors import ContactCenterError, Forbidden

P = ParamSpec("P")
R = TypeVar("R")


USED_EVERY = timedelta(minutes=1)


class Unauthorized(ContactCenterError):
    status = 401


def scoped(scope: str, *, or_referent: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view of the API: a living token with this scope, of a person with its permission.

    `or_referent` lets a referent in as well; what they see is decided by `visible_to`.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            person = recognise()
            may = person.may(NEEDED[scope]) or (
                or_referent and person.may(Permission.ANSWER_REFERRALS)
            )
            if scope not in g.token_scopes:
                raise Forbidden(_("Il faut un jeton de portée %(scope)s.", scope=scope))
            if not may:
                raise Forbidden(_("Le rôle de cette personne ne permet pas cette action."))
            return view(*args, **kwargs)

        cast(Any, guarded).permission = NEEDED[scope]
        cast(Any, guarded).scope = scope
        return guarded

    return guard


def recognise() -> Person:
    """The person of the request's token; from here on the transaction is in their scope."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if kind.lower() == "bearer" and token:
        given = {"token_hash": hash_token(token.strip()), "now": clock.now()}
        found = db.session.execute(TOKEN_AND_PERSON, given).one_or_none()
    if found is None:
        raise Unauthorized(_("Il faut un jeton valable : Authorization: Bearer …"))
    g.token_scopes, person, centre, used_at, _told = found
    enter(person.scope, is_told=True)
    if used_at is None or clock.now() - used_at > USED_EVERY:
        actions.note_use(token.strip())
    g.person, g.centre, g.timezone = person, centre, centre.timezone
    return person
