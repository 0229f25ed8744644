"""What each role may do. The table is the policy."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contactcenter.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    WORK_TICKETS = "work_tickets"
    WORK_COUNTER = "work_counter"
    WORK_PHONE = "work_phone"
    ASK_REFERENTS = "ask_referents"
    ANSWER_REFERRALS = "answer_referrals"
    SEE_BOARDS = "see_boards"
    SEE_UNSERVED = "see_unserved"
    SEE_REPORTS = "see_reports"
    ARRANGE_BOARDS = "arrange_boards"
    STEER = "steer"
    PLAN_WORK = "plan_work"
    SHARE_REPLIES = "share_replies"
    EDIT_DIRECTORY = "edit_directory"
    EDIT_RULES = "edit_rules"
    MERGE_CITIZENS = "merge_citizens"
    MANAGE_PEOPLE = "manage_people"
    SEE_TRACES = "see_traces"
    READ_ARTICLES = "read_articles"
    WRITE_ARTICLES = "write_articles"
    PUBLISH_ARTICLES = "publish_articles"
    HANDLE_INCIDENTS = "handle_incidents"


class Role(StrEnum):
    AGENT = "agent"
    REFERENT = "referent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


_FIRST_LINE = frozenset(
    {
        Permission.WORK_TICKETS,
        Permission.WORK_COUNTER,
        Permission.WORK_PHONE,
        Permission.ASK_REFERENTS,
        Permission.SEE_BOARDS,
        Permission.MERGE_CITIZENS,
        Permission.READ_ARTICLES,
        Permission.WRITE_ARTICLES,
    }
)

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _FIRST_LINE,
    Role.REFERENT: frozenset(
        {
            Permission.ANSWER_REFERRALS,
            Permission.READ_ARTICLES,
            Permission.WRITE_ARTICLES,
            Permission.PUBLISH_ARTICLES,
        }
    ),
    Role.MANAGER: _FIRST_LINE
    | {
        Permission.SEE_UNSERVED,
        Permission.SEE_REPORTS,
        Permission.ARRANGE_BOARDS,
        Permission.STEER,
        Permission.PLAN_WORK,
        Permission.SHARE_REPLIES,
        Permission.EDIT_RULES,
        Permission.PUBLISH_ARTICLES,
        Permission.HANDLE_INCIDENTS,
    },
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_BOARDS,
            Permission.SEE_REPORTS,
            Permission.ARRANGE_BOARDS,
            Permission.STEER,
            Permission.EDIT_DIRECTORY,
            Permission.EDIT_RULES,
            Permission.MANAGE_PEOPLE,
            Permission.SEE_TRACES,
            Permission.READ_ARTICLES,
        }
    ),
}


def granted(role: Role, permission: Permission) -> bool:
    return permission is Permission.SIGNED_IN or permission in GRANTED[role]


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view. Every view carries one; a test fails for a view that does not.

    A stranger is sent to sign in; a person without the right gets 403.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not Permission.PUBLIC:
                if not current_user.is_authenticated:
                    return cast(R, _to_sign_in())
                if not current_user.may(permission):
                    raise Forbidden(_("Votre rôle ne permet pas d’ouvrir cette page."))
            return view(*args, **kwargs)

        cast(Any, guarded).permission = permission
        return guarded

    return guard


def _to_sign_in() -> ResponseReturnValue:
    """To the way in, and from there back to the page that was asked for, if it was a page."""
    onward = None
    if request.method == "GET" and "HX-Request" not in request.headers and request.path != "/":
        onward = request.full_path if request.query_string else request.path
    return redirect(url_for("accounts.show_sign_in", next=onward), 303)
