"""A list in pages of fifty, each with an address."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from contactcenter.db import db
from contactcenter.fields import whole_number

SIZE = 50
MOST_PAGES = 1_000_000


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    summary: str
    previous: str | None
    next: str | None


def page_of(statement: Select[Any]) -> Page:
    """The page that the address asks for."""
    number = min(max(request.args.get("page", 1, type=whole_number), 1), MOST_PAGES)
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    first = (number - 1) * SIZE
    rows = list(db.session.scalars(statement.limit(SIZE).offset(first)))
    return Page(
        rows,
        _(
            "%(first)s à %(last)s sur %(total)s",
            first=first + 1,
            last=first + len(rows),
            total=total,
        )
        if rows
        else "",
        _address(number - 1) if number > 1 else None,
        _address(number + 1) if first + SIZE < (total or 0) else None,
    )


def _address(number: int) -> str:
    arguments = {**request.args, **(request.view_args or {}), "page": number}
    return url_for(str(request.endpoint), **arguments)
