"""The web entry point."""

from contactcenter import create_app

app = create_app()
