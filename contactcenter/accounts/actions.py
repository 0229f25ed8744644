"""The verbs of accounts: sign in and out, change a password, invite, make a token."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update

from contactcenter import clock
from contactcenter.accounts import passwords, tries
from contactcenter.accounts.events import (
    InvitationRenewed,
    PasswordChosen,
    PersonDisabled,
    PersonEnabled,
    PersonInvited,
    TokenMade,
    TokenRevoked,
)
from contactcenter.accounts.models import (
    ApiToken,
    Invitation,
    Membership,
    Organisation,
    Person,
    SignedInSession,
)
from contactcenter.accounts.permissions import Role
from contactcenter.accounts.queries import (
    living_invitation,
    memberships,
    own_tokens,
    person_by_email,
)
from contactcenter.accounts.tries import Source
from contactcenter.db import Json, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce

TOKEN_DAYS = 365
INVITED_FOR = timedelta(days=3)


class Served(NamedTuple):
    """One thing a person is a member of; the two others are None."""

    site_id: int | None = None
    queue_id: int | None = None
    team_id: int | None = None


LOOKS = ("theme", "density", "font", "keys", "undo")


def check_password(email: str, password: str, source: Source) -> Person | None:
    """The person whose password it is, or None. Raises TooMany after too many wrong ones.

    The count is by account *and* source, so that nobody can lock someone else out for ever.
    """
    email_hash = passwords.hash_token(email.strip().lower())
    tries.refuse_too_many(email_hash, source)
    person = db.session.scalar(person_by_email(email))
    if passwords.matches(person.password_hash if person else None, password) and person:
        return person if person.is_active else None
    tries.note_wrong(email_hash, source)
    return None


def open_session(person: Person, browser: str) -> SignedInSession:
    now = clock.now()
    person.session_token = passwords.new_token()
    session = SignedInSession(
        centre_id=person.centre_id,
        person_id=person.id,
        token_hash=passwords.hash_token(person.session_token),
        opened_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=current_app.config["SETTINGS"].session_hours),
        browser=browser[:200],
    )
    db.session.add(session)
    return session


def close_session(token: str) -> None:
    db.session.execute(
        update(SignedInSession)
        .where(SignedInSession.token_hash == passwords.hash_token(token))
        .values(revoked_at=clock.now())
    )


def sign_out_everywhere(person: Person, *, but: str | None = None) -> None:
    """End every session of the person at once, `but` the one with this token."""
    ended = update(SignedInSession).where(
        SignedInSession.centre_id == person.centre_id,
        SignedInSession.person_id == person.id,
        SignedInSession.revoked_at.is_(None),
    )
    if but:
        ended = ended.where(SignedInSession.token_hash != passwords.hash_token(but))
    db.session.execute(ended.values(revoked_at=clock.now()))


def end_own_session(person: Person, session_id: int) -> None:
    """End one session of the person. Raises NotFound for somebody else's."""
    ended = db.session.execute(
        update(SignedInSession)
        .where(
            SignedInSession.centre_id == person.centre_id,
            SignedInSession.person_id == person.id,
            SignedInSession.id == session_id,
        )
        .values(revoked_at=clock.now())
        .returning(SignedInSession.id)
    )
    if ended.first() is None:
        raise NotFound(_("Cette session n’est pas à vous."))


def choose_look(person: Person, language: str, look: Json) -> None:
    person.language = language
    person.preferences = {**_without_look(person), **look}


def _without_look(person: Person) -> Json:
    return {name: value for name, value in person.preferences.items() if name not in LOOKS}


def change_password(person: Person, old: str, new: str, source: Source) -> None:
    """Choose another password, knowing the old one. Raises Invalid naming the wrong field.

    A wrong old password counts as at sign-in: an open session is no place to guess it either.
    """
    if check_password(person.email, old, source) is None:
        raise Invalid(_("Ce n’est pas votre mot de passe actuel."), "old")
    set_password(person, new)


def set_password(person: Person, password: str) -> None:
    """Choose a password; every other session ends. Raises Invalid when it is too weak."""
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Invalid(
            _("Choisissez au moins %(count)d caractères.", count=passwords.SHORTEST), "password"
        )
    if person.email.split("@")[0].lower() in password.lower():
        raise Invalid(_("Le mot de passe ne doit pas contenir votre adresse."), "password")
    person.password_hash = passwords.hash_password(password)
    person.password_changed_at = clock.now()
    sign_out_everywhere(person, but=person.session_token)


def invite(
    *,
    name: str,
    email: str,
    role: Role,
    organisation: Organisation,
    language: str,
    by: Person | None,
) -> tuple[Person, str]:
    """Add a person who has no password yet; also returns the token of their invitation link."""
    if db.session.scalar(person_by_email(email)):
        raise Invalid(_("Cette adresse a déjà un compte."), "email")
    person = Person(name=name, email=email.strip(), language=language)
    place(person, role, organisation)
    db.session.add(person)
    db.session.flush()  # the invitation needs person.id
    announce(PersonInvited(person_id=by.id if by else None, invited_id=person.id))
    return person, _new_invitation(person)


