"""The real mail door, in a thread and event loop of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from config import Settings
from contactcenter.db import Scope, db, within
from contactcenter.intake.mail.lmtp import _protocol
from tests.intake.mail.post import deliver


@pytest.fixture
def listener(app, world) -> Iterator[int]:
    """The port of a listener in a thread and event loop of its own."""
    started: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Queue()

    async def listen() -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(lambda: _protocol(app), "127.0.0.1", 0)
        async with server:
            started.put((loop, stopped, server.sockets[0].getsockname()[1]))
            await stopped.wait()

    thread = threading.Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    loop, stopped, port = started.get(timeout=60)
    yield port
    loop.call_soon_threadsafe(stopped.set)
    thread.join()


@pytest.fixture
def postbox(settings: Settings) -> Iterator[list[Envelope]]:
    """A mail server that keeps what we send."""
    taken: list[Envelope] = []

    class Keep:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library names it
            taken.append(envelope)
            return "250 kept"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.smtp_host, settings.smtp_port = "127.0.0.1", port
    yield taken
    controller.stop()
    settings.smtp_host = ""


@pytest.fixture
def kept(app, world):
    """Rows of a kind, as they are now."""

    def rows(model, *where):
        with app.app_context(), within(Scope(world.centre_id)):
            found = list(db.session.scalars(db.select(model).where(*where).order_by(model.id)))
            db.session.expunge_all()
            return found

    return rows


@pytest.fixture
def arrive(app, world, worker):
    """Have a mail delivered and read, where a test looks at pages as well."""

    def post(raw: bytes) -> None:
        with app.app_context():
            deliver(raw, worker, world.mailbox)

    return post
