"""Numbers by which administrations know a citizen; the numbers themselves are sealed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Identifier(Model):
    """`sealed` opens with a key of the environment only; nothing of the number is kept beside."""

    __tablename__ = "identifiers"
    __table_args__ = (
        within_centre("citizen_id", "citizens", ondelete="CASCADE"),
        within_centre("noted_by", "persons"),
        Index("ix_identifiers_citizen", "centre_id", "citizen_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    citizen_id: Mapped[Id]
    kind: Mapped[IdentifierKind]
    sealed: Mapped[str]
    noted_by: Mapped[Id]
    noted_at: Mapped[datetime]
