"""Tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from contactcenter.reports.export import harmless
from contactcenter.reports.parquet import MEDIA_TYPE


def as_parquet(name: str, content: bytes) -> Response:
    return Response(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.parquet"'},
    )


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
