"""How gunicorn serves the product: one greenlet a connection, so that live streams cost little.

The application is loaded once and forked, to share its memory. The patching comes first: psycopg
chooses its way of waiting when it is imported.
"""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402  # after the patching, like all else
import os  # noqa: E402
from typing import Any  # noqa: E402

from sqlalchemy.orm import configure_mappers  # noqa: E402

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gevent"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_connections = 4000
preload_app = True
keepalive = 75
graceful_timeout = 4  # an open live stream would otherwise hold a stop for half a minute
timeout = 60
control_socket_disable = True  # it would write into the home folder of the account
accesslog = None  # addresses of pages can name citizens; the product logs what it needs itself
logger_class = "servers.discreet_log.DiscreetLog"
wsgi_app = "wsgi:app"

# Objects between two looks for garbage. A request makes some thousands and frees them by itself:
# with Python's 700, a twentieth of its time went into looking.
GARBAGE = 5_000


def pre_fork(_server: Any, _worker: Any) -> None:
    """Prepare what the workers can share, and keep the collector from touching, so copying, it."""
    configure_mappers()
    gc.freeze()
    gc.set_threshold(GARBAGE)
