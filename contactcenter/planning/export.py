"""The staffing of a day as a table for a spreadsheet, without anything a spreadsheet would run."""

import csv
import io

from flask_babel import gettext as _

from contactcenter.languages import zone
from contactcenter.planning.staffing_days import StaffingDay
from contactcenter.spreadsheets import harmless


def staffing_csv(shown: StaffingDay) -> str:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Jour"),
            _("Début"),
            _("Personnes attendues"),
            _("Au moins (9 fois sur 10)"),
            _("Au plus (9 fois sur 10)"),
            _("Venues"),
            _("Agents nécessaires"),
            _("Agents pour être sûr"),
            _("Agents prévus"),
            _("Risque de manquer l’objectif"),
            _("Abandon attendu"),
            _("Servis à temps"),
            _("Occupation"),
        ]
    )
    for each in shown.half_hours:
        found = each.found
        cells = (
            shown.day.isoformat(),
            each.begins.astimezone(zone()).strftime("%H:%M"),
            round(each.expected.mean, 2),
            each.expected.low,
            each.expected.high,
            each.came,
            each.needed,
            each.sure,
            each.planned,
            _share(each.missing),
            _share(found.p_abandon if found else None),
            _share(found.service_level if found else None),
            _share(found.occupancy if found else None),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return "\ufeff" + written.getvalue()


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
