"""The REST face: what other programs may ask, with bearer tokens, scopes and problem documents."""
