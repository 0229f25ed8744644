"""The square that leads a phone to the follow-up page."""

import segno
from markupsafe import Markup

from contactcenter.links import public_url


def follow_up_address() -> str:
    return public_url("/follow-up")


def follow_up_square(code: str | None) -> Markup:
    """The address as a QR code. The code follows `#`: a browser never sends that part."""
    address = f"{follow_up_address()}#{code}" if code else follow_up_address()
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="qr", lineclass=None, border=2
    )
    return Markup(drawn)  # noqa: S704 - our own address, drawn by the library
