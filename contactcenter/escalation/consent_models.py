"""A permission asked for by SMS: until the citizen says yes, nothing is asked of the partner."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class ConsentRequest(Model):
    """The question that waits with it: to whom, in which words, with what is told and which papers.

    `until` is the end of the permission once it is given; after `ends_at` a yes comes too late.
    It is for these topics, as the text said, whatever the request is about when the yes comes; for
    all of them if none is named.
    """

    __tablename__ = "consent_requests"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("team_id", "teams"),
        within_centre("asked_by", "persons"),
        CheckConstraint("(answered_at IS NULL) = (is_yes IS NULL)", name="answered_whole"),
        Index("ix_consent_requests_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_consent_requests_open",
            "centre_id",
            "phone",
            postgresql_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    team_id: Mapped[Id]
    asked_by: Mapped[Id]
    asked_at: Mapped[datetime]
    phone: Mapped[str]
    question: Mapped[str]
    told: Mapped[Json] = mapped_column(default=dict)
    papers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    topic_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), default=list, server_default=text("'{}'")
    )
    until: Mapped[datetime]
    ends_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    is_yes: Mapped[bool | None]
    withdrawn_at: Mapped[datetime | None]
