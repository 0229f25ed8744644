"""What an API token may be good for, and for whom. The names are a public promise."""

from contactcenter.accounts.permissions import GRANTED, Permission, Role

# The role behind each scope: a token never lets its person do more than they may.
NEEDED = {
    "tickets:read": Permission.WORK_TICKETS,
    "tickets:write": Permission.WORK_TICKETS,
    "referrals:write": Permission.ASK_REFERENTS,
    "queues:read": Permission.SEE_BOARDS,
    "queues:write": Permission.WORK_COUNTER,
    "metrics:read": Permission.SEE_BOARDS,
}
SCOPES = tuple(NEEDED)

# Referents read, with this scope, the teams and the questions of their own organisation.
FOR_REFERENTS_TOO = "tickets:read"


def roles_for(scope: str) -> list[Role]:
    """The roles whose people can use a token of this scope, at least in part."""
    return [role for role in Role if _can_use(role, scope)]


def _can_use(role: Role, scope: str) -> bool:
    return NEEDED[scope] in GRANTED[role] or (role is Role.REFERENT and scope == FOR_REFERENTS_TOO)
