"""Form fields for what the directory holds: hours, words in each language, prices, choices."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput

from contactcenter.accounts.fields import choices_of
from contactcenter.db import Json
from contactcenter.directory.hours_text import format_hours, parse_hours
from contactcenter.directory.weekly_text import WEEKDAYS, HoursUnclear
from contactcenter.languages import LANGUAGES, NAMES, language


class HoursField(TextAreaField):
    """Opening hours as text; its data is the stored form."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_hours(self.data or {}, language())

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            hours = parse_hours(valuelist[0] if valuelist else "")
        except HoursUnclear as unclear:
            raise ValueError(_said(unclear)) from unclear
        before = self.object_data or {}
        self.data = before if _filled(before) == _filled(hours) else hours


def _filled(stored: Json) -> Json:
    """The parts that say something: two calendars without the same empty part are one."""
    return {part: value for part, value in stored.items() if value}


def _said(unclear: HoursUnclear) -> str:
    reasons: dict[str, str] = {
        "weekday": _("Ligne %(line)s, « %(text)s » n’est pas un jour. Écrire par exemple lundi."),
        "time": _("Ligne %(line)s, « %(text)s » n’est pas une heure. Écrire par exemple 09:00."),
        "interval": _("Ligne %(line)s, « %(text)s » : écrire un début et une fin, 09:00-12:00."),
        "overlap": _("Ligne %(line)s, ces heures se recouvrent : %(text)s."),
        "repeated": _("Ligne %(line)s, ce jour est écrit deux fois : %(text)s."),
        "date": _(
            "Ligne %(line)s, « %(text)s » n’est pas une date. Écrire par exemple 24/12/2026."
        ),
    }
    text = unclear.text
    if unclear.reason == "repeated":  # a weekday, which the reader names in their language
        text = WEEKDAYS[language()][WEEKDAYS["fr"].index(text)]
    return reasons[unclear.reason] % {"line": unclear.line, "text": text}


class WordsField(Field):
    """The same words in each language; the template writes one input a language, all of one name.

    French is needed where the field is; the other languages fall back on it.
    """

    rows = 1
    data: Json

    @property
    def tongues(self) -> list[tuple[str, str, str]]:
        """(language, its name, the text in it)."""
        return [(tongue, NAMES[tongue], self._text(tongue)) for tongue in LANGUAGES]

    def _text(self, tongue: str) -> str:
        return str((self.data or {}).get(tongue) or "")

    def process_formdata(self, valuelist: list[str]) -> None:
        texts = dict(zip(LANGUAGES, valuelist, strict=False))
        self.data = {tongue: text.strip() for tongue, text in texts.items() if text.strip()}

    def pre_validate(self, _form: Any) -> None:
        if self.flags.required and not (self.data or {}).get("fr"):
            raise StopValidation(_("Écrire au moins le français."))


class WordListsField(WordsField):
    """Several words or lines in each language, one a line."""

    rows = 4

    def _text(self, tongue: str) -> str:
        return "\n".join((self.data or {}).get(tongue) or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lists = {tongue: _lines(text) for tongue, text in zip(LANGUAGES, valuelist, strict=False)}
        self.data = {tongue: lists[tongue] for tongue in lists if lists[tongue]}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class PostcodesField(StringField):
    """Beginnings of postcodes, with commas or spaces between them."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        written = (valuelist[0] if valuelist else "").replace(",", " ").split()
        if any(not each.isdecimal() or len(each) > 5 for each in written):
            raise ValueError(_("Écrire des débuts de codes postaux, par exemple 57, 974."))
        self.data = sorted(set(written))


class EurosField(StringField):
    """A price in euros; its data is in cents."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{Decimal(self.data or 0) / 100:.2f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        written = (valuelist[0] if valuelist else "").strip().replace(",", ".") or "0"
        try:
            cents = Decimal(written) * 100
        except InvalidOperation as wrong:
            raise ValueError(_("Écrire un prix, par exemple 25,00.")) from wrong
        if not cents.is_finite() or cents < 0 or cents != cents.to_integral() or cents > 10**8:
            raise ValueError(_("Écrire un prix, par exemple 25,00."))
        self.data = int(cents)


Offer = Callable[[], dict[int, str]]


class EntryField(SelectField):
    """One other entry of the centre, by its id; `none` is the words for choosing nothing."""

    def __init__(self, label: Any, *, offer: Offer, none: Any = None, **kwargs: Any) -> None:
        nothing = {} if none is None else {"": none}
        super().__init__(
            label, coerce=_id_or_none, choices=choices_of({**nothing, **offer()}), **kwargs
        )


class EntriesField(SelectMultipleField):
    """Any number of other entries, as boxes to tick."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any, *, offer: Offer, **kwargs: Any) -> None:
        super().__init__(label, coerce=int, choices=choices_of(offer()), **kwargs)


def _id_or_none(value: Any) -> int | None:
    return None if value in (None, "", "None") else int(value)
