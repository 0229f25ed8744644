"""What a person at a browser finds on a page: its forms with what stands in them, and its links."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = Mapping[str, str]
NOT_TYPED = frozenset({"submit", "button", "reset", "file", "image"})
CHOSEN = frozenset({"radio", "checkbox"})


@dataclass
class Form:
    """A form as the page gives it: `values` are sent unless one writes something else.

    `sections` are the choices below each heading; `buttons` say what a named button sends.
    """

    action: str
    method: str = "get"
    name: str = ""
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sections: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    buttons: dict[str, str] = field(default_factory=dict)

    def filled(self, **written: str) -> dict[str, str]:
        return {**self.values, **written}


@dataclass
class Page:
    """A page that was answered, read. `languages` are those of its fields."""

    path: str
    status: int = 200
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    languages: dict[str, str] = field(default_factory=dict)

    def form(self, ending: str, *, starting: str = "") -> Form | None:
        """The first form whose address begins and ends so."""
        found = (form for form in self.forms if form.action.partition("?")[0].endswith(ending))
        return next((form for form in found if form.action.startswith(starting)), None)

    def links_to(self, folder: str) -> list[str]:
        """Each page right below `folder` that this page links to, once, in its order."""
        paths = (link.partition("?")[0].partition("#")[0] for link in self.links)
        below = (path for path in paths if path.startswith(folder))
        return list(dict.fromkeys(p for p in below if "/" not in p[len(folder) :] and p != folder))


def read_page(path: str, status: int, html: str) -> Page:
    reader = _Reader(Page(path, status))
    reader.feed(html)
    reader.close()
    reader.join_buttons()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self._open: Form | None = None
        self._select: tuple[Form, str] | None = None
        self._list = ""
        self._heading: list[str] | None = None
        self._section = ""
        self._buttons: list[tuple[str, str]] = []

    def join_buttons(self) -> None:
        """A button with an address of its own is a way on of its own, with its form's values.

        It may stand before its form on the page, so it is joined to it at the end.
        """
        for action, name in self._buttons:
            form = next((form for form in self.page.forms if form.name == name), None)
            if form is not None:
                self.page.forms.append(Form(action, form.method, name, form.values))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if opened := getattr(self, f"_open_{tag}", None):
            opened(told)

    def handle_data(self, text: str) -> None:
        if self._heading is not None:
            self._heading.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "legend" and self._heading is not None:
            self._section, self._heading = "".join(self._heading).strip(), None
        elif tag == "select":
            self._select = None
        elif tag == "datalist":
            self._list = ""

    def _open_legend(self, _told: Attributes) -> None:
        self._heading = []

    def _open_a(self, told: Attributes) -> None:
        if "href" in told:
            self.page.links.append(told["href"])

    def _open_form(self, told: Attributes) -> None:
        action = told.get("action") or self.page.path
        self._open = Form(action, told.get("method", "get").lower(), told.get("id", ""))
        self.page.forms.append(self._open)

    def _open_input(self, told: Attributes) -> None:
        form, name, kind = self._form_of(told), told.get("name", ""), told.get("type", "text")
        if form is None or not name or kind in NOT_TYPED:
            return
        if kind in CHOSEN:
            form.choices[name].append(told.get("value", "on"))
            form.sections[self._section].append(told.get("value", "on"))
        if kind not in CHOSEN or "checked" in told:
            form.values[name] = told.get("value", "on" if kind in CHOSEN else "")

    def _open_textarea(self, told: Attributes) -> None:
        form = self._form_of(told)
        if form is not None and told.get("name"):
            form.values.setdefault(told["name"], "")
            self.page.languages[told["name"]] = told.get("lang", "")

    def _open_select(self, told: Attributes) -> None:
        form = self._form_of(told)
        self._select = (form, told.get("name", "")) if form is not None else None

    def _open_datalist(self, told: Attributes) -> None:
        self._list = told.get("id", "")

    def _open_option(self, told: Attributes) -> None:
        value = told.get("value", "")
        if self._list:
            self.page.lists[self._list].append(value)
        elif self._select is not None:
            form, name = self._select
            form.choices[name].append(value)
            if "selected" in told or name not in form.values:
                form.values[name] = value

    def _open_button(self, told: Attributes) -> None:
        if told.get("formaction") and told.get("form"):
            self._buttons.append((told["formaction"], told["form"]))
        elif told.get("formaction") and self._open is not None:
            other = Form(told["formaction"], self._open.method, "", self._open.values)
            self.page.forms.append(other)
        elif told.get("name") and (form := self._form_of(told)) is not None:
            form.buttons[told["name"]] = told.get("value", "")

    def _form_of(self, told: Attributes) -> Form | None:
        if "form" not in told:
            return self._open
        return next((form for form in self.page.forms if form.name == told["form"]), None)
