"""Triage: what a request is about and where it belongs, proposed by one table of rules."""
