"""Who works with which address."""

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import GRANTED, Permission, Role
from tests.addresses import Address
from tests.factories import World


def reader(address: Address, world: World) -> Person | None:
    """Who opens this page in their daily work; nobody for a public one."""
    if address.permission is Permission.PUBLIC:
        return None
    if address.permission is Permission.SEE_BOARDS:
        return world.manager
    role = next(
        role for role in Role if address.permission in GRANTED[role] | {Permission.SIGNED_IN}
    )
    person: Person = getattr(world, role.value)
    return person
