"""Who is asking: the session of a cookie becomes the person, the scope and the time zone."""

from datetime import timedelta

from flask import Flask, current_app, g, request
from flask_login import LoginManager, current_user

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import session_and_person
from contactcenter.db import NOBODY, db, enter, leave
from contactcenter.live import Cursor

SEEN_EVERY = timedelta(minutes=1)


def register(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows; a changed address ends none
    manager.user_loader(recognise)
    app.before_request(_meet)
    app.teardown_request(_leave)


def recognise(token: str) -> Person | None:
    """The person whose living session this is; called by Flask-Login once a request."""
    settings = current_app.config["SETTINGS"]
    now = clock.now()
    idle_since = now - timedelta(minutes=settings.session_idle_minutes)
    found = db.session.execute(session_and_person(token, now, idle_since)).one_or_none()
    if found is None:
        return None
    session, person, centre, organisation, xid = found
    if now - session.seen_at > SEEN_EVERY:
        session.seen_at = now
    person.session_token = token
    g.centre, g.organisation, g.timezone = centre, organisation, centre.timezone
    g.live_cursor = Cursor(xid, 0)  # read before the page's own questions, so it misses nothing
    return person


def _meet() -> None:
    if request.endpoint == "static":  # the same for everyone: nobody need be known
        g.person = None
        return
    is_program = request.blueprint == "api"  # its view looks at its token
    is_known = not is_program and current_user.is_authenticated
    g.person = current_user._get_current_object() if is_known else None
    enter(g.person.scope if g.person else NOBODY)


def _leave(_error: BaseException | None) -> None:
    leave()
