"""Tickets that turn out to be one, and one that turns out to be two: both can be undone."""
