"""Who asks. An anonymous citizen has no row: a ticket without one is as good as any other."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Model, PrimaryKey


class Reach(StrEnum):
    """How a citizen prefers to be reached."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    LETTER = "letter"
    COUNTER = "counter"


class Citizen(Model):
    """Phone numbers are E.164; `name_key` is the name without accents or case, for search."""

    __tablename__ = "citizens"
    __table_args__ = (
        Index("ix_citizens_phone", "centre_id", "phone"),
        Index("ix_citizens_email", "centre_id", text("lower(email)")),
        Index(
            "ix_citizens_name_key",
            "name_key",
            postgresql_using="gin",
            postgresql_ops={"name_key": "gin_trgm_ops"},
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    birth_year: Mapped[int | None]
    language: Mapped[str] = mapped_column(default="fr")
    reach: Mapped[Reach | None]
    met_at: Mapped[datetime]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
