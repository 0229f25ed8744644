"""What follows from what: the page to open first. Everything listed runs in the same transaction."""

from contactcenter.events import Reactions

REACTIONS: Reactions = {}
