"""Many pages that stay open: each follows what changes and fetches its fragments again, as the
page's own script does: at once, then at most every two seconds.

python -m bench.followers PORT PATH    reads one cookie a line, then says `ready` and works until
its input ends.
"""

import asyncio
import contextlib
import gzip
import re
import sys
import time
from dataclasses import dataclass

PAUSE_SECONDS = 2.0
LIVE = re.compile(r'data-live="([^"]+)"[^>]*?data-live-url="([^"]+)"', re.DOTALL)


@dataclass
class Region:
    """A part of a page that is fetched again when one of its topics changes."""

    topics: frozenset[str]
    url: str
    not_before: float = 0.0
    fetching: "asyncio.Task[None] | None" = None


class Line:
    """One kept connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._busy = asyncio.Lock()
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> bytes:
        """The body as it comes: compressed, as browsers ask for it."""
        async with self._busy:
            reader, writer = self._ends = self._ends or await self.open()
            writer.write(self.request(path))
            head = await reader.readuntil(b"\r\n\r\n")
            size = re.search(rb"(?i)content-length: (\d+)", head)
            return await reader.readexactly(int(size[1])) if size else b""

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)

    def request(self, path: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
            f"Cookie: {self._cookie}\r\n\r\n"
        ).encode()


class Page:
    """One open page of one browser."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self._path, self._line = path, Line(port, cookie)
        self._regions: list[Region] = []

    async def open(self) -> None:
        html = gzip.decompress(await self._line.get(self._path)).decode()
        self._regions = [
            Region(frozenset(topics.split()), url) for topics, url in LIVE.findall(html)
        ]

    async def follow(self) -> None:
        topics = {topic for region in self._regions for topic in region.topics}
        reader, writer = await self._line.open()
        writer.write(self._line.request(f"/live?topics={','.join(sorted(topics))}"))
        while line := await reader.readline():
            if line.startswith(b"data: "):
                self._changed(line.removeprefix(b"data: ").decode().strip())

    def _changed(self, topic: str) -> None:
        for region in self._regions:
            if topic in region.topics and (region.fetching is None or region.fetching.done()):
                region.fetching = asyncio.create_task(self._fetch(region))

    async def _fetch(self, region: Region) -> None:
        await asyncio.sleep(region.not_before - time.monotonic())
        region.not_before = time.monotonic() + PAUSE_SECONDS
        await self._line.get(region.url)


async def _work(port: int, path: str, cookies: list[str]) -> None:
    pages = [Page(port, path, cookie) for cookie in cookies]
    for page in pages:
        await page.open()
    following = [asyncio.create_task(page.follow()) for page in pages]
    print("ready", flush=True)
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait([ended, *following], return_when=asyncio.FIRST_COMPLETED)
    for task in following:
        task.cancel()


def main() -> None:
    port, path = int(sys.argv[1]), sys.argv[2]
    cookies = []
    while line := sys.stdin.readline().strip():
        cookies.append(line)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_work(port, path, cookies))


if __name__ == "__main__":
    main()
