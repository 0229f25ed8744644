"""The real mail door, in a thread and event loop of its own."""

import asyncio
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from contactcenter.intake.mail.lmtp import _protocol


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
