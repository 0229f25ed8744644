"""Private PostgreSQL and Valkey of one installation, and the processes of `make run`."""
