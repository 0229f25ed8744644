"""Errors a person caused, each with the HTTP status it is shown with.

The message is shown to that person: it is already in their language and names no citizen.
"""


class ContactCenterError(Exception):
    status = 400


class NotFound(ContactCenterError):
    status = 404


class Forbidden(ContactCenterError):
    status = 403


class Conflict(ContactCenterError):
    """The request was well formed but the world has moved on."""

    status = 409


class Invalid(ContactCenterError):
    """A field is missing or wrong; `field` names it where one can be named."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(ContactCenterError):
    status = 429


class Busy(ContactCenterError):
    """Here and now there is no room for more; later, or elsewhere, there is."""

    status = 503
