"""Requests that carried an Idempotency-Key, and the answers that a repetition gets again."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class IdempotencyKey(Model):
    """One accepted POST; written in the transaction of its effect, kept a week."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "person_id", "key"),
        Index("ix_idempotency_keys_made", "centre_id", "made_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    key: Mapped[str]
    fingerprint: Mapped[str]  # of method, path and body: another request may not reuse the key
    status: Mapped[int | None]
    body: Mapped[Json | None] = mapped_column(nullable=True)
    made_at: Mapped[datetime]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
