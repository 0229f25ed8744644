"""Leaving a browser to whoever comes next: nothing that was typed or shown stays in it."""

from flask import flash, g, redirect, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from contactcenter.accounts import actions


def leave(said: str = "") -> Response:
    """End this session; the sign-in page follows, with `said` on it."""
    actions.close_session(g.person.session_token)
    logout_user()
    session.clear()
    if said:
        flash(said)
    response = redirect(url_for("accounts.show_sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
