"""Tables for programs."""

from flask import Response

from contactcenter.reports.parquet import MEDIA_TYPE


def as_parquet(name: str, content: bytes) -> Response:
    return Response(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.parquet"'},
    )
