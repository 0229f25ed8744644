"""What is logged of an error: what went wrong and where, never the rows it went wrong with."""

import logging
import re
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


def register(app: Flask) -> None:
    default_handler.setFormatter(Discreet("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))
    app.logger.addHandler(default_handler)
