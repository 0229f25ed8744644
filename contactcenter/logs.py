"""What is logged of an error: what went wrong and where, never the rows it went wrong with."""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from flask import Flask
from flask.logging import default_handler

# PostgreSQL quotes the row in these parts of its answer.
_QUOTED = re.compile(
    r"\n(?:DETAIL|CONTEXT):.*?(?=\n\[SQL:|\n\nThe above exception|\n\nDuring handling|\Z)",
    re.DOTALL,
)

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the library's name
        return _QUOTED.sub("", super().formatException(ei))


def kinds(error: BaseException) -> str:
    """What went wrong and what caused it, by the names of their types alone."""
    return " from ".join(type(each).__name__ for each in _causes(error))


def without_words(error: BaseException) -> str:
    """Kinds and places of an error. Its words are left out: another program chose them."""
    places = (traceback.format_tb(each.__traceback__) for each in _causes(error))
    return f"{''.join(line for lines in places for line in lines)}{kinds(error)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def register(app: Flask) -> None:
    default_handler.setFormatter(Discreet("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))
    app.logger.addHandler(default_handler)
