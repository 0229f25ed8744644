"""What happened to the people who work here: kept in the history, without a ticket."""

from dataclasses import dataclass, field

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Event):
    """`person_id` is who invited; the invited one is `invited_id`."""

    invited_id: int


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Name, role, organisation or what they serve; `changed` names it."""

    changed_id: int
    changed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PersonDisabled(Event):
    disabled_id: int


@dataclass(frozen=True, kw_only=True)
class PersonEnabled(Event):
    enabled_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(Event):
    """`person_id` made a new link by which the password of `invited_id` can be chosen."""

    invited_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    """By a link: whoever held it. `is_first` for an account that had none yet."""

    is_first: bool


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """Another program may act in the name of `person_id`."""

    token_id: int


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    token_id: int
