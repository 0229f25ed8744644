"""Our addresses as others must write them."""

from flask import current_app


def public_url(path: str) -> str:
    """`path` at the address by which the operator says that the centre is reached."""
    base: str = current_app.config["SETTINGS"].public_base_url
    return base.rstrip("/") + path
