"""A member of staff at a browser: signs in, follows redirections, fills in the page's own forms."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from contactcenter.rehearsal.page import Form, Page, read_page

PATIENCE_SECONDS = 20
MOST_REDIRECTIONS = 5


class Unreachable(Exception):
    """The product does not answer, or says that it cannot now: to be tried again."""


class Refused(Exception):
    """The product refused what was asked: the page changed meanwhile, or a field is wrong."""

    def __init__(self, page: Page) -> None:
        super().__init__(f"{page.status} {page.path}")
        self.page = page


class NotLetIn(Exception):
    """The way in refuses this person: trying on would lock out everybody at this address."""


class Browser:
    def __init__(self, web: str, email: str, password: str) -> None:
        self.email = email
        self._is_refused = False
        self._at = urlsplit(web)
        self._password = password
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """The page, signed in if it asks for that. Raises Refused or Unreachable."""
        page = self._follow("GET", path, None)
        if page.path.startswith("/sign-in"):
            self._sign_in(page)
            page = self._follow("GET", path, None)
        return _accepted(page)

    def send(self, form: Form, **written: str) -> Page:
        """Send a form of a page with what was written into it; the page it leads to.

        Raises Refused or Unreachable. Sent by somebody whose session has ended, it does nothing:
        they sign in and find their own first page.
        """
        page = self._follow("POST", form.action, urlencode(form.filled(**written)))
        if page.path.startswith("/sign-in"):
            page = self._sign_in(page)
        return _accepted(page)

    def _sign_in(self, page: Page) -> Page:
        form = page.form("/sign-in")
        if form is None or self._is_refused:
            raise NotLetIn(self.email)
        written = form.filled(email=self.email, password=self._password)
        try:
            return _accepted(self._follow("POST", "/sign-in", urlencode(written)))
        except Refused as refusal:
            self._is_refused = True
            raise NotLetIn(self.email) from refusal

    def _follow(self, method: str, path: str, body: str | None) -> Page:
        for _each in range(MOST_REDIRECTIONS):
            status, onward, html = self._ask(method, path, body)
            if not onward:
                return read_page(path, status, html)
            method, path, body = "GET", onward, None
        raise Unreachable(f"{path} leads in circles")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        host, port = self._at.hostname or "127.0.0.1", self._at.port or 80
        connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            html = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as failure:
            raise Unreachable(f"{path}: {failure or type(failure).__name__}") from failure
        finally:
            connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return answer.status, _path(answer.headers.get("Location", "")), html

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def is_ready(web: str) -> bool:
    """Whether the product says that it can serve."""
    try:
        return Browser(web, "", "").get("/readyz").status == 200
    except (Unreachable, Refused):
        return False


def _path(location: str) -> str:
    """The page of an address, whatever host it names."""
    told = urlsplit(location)
    return f"{told.path}?{told.query}" if told.query else told.path


def _accepted(page: Page) -> Page:
    if page.status >= 500 or page.status == 429:
        raise Unreachable(f"{page.status} {page.path}")
    if page.status >= 400:
        raise Refused(page)
    return page