def place(person: Person, role: Role, organisation: Organisation) -> None:
    """Give a role in an organisation. Raises Invalid when they do not go together.

    Referents belong to partners and see only what was asked of theirs; all others belong to the
    organisation that runs the centre.
    """
    if (role is Role.REFERENT) == organisation.is_own:
        raise Invalid(
            _("Un référent appartient à un partenaire, les autres à celui qui tient le centre."),
            "organisation_id",
        )
    person.role, person.organisation_id = role, organisation.id


def serve_only(person: Person, wanted: Mapping[Served, bool]) -> bool:
    """Make these the person's memberships, and no others; returns whether anything changed.

    The value says whether the person leads it.
    """
    known = {
        Served(each.site_id, each.queue_id, each.team_id): each
        for each in db.session.scalars(memberships(person))
    }
    before = {what: membership.leads for what, membership in known.items()}
    for what, leads in wanted.items():
        if what in known:
            known[what].leads = leads
        else:
            db.session.add(Membership(person_id=person.id, leads=leads, **what._asdict()))
    for what in known.keys() - wanted.keys():
        db.session.delete(known[what])
    return before != dict(wanted)


def renew_invitation(person: Person, *, by: Person) -> str:
    """Make a new link for choosing a password; the links made before no longer work."""
    announce(InvitationRenewed(person_id=by.id, invited_id=person.id))
    return _new_invitation(person)


def _new_invitation(person: Person) -> str:
    token = passwords.new_token()
    _withdraw_invitations(person)
    now = clock.now()
    db.session.add(
        Invitation(
            centre_id=person.centre_id,
            person_id=person.id,
            token_hash=passwords.hash_token(token),
            invited_at=now,
            expires_at=now + INVITED_FOR,
        )
    )
    return token


def invited(token: str) -> Person | None:
    """Whose living invitation it is; locked, so that two clicks use it once."""
    living = living_invitation(token, clock.now()).with_for_update(of=Invitation)
    found = db.session.execute(living).one_or_none()
    return found.Person if found else None


def accept_invitation(person: Person, password: str) -> None:
    """Choose a password, which uses up the invitation. Raises Invalid when too weak."""
    is_first = person.password_hash is None
    set_password(person, password)
    db.session.execute(
        update(Invitation)
        .where(Invitation.centre_id == person.centre_id, Invitation.person_id == person.id)
        .values(used_at=clock.now())
    )
    announce(PasswordChosen(person_id=person.id, is_first=is_first))


def disable(person: Person, *, by: Person) -> None:
    """Close the account: sessions, invitations and tokens end at once, for good.

    Nothing is erased, and none of them serves again where the account is opened again.
    """
    if person.id == by.id:
        raise Conflict(_("Un autre administrateur doit fermer votre compte."))
    person.disabled_at = clock.now()
    sign_out_everywhere(person)
    _withdraw_invitations(person)
    revoke_api_tokens_of(person, by=by)
    announce(PersonDisabled(person_id=by.id, disabled_id=person.id))


def enable(person: Person, *, by: Person) -> None:
    person.disabled_at = None
    announce(PersonEnabled(person_id=by.id, enabled_id=person.id))


def _withdraw_invitations(person: Person) -> None:
    db.session.execute(
        delete(Invitation).where(
            Invitation.centre_id == person.centre_id, Invitation.person_id == person.id
        )
    )


def make_api_token(
    person: Person, scopes: Sequence[str], name: str = "", days: int = TOKEN_DAYS
) -> str:
    """A new token, which serves for so many days."""
    token = passwords.new_token()
    now = clock.now()
    made = ApiToken(
        centre_id=person.centre_id,
        person_id=person.id,
        token_hash=passwords.hash_token(token),
        name=name,
        scopes=sorted(set(scopes)),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(made)
    db.session.flush()  # the event names it
    announce(TokenMade(person_id=person.id, token_id=made.id))
    return token


def note_use(token: str) -> None:
    db.session.execute(
        update(ApiToken)
        .where(ApiToken.token_hash == passwords.hash_token(token))
        .values(used_at=clock.now())
    )


def revoke_api_tokens_of(person: Person, *, by: Person) -> None:
    """Take back all that were made in the person's own name."""
    for token in db.session.scalars(own_tokens(person, clock.now())).all():
        revoke_api_token(token, by=by)


def revoke_api_token(token: ApiToken, *, by: Person) -> None:
    """From now on it opens nothing; revoking twice does nothing."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        announce(TokenRevoked(person_id=by.id, token_id=token.id))
