"""Triage: topic, priority, language and queue proposed by one table of rules, each with its reason."""
