"""What many ask at the same moment: asked once, and packed once.

When something changes, all who look at a board ask for it at the same moment. Each is still
recognised and each still needs the right to see it; but one question serves those who came before
it was asked.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, TypeVar

from flask import current_app, request

Key = TypeVar("Key")
Answer = TypeVar("Answer")
View = TypeVar("View", bound=Callable[..., Any])


def shared(view: View) -> View:
    """Mark a view that answers many people alike, and changes nothing."""
    vars(view)["is_shared"] = True  # where `wraps` takes it along from
    return view


def is_shared() -> bool:
    """Whether the view of this request is such a one."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_shared", False)


class Together(Generic[Key, Answer]):
    """Asks once for all who come until it asks. No answer is older than its question."""

    def __init__(self) -> None:
        self._joining = threading.Lock()
        self._asking = threading.Lock()
        self._next: _Round[Key, Answer] | None = None

    def answer(
        self, key: Key, ask: Callable[[Collection[Key]], Mapping[Key, Answer]]
    ) -> Answer | None:
        """What `ask` answers for that key: this one, or that of another who asks at the moment.

        Never two at once; an error is everyone's who waited for that answer.
        """
        with self._joining:
            mine = self._next = self._next or _Round()
            mine.keys.add(key)
        with self._asking:
            if not mine.is_over:
                with self._joining:
                    self._next = None  # whoever comes from here on is too late for this one
                mine.hold(ask)
        if mine.error is not None:
            raise mine.error
        return mine.answers.get(key)


class _Round(Generic[Key, Answer]):
    def __init__(self) -> None:
        self.keys: set[Key] = set()
        self.answers: Mapping[Key, Answer] = {}
        self.error: Exception | None = None
        self.is_over = False

    def hold(self, ask: Callable[[Collection[Key]], Mapping[Key, Answer]]) -> None:
        try:
            self.answers = ask(self.keys)
        except Exception as error:
            self.error = error
        finally:
            self.is_over = True
