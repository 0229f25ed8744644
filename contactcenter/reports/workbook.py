"""A table as an Office Open XML workbook (.xlsx): text stays text, numbers are numbers.

Only what ECMA-376 asks of the smallest workbook. Text is written as inline strings, which no
spreadsheet computes, so that no cell can be a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA_TYPE = f"{TYPES}.sheet"
SHEET_NAME = 31  # characters at most
# Characters that XML cannot carry, and those a sheet's name may not have.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
UNNAMEABLE = re.compile(r"[\[\]:*?/\\']")


def workbook(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a header; None is an empty cell."""
    sheet = "".join(_row(cells) for cells in (header, *rows))
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{_sheet_name(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        ),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, HEAD + content)
    return written.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _row(cells: Sequence[object]) -> str:
    return f"<row>{''.join(_cell(cell) for cell in cells)}</row>"


def _cell(cell: object) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"<c><v>{cell!r}</v></c>"
    words = escape(UNWRITABLE.sub("", str(cell)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _sheet_name(name: str) -> str:
    return escape(UNNAMEABLE.sub(" ", name)[:SHEET_NAME], {'"': "&quot;"})
