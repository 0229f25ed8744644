"""Who is away, who stands in, rotas, teams that nobody serves, alerts of lateness, live offers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre
from contactcenter.escalation.models import Press


class Absence(Model):
    """Days on which someone is away, both included, in their team's time zone; who stands in."""

    __tablename__ = "absences"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("substitute_id", "persons"),
        CheckConstraint("to_on >= from_on", name="in_order"),
        CheckConstraint("substitute_id <> person_id", name="somebody_else"),
        Index("ix_absences_person", "centre_id", "person_id", "to_on"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    from_on: Mapped[date]
    to_on: Mapped[date]
    substitute_id: Mapped[Id | None]


class CoverageAlarm(Model):
    """A team had questions and nobody to answer them; `moved_to` is where they went, if at all."""

    __tablename__ = "coverage_alarms"
    __table_args__ = (
        within_centre("team_id", "teams"),
        within_centre("moved_to", "teams"),
        Index(
            "uq_coverage_alarms_open",
            "centre_id",
            "team_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    team_id: Mapped[Id]
    raised_at: Mapped[datetime]
    moved_to: Mapped[Id | None]
    questions: Mapped[int]
    ended_at: Mapped[datetime | None]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)


class Alert(Model):
    """A lateness that concerns one address; told by a notice of its own or with others at once.

    `day` is the day at the team's place, on which only so many notices are written to one address.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("team_id", "teams"),
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "referral_id", "step", "address", name="uq_alerts_once"),
        Index("ix_alerts_day", "centre_id", "address", "day"),
        Index("ix_alerts_untold", "centre_id", "address", postgresql_where=text("told_at IS NULL")),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    address: Mapped[str]
    person_id: Mapped[Id | None]
    language: Mapped[str]
    team_id: Mapped[Id]
    referral_id: Mapped[Id]
    step: Mapped[int]
    press: Mapped[Press]
    day: Mapped[date]
    written_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class ConsultOffer(Model):
    """A live question was put to this person of the rota; the next is asked when it passes."""

    __tablename__ = "consult_offers"
    __table_args__ = (
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "referral_id", "person_id", name="uq_consult_offers_once"),
        Index("ix_consult_offers_person", "centre_id", "person_id", "offered_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    referral_id: Mapped[Id]
    person_id: Mapped[Id]
    offered_at: Mapped[datetime]


class DutyShift(Model):
    """When a referent can be asked live: weekday and minutes of the day in the team's zone."""

    __tablename__ = "duty_shifts"
    __table_args__ = (
        within_centre("team_id", "teams"),
        within_centre("person_id", "persons"),
        Index("ix_duty_shifts_team", "centre_id", "team_id", "weekday"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    team_id: Mapped[Id]
    person_id: Mapped[Id]
    weekday: Mapped[int]  # 0 Monday
    from_minute: Mapped[int]
    to_minute: Mapped[int]
