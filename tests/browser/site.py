"""The application on a port of this machine, and windows that look at it."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from contactcenter.edge import ContactCenter

# ms. Before any page asks by itself, which the soonest does every ten seconds; how soon it is on a
# machine at rest, the benchmarks tell.
SOON = 9000
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
AXE_AT = "/static/axe.js"
KEPT = "Cache-Control", "public, max-age=31536000, immutable"
File = tuple[str, list[tuple[str, str]], bytes]
RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "EN-301-549",
    "best-practice",
]  # fmt: skip
RUN_AXE = """([rules, only, without]) => axe.run(document, {
  runOnly: only.length ? {type: "rule", values: only} : {type: "tag", values: rules},
  rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}])),
  resultTypes: ["violations"],
}).then(({violations}) => violations.flatMap(({id, nodes}) =>
  nodes.map(({html, any, all, none}) =>
    `${id}: ${html.slice(0, 160)} ${[...any, ...all, ...none].map((c) => c.message).join("; ")}`)))
"""
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1)
    .map((each) => each.outerHTML.slice(0, 120)).slice(0, 5);
}"""


class Site:
    """Serves the application and knows which answers are still under way."""

    def __init__(self, app: ContactCenter) -> None:
        self._app, self._under_way, self._changed = app, 0, threading.Condition()
        # A browser keeps a script that has an address as it compiled it, from page to page.
        self._files: dict[str, File] = {AXE_AT: _file("text/javascript", AXE.read_bytes(), KEPT)}
        self._server = make_server("127.0.0.1", 0, self._count, threaded=True)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def hold(self, page: str) -> str:
        """The address at which this page stands: one that answered a form has none of its own."""
        self._files["/static/held"] = _file("text/html", page.encode())
        return "/static/held"

    def settle(self) -> None:
        """Wait until nobody is being answered: what tests clean up is then at rest."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._under_way == 0, timeout=60)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _count(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/live":
            return self._app.wsgi_app(environ, start)
        if environ["PATH_INFO"].startswith("/static/"):
            return self._file(environ, start)
        self._add(1)
        try:  # read here: the server forgets to close a file when the browser has gone
            with closing(self._app.wsgi_app(environ, start)) as answer:
                return [b"".join(answer)]
        finally:
            self._add(-1)

    def _file(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Each window loads some thirty: a file that was found is sent again as it was."""
        path = environ["PATH_INFO"]
        if path in self._files:
            status, headers, body = self._files[path]
        else:
            status, headers, body = self._found(environ)
            if status.startswith("200"):
                self._files[path] = status, headers, body
        start(status, headers)
        return [body]

    def _found(self, environ: WSGIEnvironment) -> File:
        told: list[Any] = []
        with closing(self._app.wsgi_app(environ, lambda *said: told.extend(said))) as answer:
            return told[0], told[1], b"".join(answer)

    def _add(self, number: int) -> None:
        with self._changed:
            self._under_way += number
            self._changed.notify_all()


def _file(kind: str, body: bytes, *headers: tuple[str, str]) -> File:
    return "200 OK", [("Content-Type", f"{kind}; charset=utf-8"), *headers], body


class Window:
    """One person's browser. What its console complains of fails the test at the end."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self._address = context, address
        self.complaints: list[str] = []
        context.set_default_timeout(20_000)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._hear)
        self.page = context.new_page()

    def speak(self, language: str) -> None:
        self.context.add_cookies([{"name": "lang", "value": language, "url": self._address}])

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} at {message.page.url}")


def open_page(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"


def listening(page: Page, path: str) -> Page:
    """The page, open and following what changes."""
    with page.expect_response("**/live?*"):
        open_page(page, path)
    return page


def press(page: Page, key: str) -> None:
    """As a person does: once the page stands there."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def axe(page: Page, *only: str, without: Sequence[str] = ()) -> list[str]:
    """What axe finds: each with the element and why; `only` and `without` name single rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(url=AXE_AT)
    return list(page.evaluate(RUN_AXE, [RULES, list(only), list(without)]))


def too_wide(page: Page) -> list[str]:
    """What stands outside the window on the right."""
    return list(page.evaluate(TOO_WIDE))
