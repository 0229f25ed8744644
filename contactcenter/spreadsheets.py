"""Tables for spreadsheets, without anything that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# A cell that begins so is read as a formula by the common spreadsheets.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> str:
    """The cell as text; a quote before what a spreadsheet would compute."""
    written = "" if cell is None else str(cell)
    return f"'{written}" if written.lstrip(" ").startswith(RISKY) else written


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file that spreadsheets open with its accents, and in which they run nothing."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return Response(
        "\ufeff" + written.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
