"""A small server on which the scripts of the pages are tried alone: a page, a region, a form."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, g, render_template_string, request
from flask_babel import Babel, get_locale
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

from contactcenter import security

PAGE = """
{% extends "base.html" %}
{% block body_data %}
{% if idle %} data-idle-seconds="45" data-idle-href="/#first"{% endif %}
{% endblock %}
{% block main %}
<main id="main" class="page" tabindex="-1">
  <h1>Scène</h1>
  {% include "region" %}
  <form id="talk" data-keep="talk" method="post" action="/sent">
    {{ parts.csrf() }}
    <label for="answer">Réponse</label> <textarea id="answer" name="answer"></textarea>
    <span data-kept></span> {{ parts.button("Envoyer", "main", keys="Control+Enter") }}
  </form>
  <a id="expert" href="#asked" aria-keyshortcuts="e">Demander à un expert <kbd>E</kbd></a>
  <a id="first-topic" href="#topic" aria-keyshortcuts="1">Un motif <kbd>1</kbd></a>
  <button id="clash" type="button" hx-post="/clash" hx-target="#clash">Prendre</button>
  <button id="undoable" type="button" hx-post="/undoable" hx-swap="none">Terminer</button>
  <ul data-rows>
    <li><a href="#one" aria-current="true">Une</a></li>
    <li><a href="#two">Deux</a></li>
  </ul>
  {{ parts.print_button() }}
  {% set pause = {"value": "break", "label": "Pause"} %}
  {{ parts.availability({"word": "Disponible", "choices": [pause]}) }}
  <button id="away" type="button" hx-post="/away" hx-target="#away">Écrire</button>
</main>
{% endblock %}
"""

REGION = """
<section id="region" data-live="queue:1" data-live-url="/region"
  {% if ring %}data-ring="7"{% endif %}>
  <p id="count">vue {{ seen }}</p>
  <label for="note">Note</label> <input id="note" value="serveur">
  <details id="more"><summary>Plus</summary>détail</details>
  {% if seen < 90 %}<button id="act" type="button">Agir</button>{% endif %}
</section>
"""


def _asked() -> dict[str, str | None]:
    return {"data_keys": request.args.get("keys"), "idle": request.args.get("idle")}


class Stage:
    """Serves the pages on a free port; `say` sends one live event to every open page."""

    def __init__(self, root: str) -> None:
        self.app = Flask(
            "stage", template_folder=f"{root}/templates", static_folder=f"{root}/static"
        )
        self.seen = 0
        self.ring = False
        self.region_status = 200
        self._ears: list[queue.Queue[str | None]] = []
        self._wire()
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Files are read here: the server forgets to close one when the browser has gone."""
        if environ["PATH_INFO"] == "/live":
            return self.app(environ, start)
        with closing(self.app(environ, start)) as answer:
            return [b"".join(answer)]

    def say(self, data: str, event: str = "message") -> None:
        for ear in list(self._ears):
            ear.put(f"event: {event}\ndata: {data}\n\n")

    def hang_up(self) -> None:
        """End every open stream, as a restart of the server does."""
        ears, self._ears = self._ears, []
        for ear in ears:
            ear.put(None)

    def close(self) -> None:
        self.hang_up()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _wire(self) -> None:
        app = self.app
        app.config.update(SECRET_KEY="stage", BABEL_DEFAULT_LOCALE="fr", WTF_CSRF_TIME_LIMIT=None)
        Babel(app)
        CSRFProtect(app)
        security.register(app)
        app.jinja_env.globals["get_locale"] = get_locale
        app.before_request(lambda: setattr(g, "person", None))
        app.context_processor(_asked)
        app.add_url_rule("/", view_func=self._page, endpoint="page")
        app.add_url_rule("/region", view_func=self._region, endpoint="region")
        app.add_url_rule("/live", view_func=self._live, endpoint="live")
        app.add_url_rule("/sent", view_func=self._sent, endpoint="sent", methods=["POST"])
        app.add_url_rule("/clash", view_func=self._clash, endpoint="clash", methods=["POST"])
        app.add_url_rule(
            "/undoable", view_func=self._undoable, endpoint="undoable", methods=["POST"]
        )
        app.add_url_rule("/away", view_func=self._away, endpoint="away", methods=["POST"])
        app.add_url_rule("/sign-in", view_func=self._page, endpoint="sign_in")
        app.add_url_rule("/accessibility", view_func=self._page, endpoint="accessibility")

    def _page(self) -> str:
        return render_template_string(PAGE.replace('{% include "region" %}', self._drawn()))

    def _drawn(self) -> str:
        return render_template_string(REGION, seen=self.seen, ring=self.ring)

    def _region(self) -> tuple[str, int]:
        self.seen += 1
        return self._drawn(), self.region_status

    def _live(self) -> Response:
        ear: queue.Queue[str | None] = queue.Queue()
        self._ears.append(ear)
        return Response(self._stream(ear), mimetype="text/event-stream")

    def _stream(self, ear: "queue.Queue[str | None]") -> Iterator[str]:
        yield "retry: 200\nevent: beat\ndata:\n\n"
        while (heard := ear.get()) is not None:
            yield heard

    def _sent(self) -> str:
        return render_template_string(
            '{% extends "base.html" %}{% block main %}<main id="main">Envoyée</main>{% endblock %}'
        )

    def _clash(self) -> tuple[str, int]:
        return render_template_string('{% extends "errors/_problem.html" %}', status=409), 409

    def _undoable(self) -> Response:
        toast = '{"toast": {"text": "Demande termin\\u00e9e", "undo": "/sent"}}'
        return Response("", 204, {"HX-Trigger": toast})

    def _away(self) -> Response:
        return Response("", 302, {"Location": "/sign-in"})
