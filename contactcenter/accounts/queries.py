"""Questions about people, sessions and memberships. Nothing here changes state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Text, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from contactcenter.accounts.models import (
    ApiToken,
    Centre,
    Invitation,
    Membership,
    Organisation,
    Person,
    SignedInSession,
    SignInAttempt,
)
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.permissions import Permission, Role
from contactcenter.db import telling
from contactcenter.live import FROM_HERE

_TELLING = telling(Person.centre_id, case((Person.role == Role.REFERENT, Person.organisation_id)))


@dataclass(frozen=True)
class Anyone:
    """Parameters in the place of a person who has a permission, for a statement that is kept."""

    permission: Permission
    centre_id: Any
    id: Any

    def may(self, permission: Permission) -> bool:
        return permission is self.permission


AGENT = Anyone(
    Permission.WORK_TICKETS,
    bindparam("centre", type_=BigInteger),
    bindparam("reader", type_=BigInteger),
)


def person_by_email(email: str) -> Select[Person]:
    return select(Person).where(func.lower(Person.email) == email.strip().lower())


# By `token_hashes`, `now` and `idle_since`: the living sessions with person, centre, organisation,
# and the place in the live changes from which a page being made must listen. Asked with every
# request, so each is put together once; the one for a single token also tells PostgreSQL the scope.
_KNOWN = (
    select(SignedInSession, Person, Centre, Organisation, FROM_HERE)
    .join(
        Person,
        (Person.centre_id == SignedInSession.centre_id) & (Person.id == SignedInSession.person_id),
    )
    .join(Centre, Centre.id == Person.centre_id)
    .join(
        Organisation,
        (Organisation.centre_id == Person.centre_id) & (Organisation.id == Person.organisation_id),
    )
    .where(
        SignedInSession.revoked_at.is_(None),
        SignedInSession.expires_at > bindparam("now", type_=DateTime(timezone=True)),
        SignedInSession.seen_at > bindparam("idle_since", type_=DateTime(timezone=True)),
        Person.disabled_at.is_(None),
    )
)
SESSIONS_AND_PERSONS: Select[SignedInSession, Person, Centre, Organisation, int] = _KNOWN.where(
    SignedInSession.token_hash == func.any(bindparam("token_hashes", type_=ARRAY(Text)))
)
SESSION_AND_PERSON: Select[SignedInSession, Person, Centre, Organisation, int, str] = _KNOWN.where(
    SignedInSession.token_hash == bindparam("token_hash")
).add_columns(_TELLING)


def session_owner(token: str) -> Select[int]:
    """Whose session the token was, living or not."""
    return select(SignedInSession.person_id).where(SignedInSession.token_hash == hash_token(token))


def living_sessions(person: Person, now: datetime) -> Select[SignedInSession]:
    return (
        select(SignedInSession)
        .where(
            SignedInSession.centre_id == person.centre_id,
            SignedInSession.person_id == person.id,
            SignedInSession.revoked_at.is_(None),
            SignedInSession.expires_at > now,
        )
        .order_by(SignedInSession.seen_at.desc())
    )


def wrong_tries(email_hash: str, address: str, since: datetime) -> Select[Any]:
    """Two counts since then: of this account from this source, of this source in all."""
    recent = (
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.tried_at > since, SignInAttempt.address == address)
    )
    return select(
        recent.where(SignInAttempt.email_hash == email_hash).scalar_subquery(),
        recent.scalar_subquery(),
    )


def tries_at_account(email_hash: str, since: datetime) -> Select[int, datetime | None]:
    """How many wrong tries at this account came from everywhere since then, and the last one."""
    return select(func.count(), func.max(SignInAttempt.tried_at)).where(
        SignInAttempt.email_hash == email_hash, SignInAttempt.tried_at > since
    )


def living_invitation(token: str, now: datetime) -> Select[Invitation, Person]:
    return (
        select(Invitation, Person)
        .join(
            Person,
            (Person.centre_id == Invitation.centre_id) & (Person.id == Invitation.person_id),
        )
        .where(
            Invitation.token_hash == hash_token(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )


# By `token_hash` and `now`: the scopes of a living token, its person, centre and last use; else no
# row.
# With a row the transaction is in the person's scope. Asked with every request of a program, so it
# is put together once.
TOKEN_AND_PERSON: Select[list[str], Person, Centre, datetime | None, str] = (
    select(
        ApiToken.scopes,
        Person,
        Centre,
        ApiToken.used_at,
        _TELLING,
    )
    .join(Person, (Person.centre_id == ApiToken.centre_id) & (Person.id == ApiToken.person_id))
    .join(Centre, Centre.id == Person.centre_id)
    .where(
        ApiToken.token_hash == bindparam("token_hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > bindparam("now", type_=DateTime(timezone=True)),
        Person.disabled_at.is_(None),
    )
)


def tokens_of(centre_id: int, now: datetime) -> Select[ApiToken]:
    """The tokens of the centre that still open something, the newest first."""
    return (
        select(ApiToken)
        .where(
            ApiToken.centre_id == centre_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
    )


def own_tokens(person: Person, now: datetime) -> Select[ApiToken]:
    return tokens_of(person.centre_id, now).where(ApiToken.person_id == person.id)


def queue_ids(person: Person | Anyone) -> Select[Any]:
    return select(Membership.queue_id).where(
        Membership.centre_id == person.centre_id,
        Membership.person_id == person.id,
        Membership.queue_id.is_not(None),
    )


def site_ids(person: Person | Anyone) -> Select[Any]:
    return select(Membership.site_id).where(
        Membership.centre_id == person.centre_id,
        Membership.person_id == person.id,
        Membership.site_id.is_not(None),
    )


def team_ids(person: Person) -> Select[Any]:
    return select(Membership.team_id).where(
        Membership.centre_id == person.centre_id,
        Membership.person_id == person.id,
        Membership.team_id.is_not(None),
    )


def memberships(person: Person) -> Select[Membership]:
    return select(Membership).where(
        Membership.centre_id == person.centre_id, Membership.person_id == person.id
    )


def people_of(centre_id: int) -> Select[Person]:
    return select(Person).where(Person.centre_id == centre_id).order_by(Person.name, Person.id)


def people_named(centre_id: int, words: str) -> Select[Person]:
    """People of the centre whose name or address contains the words."""
    return people_of(centre_id).where(
        Person.name.icontains(words, autoescape=True)
        | Person.email.icontains(words, autoescape=True)
    )


def last_seen(centre_id: int) -> Select[int, datetime]:
    """When each person of the centre last used a session: (person_id, at)."""
    return (
        select(SignedInSession.person_id, func.max(SignedInSession.seen_at))
        .where(SignedInSession.centre_id == centre_id)
        .group_by(SignedInSession.person_id)
    )


def organisations_of(centre_id: int) -> Select[Organisation]:
    return (
        select(Organisation)
        .where(Organisation.centre_id == centre_id)
        .order_by(Organisation.is_own.desc(), Organisation.name)
    )


def centre_by_code(code: str) -> Select[Centre]:
    return select(Centre).where(Centre.code == code)


def centres() -> Select[Centre]:
    return select(Centre).order_by(Centre.code)
