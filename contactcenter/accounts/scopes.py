"""What an API token may be good for. The names are a public promise."""

SCOPES = (
    "tickets:read",
    "tickets:write",
    "referrals:write",
    "queues:read",
    "queues:write",
    "metrics:read",
)
