"""What several slices read from forms and addresses."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

OUR_KEY = re.compile(r"[\w-]{0,64}", re.ASCII)
LONGEST_NUMBER = 18  # digits that 2**63 has room for
FIRST_YEAR, LAST_YEAR = 1900, 2200  # no arithmetic of ours leaves the calendar from there


class CheckboxesField(SelectMultipleField):
    """Several of a few choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeyField(HiddenField):
    """Of one showing of a form: what is sent twice with it is done once.

    Any other than ours is replaced by its hash, which fits in an index whatever was sent.
    """

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        sent = str(self.data or "")
        if not OUR_KEY.fullmatch(sent):
            self.data = hashlib.sha256(sent.encode(errors="replace")).hexdigest()


def whole_number(written: str) -> int:
    """A number that a key of the database can hold; as `type=` of what a form or address sends.

    Raises ValueError for anything else: there it stands for a field that was not sent.
    """
    if not (written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER):
        raise ValueError
    return int(written)


def calendar_day(written: str) -> date:
    """A day, written 2026-03-17. Raises ValueError for anything else, and for no year of ours."""
    day = date.fromisoformat(written)
    _refuse_far(day.year)
    return day


def calendar_moment(written: str) -> datetime:
    """A moment, with its offset or without. Raises ValueError for one in no year of ours."""
    at = datetime.fromisoformat(written)
    _refuse_far(at.year)
    return at


def _refuse_far(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"not a year from {FIRST_YEAR} to {LAST_YEAR}")
