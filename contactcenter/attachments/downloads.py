"""Hand a file out so that a browser saves it, or shows it, and never runs it."""

from flask import Response

from contactcenter.attachments.models import Attachment
from contactcenter.attachments.rules import PDF, UNKNOWN

SANDBOX = "default-src 'none'; sandbox"
# What a browser shows by itself and never runs; the type was told by the content.
SHOWN = frozenset({PDF, "image/jpeg", "image/png", "image/webp"})
# A sandbox would keep browsers from starting their own viewer of PDF files.
VIEWER = (
    "default-src 'none'; object-src 'self'; img-src 'self' data:; style-src 'unsafe-inline';"
    " form-action 'none'; base-uri 'none'; frame-ancestors"
)


def as_download(attachment: Attachment) -> Response:
    response = Response(attachment.content, content_type=attachment.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=attachment.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def as_saved(content: bytes, name: str) -> Response:
    """Any bytes, to be saved and never shown."""
    response = Response(content, content_type=UNKNOWN)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def as_page(attachment: Attachment) -> Response:
    """To be seen in a tab of its own; what no browser shows by itself is saved."""
    response = as_download(attachment)
    if attachment.content_type in SHOWN:
        response.headers.set("Content-Disposition", "inline", filename=attachment.name)
    if attachment.content_type == PDF:
        response.headers["Content-Security-Policy"] = f"{VIEWER} 'none'"
    return response


def as_part(attachment: Attachment) -> Response:
    """To be seen within a page of ours: a PDF in the browser’s viewer, and nothing else."""
    if attachment.content_type != PDF:
        return as_download(attachment)
    response = as_page(attachment)
    response.headers["Content-Security-Policy"] = f"{VIEWER} 'self'"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
