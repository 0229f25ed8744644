"""Style sheets, scripts and pictures: their addresses carry a version, so browsers keep them.

The version is a hash of all of them and stands before the file's own path, so that what one file
names relative to itself has it too. An address without it, or with another, is asked for anew.
"""

import mimetypes
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.security import safe_join

KEPT = "public, max-age=31536000, immutable"
ASKED_FOR_ANEW = "no-cache"


def register(app: Flask) -> None:
    folder = Path(app.root_path, "..", "static").resolve()
    current = version(folder)

    def serve(filename: str, version: str = "") -> Response:
        path = safe_join(str(folder), filename)
        if path is None or not Path(path).is_file():
            abort(404)
        content, etag = _content(path, Path(path).stat().st_mtime_ns)
        answer = Response(content, content_type=_type(filename))
        answer.set_etag(etag)
        answer.headers["Cache-Control"] = KEPT if version == current else ASKED_FOR_ANEW
        answer.make_conditional(request)
        return answer

    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", current)

    app.add_url_rule("/static/v.<version>/<path:filename>", "static", serve)
    app.add_url_rule("/static/<path:filename>", "static", serve)
    app.url_defaults(name_version)


def version(folder: Path) -> str:
    """Twelve letters that change whenever a file or its name does."""
    whole = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


@lru_cache(maxsize=200)
def _content(path: str, _changed_at: int) -> tuple[bytes, str]:
    content = Path(path).read_bytes()
    return content, sha256(content).hexdigest()[:16]


def _type(filename: str) -> str:
    guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
