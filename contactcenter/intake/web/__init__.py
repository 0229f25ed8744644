"""The web door: a form for everyone, without an account."""
