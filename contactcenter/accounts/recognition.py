"""Who is asking: the session of a cookie becomes the person, the scope and the time zone."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple

from flask import Flask, current_app, g, request
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy.orm import object_session

from contactcenter import clock, together
from contactcenter.accounts.models import Centre, Organisation, Person, SignedInSession
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.queries import SESSION_AND_PERSON, SESSIONS_AND_PERSONS
from contactcenter.db import NOBODY, current_scope, db, enter, leave
from contactcenter.live import Cursor
from contactcenter.together import Together

SEEN_EVERY = timedelta(minutes=1)
_crowd: "Together[str, Known]" = Together()


class Known(NamedTuple):
    """A living session and whose it is."""

    session: SignedInSession
    person: Person
    centre: Centre
    organisation: Organisation
    cursor: Cursor  # where the page being made must begin to listen


def register(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows; a changed address ends none
    manager.user_loader(recognise)
    app.before_request(_meet)
    app.teardown_request(_leave)


def recognise(token: str) -> Person | None:
    """The person whose living session this is, in whose scope the request then is.

    Called by Flask-Login once a request.
    """
    known = _crowd.answer(hash_token(token), _in_crowd) if together.is_shared() else None
    is_told = known is None
    known = known or _alone(token)
    if known is None:
        return None
    g.centre, g.organisation, g.timezone = known.centre, known.organisation, known.centre.timezone
    g.live_cursor = known.cursor  # read before the page's own questions, so it misses nothing
    enter(known.person.scope, is_told=is_told)
    return known.person


def living(token: str) -> Known | None:
    """The living session of a token; with it the transaction is in its person's scope."""
    found = db.session.execute(
        SESSION_AND_PERSON, _when() | {"token_hash": hash_token(token)}
    ).one_or_none()
    return found and Known(*found[:4], Cursor(found[4], 0))


def _alone(token: str) -> Known | None:
    known = living(token)
    if known is not None:
        known.person.session_token = token
        if _is_unseen(known.session) and not _is_by_itself():
            known.session.seen_at = clock.now()
    return known


def _in_crowd(token_hashes: Collection[str]) -> Mapping[str, Known]:
    """Those of these sessions that live; those to be marked as seen are left to ask alone.

    What is answered belongs to no transaction, since many read it. Nor does who asked: it holds no
    connection while it waits for others.
    """
    found = db.session.execute(
        SESSIONS_AND_PERSONS, _when() | {"token_hashes": list(token_hashes)}
    ).all()
    known = [Known(*row[:4], Cursor(row[4], 0)) for row in found if not _is_unseen(row[0])]
    db.session.expunge_all()
    db.session.rollback()
    return {each.session.token_hash: each for each in known}


def let_go() -> None:
    """Give the connection back before waiting for others, who may need it to go on.

    Only of who was recognised with others: nothing of theirs is in this transaction.
    """
    if object_session(g.person) is None:
        db.session.rollback()


def forget() -> None:
    """Nobody is known any more in this request: the database that knows them does not answer.

    A page that says so must ask it nothing, or it is not said at all. The sign-in stays.
    """
    g.person = g.centre = g.organisation = None
    g._login_user = AnonymousUserMixin()  # where Flask-Login looks before it asks


def _when() -> dict[str, object]:
    settings = current_app.config["SETTINGS"]
    now = clock.now()
    return {"now": now, "idle_since": now - timedelta(minutes=settings.session_idle_minutes)}


def _is_unseen(session: SignedInSession) -> bool:
    return clock.now() - session.seen_at > SEEN_EVERY


def _is_by_itself() -> bool:
    """Whether the page asks and nobody acts: it goes on asking when its reader has left.

    Boards hang on a wall: there nobody acts, and nothing of a citizen is read.
    """
    return "X-Live" in request.headers and not together.is_shared()


def _meet() -> None:
    if request.endpoint == "static":  # the same for everyone: nobody need be known
        g.person = None
        return
    is_program = request.blueprint == "api"  # its view looks at its token
    is_known = not is_program and current_user.is_authenticated
    g.person = current_user._get_current_object() if is_known else None
    scope = g.person.scope if g.person else NOBODY
    if g.person is None or current_scope() != scope:
        enter(scope)


def _leave(_error: BaseException | None) -> None:
    leave()
