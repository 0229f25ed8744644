"""Where a request comes from is what our own proxies say, never what a stranger writes."""

import pytest
from flask import request

from contactcenter import create_app

SAID = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "http, https"}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        (0, ("127.0.0.1", "http")),
        (1, ("198.51.100.7", "https")),
        (2, ("203.0.113.9", "http")),
    ],
)
def test_so_many_names_are_believed_as_there_are_proxies(settings, proxies, seen):
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    looked = []
    app.before_request(lambda: looked.append((request.remote_addr, request.scheme)))
    app.test_client().get("/healthz", headers=SAID)
    assert looked == [seen]
