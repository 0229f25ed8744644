"""What each slice brings to the application: pages and doors, commands, and what follows from what."""

from click import Command
from flask import Blueprint

from contactcenter.accounts.routes import blueprint as accounts
from contactcenter.reactions import REACTIONS

__all__ = ["BLUEPRINTS", "COMMANDS", "EXEMPT_FROM_CSRF", "REACTIONS"]

BLUEPRINTS: tuple[Blueprint, ...] = (accounts,)

# Doors whose callers prove themselves another way: a signature or a bearer token.
EXEMPT_FROM_CSRF: tuple[Blueprint, ...] = ()

COMMANDS: tuple[Command, ...] = ()
