"""What every page has: who is looking, where they can go, and what an error looks like."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, current_app, g, json, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from contactcenter import live
from contactcenter.accounts import recognition
from contactcenter.accounts.keymap import keymap
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import ContactCenterError, Invalid
from contactcenter.languages import NAMES

# Where each role can go: permission, path, words. The first a person may open is their home.
NAVIGATION = (
    (Permission.WORK_TICKETS, "/tickets", _l("Demandes")),
    (Permission.WORK_COUNTER, "/counter", _l("Guichet")),
    (Permission.WORK_PHONE, "/phone", _l("Téléphone")),
    (Permission.ANSWER_REFERRALS, "/referrals", _l("Questions")),
    (Permission.READ_ARTICLES, "/articles", _l("Fiches")),
    (Permission.SEE_BOARDS, "/board", _l("Files")),
    (Permission.SEE_UNSERVED, "/unserved", _l("À rappeler")),
    (Permission.EDIT_RULES, "/rules", _l("Tri")),
    (Permission.EDIT_DIRECTORY, "/directory", _l("Annuaire")),
    (Permission.MANAGE_PEOPLE, "/people", _l("Personnes")),
    (Permission.SEE_TRACES, "/traces", _l("Portes")),
)

# Pages that stand under another address than the place they belong to.
BELONGS = {
    "/tickets": ("/nudges", "/bulk", "/views", "/macros", "/citizens", "/letters"),
}

RETRY_SECONDS = "5"


class IdConverter(IntegerConverter):
    """A number that a key can hold; a longer one is no address of ours, and no error either."""

    def __init__(self, url_map: Map, *arguments: Any, **options: Any) -> None:
        super().__init__(url_map, *arguments, **{"max": 2**63 - 1, **options})


def register(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_nul)
    app.before_request(_only_lead)
    app.context_processor(_frame)
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["live_is_late"] = live.is_late
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/accessibility", "accessibility", show_accessibility)
    app.register_error_handler(ContactCenterError, _refuse)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _unforeseen)


def _refuse_nul() -> None:
    """No address of ours holds one, and the database cannot."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)


def _only_lead() -> ResponseReturnValue | None:
    """A script that sent a form was led here: the browser opens the page, with its message."""
    is_led = request.method == "GET" and "X-Only-Leads" in request.headers
    return ("", HTTPStatus.NO_CONTENT) if is_led else None


@requires(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    return redirect(home_of(g.person), 303)


@requires(Permission.PUBLIC)
def show_accessibility() -> ResponseReturnValue:
    return render_template("accessibility.html")


def home_of(person: Any) -> str:
    """Where a person's day begins: managers at the board, the others where they work."""
    if person.may(Permission.SEE_UNSERVED):
        return "/board"
    if person.may(Permission.EDIT_DIRECTORY):
        return "/directory"
    return next((path for may, path, _words in NAVIGATION if person.may(may)), "/account")


def _frame() -> dict[str, Any]:
    person = g.get("person")
    centre = g.get("centre")
    preferences = person.preferences if person else {}
    return {
        "centre": centre.name if centre else None,
        "rehearsal": bool(centre and centre.rehearsing),
        "nav_items": _navigation(person) if person else [],
        "language_names": NAMES,
        "data_theme": preferences.get("theme"),
        "density": preferences.get("density"),
        "data_font": preferences.get("font"),
        "data_keys": preferences.get("keys"),
        "keymap": keymap(person),
    }


def _navigation(person: Any) -> list[dict[str, Any]]:
    return [
        {
            "href": path,
            "label": words,
            "current": request.path.startswith((path, *BELONGS.get(path, ()))),
        }
        for may, path, words in NAVIGATION
        if person.may(may)
    ]


def problem_document(status: int, detail: str = "", **more: object) -> Response:
    """An error for another program (RFC 9457); `more` are extension members."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    answer = Response(json.dumps(document), status, content_type="application/problem+json")
    if status in (429, 503):
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def error_page(status: int, message: str = "") -> ResponseReturnValue:
    """The page of an error; for htmx only its words, shown above the page that asked."""
    if request.path.startswith("/api/"):
        return problem_document(status, message)
    template = f"errors/{status}.html" if status in _HAVE_PAGES else "errors/500.html"
    fragment = request.headers.get("HX-Request") == "true"
    name = "errors/_problem.html" if fragment else template
    headers = {"Retry-After": RETRY_SECONDS} if status in (429, 503) else {}
    if fragment:  # a 422 of htmx would else be put where the form stands
        headers |= {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"}
    return render_template(name, message=message, status=status), status, headers


_HAVE_PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503}


def _refuse(error: ContactCenterError) -> ResponseReturnValue:
    if isinstance(error, Invalid) and not str(error):
        return error_page(422)
    return error_page(error.status, str(error))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, _("Cette page était ouverte depuis trop longtemps. Rechargez-la."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return error_page(error.code)


def _database_away(_error: Exception) -> ResponseReturnValue:
    recognition.forget()
    return error_page(503)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    if error.connection_invalidated or isinstance(error, OperationalError):
        return _database_away(error)
    return _unforeseen(error)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unforeseen error", exc_info=error)
    return error_page(500)
