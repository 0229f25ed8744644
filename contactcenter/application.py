"""The application: `create_app` is the table of contents."""

import contextlib
import secrets
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from contactcenter import (
    clock,
    compression,
    connections,
    languages,
    live,
    logs,
    pages,
    security,
    static_files,
)
from contactcenter.accounts import recognition
from contactcenter.db import db, follow_clock
from contactcenter.edge import ContactCenter
from contactcenter.slices import BLUEPRINTS, COMMANDS, EXEMPT_FROM_CSRF, REACTIONS
from contactcenter.stream import Hub

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> ContactCenter:
    app = ContactCenter("contactcenter", template_folder="../templates", static_folder=None)
    _configure(app, settings or Settings())
    _believe_proxies(app)
    _connect(app)
    for plumbing in (logs, compression, languages, recognition, security, static_files, pages):
        plumbing.register(app)
    _register_slices(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key or _kept_secret(settings.contactcenter_home),
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://",
        SQLALCHEMY_ENGINE_OPTIONS=connections.engine_options(settings),
        MAX_CONTENT_LENGTH=settings.attachment_max_bytes * settings.attachment_max_count + 2**20,
        MAX_FORM_MEMORY_SIZE=2 * 2**20,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-s" if settings.secure_cookies else "s",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session
    )


def _believe_proxies(app: Flask) -> None:
    """Only what our own proxies add tells where a request comes from."""
    trusted = app.config["SETTINGS"].trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap it
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0
        )


def _connect(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    db.init_app(app)
    follow_clock(clock.now)
    Migrate(app, db, directory=str(Path(__file__).parent.parent / "migrations"))
    app.extensions["redis"] = connections.LazyRedis(settings)
    app.extensions["rq_queues"] = connections.Doorbells(app)
    app.extensions["bell"] = live.Bell(app, can_wait=connections.under_gevent())
    app.extensions["live"] = Hub(app)


def _register_slices(app: Flask) -> None:
    csrf.init_app(app)
    app.extensions["reactions"] = REACTIONS
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in EXEMPT_FROM_CSRF:
        csrf.exempt(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)


def _kept_secret(home: Path) -> str:
    """The key that signs cookies: made once for this installation and kept beside its data."""
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"secret-key.{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)  # whoever is first wins, and nobody reads half a key
        made.unlink()
    return path.read_text()
