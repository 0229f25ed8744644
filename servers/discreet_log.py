"""What gunicorn itself says of a request that failed: its address, not what was asked with it."""

from typing import Any

from gunicorn.glogging import Logger


class DiscreetLog(Logger):
    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        super().exception(msg, *map(_without_question, args), **kwargs)


def _without_question(said: Any) -> Any:
    """A search names the person looked for; the path before the mark names nobody."""
    return said.partition("?")[0] if isinstance(said, str) else said
