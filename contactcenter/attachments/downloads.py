"""Hand a file out so that a browser saves it and never runs it."""

from flask import Response

from contactcenter.attachments.models import Attachment

SANDBOX = "default-src 'none'; sandbox"


def as_download(attachment: Attachment) -> Response:
    response = Response(attachment.content, content_type=attachment.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=attachment.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
