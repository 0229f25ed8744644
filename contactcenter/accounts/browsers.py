"""A browser as a person would name it, from what it says of itself."""

from flask_babel import gettext as _

# The first sign found names it: most browsers also claim to be the ones after them.
BROWSERS = {
    "Firefox": "Firefox",
    "Edg": "Edge",
    "OPR": "Opera",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser_name(said: str) -> str:
    """Firefox, Windows; or "Navigateur inconnu"."""
    names = [_first(BROWSERS, said), _first(SYSTEMS, said)]
    return ", ".join(name for name in names if name) or _("Navigateur inconnu")


def _first(signs: dict[str, str], said: str) -> str:
    return next((name for sign, name in signs.items() if sign in said), "")
