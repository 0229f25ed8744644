"""Attachments: files that came in or go out, their limits and checks."""
