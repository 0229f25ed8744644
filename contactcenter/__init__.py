"""The contact centre. `create_app` is the table of contents; see `application.py`.

It is loaded when it is asked for: the rehearsal lives in this package, knows the public doors only
and need not carry the whole product in its memory.
"""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contactcenter.application import create_app as create_app
else:

    def __getattr__(name: str) -> object:
        if name != "create_app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        gc.disable()  # what is loaded stays: to look through it took a sixth of the time
        from contactcenter.application import create_app

        gc.freeze()
        gc.enable()
        globals()[name] = create_app
        return create_app
