"""Where a form may lead: a path of this site, however a stranger spells another one."""

from urllib.parse import urlsplit


def safe_next(target: str | None) -> str | None:
    """The path to go on to, or None when it could lead to another host."""
    if not target or not target.isprintable() or not target.startswith("/") or "\\" in target:
        return None
    if target.startswith("//"):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
