"""People who work here, their sessions, invitations and tokens, and what they are members of."""

from datetime import datetime
from typing import cast

from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from contactcenter.accounts.permissions import Permission, Role, granted
from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, Scope, within_centre


class Centre(Model):
    """One contact centre, walled from the others of this installation."""

    __tablename__ = "centres"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[PrimaryKey]
    code: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    timezone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mail_address: Mapped[str]
    rehearsing: Mapped[bool] = mapped_column(default=False)  # rehearsal is announced on screens
    rehearsing_until: Mapped[datetime | None]  # unless its player says again that it plays
    acknowledges: Mapped[bool] = mapped_column(default=True)  # tells citizens that it has received
    # Whether a topic that the text names may be taken when no rule speaks of the topic.
    names_topics: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    # Whether everybody may see how it served in the last months.
    publishes_quality: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Whether citizens are asked if it is solved, so many days after a partner answered.
    asks_solved: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    solved_after_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    # Renewed by a trigger whenever its topics, rules, queues, sites or teams change: what a process
    # has read of them is good for as long as this stays the same.
    directory_version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Organisation(Model):
    """The organisation that runs the centre (kind "own") or a partner whose referents answer."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("centre_id", "code"),)

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    code: Mapped[str]
    name: Mapped[str]
    is_own: Mapped[bool] = mapped_column(default=False)
    # Whom late answers are told when the team and its lead did not help; empty: nobody.
    pilot_email: Mapped[str] = mapped_column(default="", server_default=text("''"))
    prefecture_email: Mapped[str] = mapped_column(default="", server_default=text("''"))
    # Kinds of a citizen's numbers that its experts may have shown; empty: none.
    identifiers: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )


class Person(UserMixin, Model):
    """Someone who signs in: an agent, a referent, a manager or an administrator."""

    __tablename__ = "persons"
    __allow_unmapped__ = True  # session_token is not a column
    __table_args__ = (
        within_centre("organisation_id", "organisations"),
        Index("uq_persons_email", text("lower(email)"), unique=True),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    organisation_id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role]
    language: Mapped[str] = mapped_column(default="fr")
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    preferences: Mapped[Json] = mapped_column(default=dict)

    session_token: str | None = None  # set when a session is opened or recognised

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_referent(self) -> bool:
        return self.role is Role.REFERENT

    @property
    def scope(self) -> Scope:
        """Referents see their own organisation's referrals; everyone else is the centre's staff."""
        return Scope(self.centre_id, self.organisation_id if self.is_referent else None)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def may(self, permission: Permission) -> bool:
        return granted(self.role, permission)

    def get_id(self) -> str:
        """What the cookie holds: the random token of one session, never the person's id."""
        return cast(str, self.session_token)

    # Flask-Login would compare what the cookies hold: all who have no session would be one.
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


class Membership(Model):
    """A person serves one site, one queue or one referent team."""

    __tablename__ = "memberships"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("site_id", "sites"),
        within_centre("queue_id", "queues"),
        within_centre("team_id", "teams"),
        CheckConstraint("num_nonnulls(site_id, queue_id, team_id) = 1", name="of_one_thing"),
        UniqueConstraint(
            "centre_id",
            "person_id",
            "site_id",
            "queue_id",
            "team_id",
            name="uq_memberships_once",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_memberships_queue", "centre_id", "queue_id"),
        Index("ix_memberships_team", "centre_id", "team_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    site_id: Mapped[Id | None]
    queue_id: Mapped[Id | None]
    team_id: Mapped[Id | None]
    leads: Mapped[bool] = mapped_column(default=False)  # leads the team: pressed when it is late


class SignedInSession(Model):
    """One browser signed in. Sessions live here and end at once when revoked."""

    __tablename__ = "sessions"
    __table_args__ = (
        within_centre("person_id", "persons"),
        UniqueConstraint("token_hash"),
        Index("ix_sessions_person", "centre_id", "person_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    token_hash: Mapped[str]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(default="")


class SignInAttempt(Model):
    """A wrong password, kept a day: enough to slow a guesser, by account and address together."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email", "email_hash", "tried_at"),
        Index("ix_sign_in_attempts_address", "address", "tried_at"),
    )

    id: Mapped[PrimaryKey]
    email_hash: Mapped[str]
    address: Mapped[str]
    tried_at: Mapped[datetime]


class Invitation(Model):
    """A link by which a new person chooses a password; usable once, for three days."""

    __tablename__ = "invitations"
    __table_args__ = (within_centre("person_id", "persons"), UniqueConstraint("token_hash"))

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    token_hash: Mapped[str]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(Model):
    """A bearer token of a person for other programs, with scopes; only its hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (within_centre("person_id", "persons"), UniqueConstraint("token_hash"))

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    token_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name: Mapped[str] = mapped_column(default="")  # what it is for, in its maker's words
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '365 days'"))
    used_at: Mapped[datetime | None]  # lately, to the minute
    revoked_at: Mapped[datetime | None]
