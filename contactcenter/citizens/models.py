"""Who asks. An anonymous citizen has no row: a ticket without one is as good as any other."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Reach(StrEnum):
    """How a citizen prefers to be reached."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    LETTER = "letter"
    COUNTER = "counter"


class Citizen(Model):
    """Phone numbers are E.164; `name_key` is the name without accents or case, for search.

    One who turned out to be someone else too is `merged_into` them: the row stays as it was, so
    that it can be split off again, and its id leads to the other.
    """

    __tablename__ = "citizens"
    __table_args__ = (
        within_centre("merged_into", "citizens"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
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
    merged_into: Mapped[Id | None]

    @property
    def wants_texts(self) -> bool:
        return self.reach is Reach.SMS and bool(self.phone)


class CitizenMerge(Model):
    """Two rows that are one person: what was kept, what moved, and the way back.

    `before` and `after` are the kept person's details around the merge; `moved` names the rows that
    changed their citizen, by table. Undone, it stays as history.
    """

    __tablename__ = "citizen_merges"
    __table_args__ = (
        within_centre("kept_id", "citizens"),
        within_centre("merged_id", "citizens"),
        within_centre("merged_by", "persons"),
        within_centre("undone_by", "persons"),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_with_moment"),
        Index("ix_citizen_merges_kept", "centre_id", "kept_id"),
        Index("ix_citizen_merges_merged", "centre_id", "merged_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    kept_id: Mapped[Id]
    merged_id: Mapped[Id]
    before: Mapped[Json]
    after: Mapped[Json]
    moved: Mapped[Json]
    merged_by: Mapped[Id]
    merged_at: Mapped[datetime]
    undone_by: Mapped[Id | None]
    undone_at: Mapped[datetime | None]
