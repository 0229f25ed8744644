"""`python -m tools.urls` writes down every address the product serves, in tests/urls.txt.

A test compares it with what is served, so that no address disappears unnoticed.
"""

import tempfile
from pathlib import Path

from flask import Flask

from config import Settings
from contactcenter import create_app

FILE = Path(__file__).parent.parent / "tests" / "urls.txt"


def served(app: Flask) -> list[str]:
    return sorted(
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(contactcenter_home=Path(home)))
        FILE.write_text("\n".join(served(app)) + "\n")


if __name__ == "__main__":
    main()
