"""Parquet files: what a reader that follows the format finds in them."""

import gzip
from datetime import UTC, datetime
from struct import unpack_from

from contactcenter.reports.parquet import MOMENT, NUMBER, WHOLE, WORDS, parquet
from tests.scene import make_scene

COLUMNS = [("who", WORDS), ("count", WHOLE), ("mean", NUMBER), ("at", MOMENT)]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Thrift:
    """The compact protocol, as far as these files use it."""

    def __init__(self, data, at):
        self.data, self.at = data, at

    def number(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def value(self, kind):
        if kind in (5, 6):
            zigzag = self.number()
            return (zigzag >> 1) ^ -(zigzag & 1)
        if kind == 8:
            size = self.number()
            self.at += size
            return self.data[self.at - size : self.at].decode()
        if kind == 9:
            first = self.data[self.at]
            self.at += 1
            size = first >> 4 if first >> 4 < 15 else self.number()
            return [self.value(first & 15) for _each in range(size)]
        return self.struct()

    def struct(self):
        fields, number = {}, 0
        while head := self.data[self.at]:
            self.at += 1
            number += head >> 4
            fields[number] = self.value(head & 15)
        self.at += 1
        return fields


def read(data):
    """Columns by name."""
    assert data[:4] == data[-4:] == b"PAR1"
    size = unpack_from("<I", data, len(data) - 8)[0]
    footer = Thrift(data, len(data) - 8 - size).struct()
    return {
        chunk[3][3][0]: _column(data, chunk[3], footer[3])
        for group in footer[4]
        for chunk in group[1]
    }


def _column(data, about, count):
    reader = Thrift(data, about[9])
    header = reader.struct()
    content = gzip.decompress(data[reader.at : reader.at + header[3]])
    assert (len(content), header[5][1]) == (header[2], count)
    runs, there = Thrift(content[4 : 4 + unpack_from("<I", content)[0]], 0), []
    while runs.at < len(runs.data):
        length = runs.number() >> 1
        there += [bool(runs.data[runs.at])] * length
        runs.at += 1
    at, values = 4 + len(runs.data), []
    for is_there in there:
        if not is_there:
            values.append(None)
        elif about[1] == 6:
            length = unpack_from("<I", content, at)[0]
            values.append(content[at + 4 : at + 4 + length].decode())
            at += 4 + length
        else:
            values.append(unpack_from("<q" if about[1] == 2 else "<d", content, at)[0])
            at += 8
    return values


def test_what_is_written_is_read_again_with_what_is_missing():
    rows = [("Éva", 3, 1.5, AT), (None, -1, None, None), ("=1+1", None, 0.0, AT)]
    assert read(parquet(COLUMNS, rows)) == {
        "who": ["Éva", None, "=1+1"],
        "count": [3, -1, None],
        "mean": [1.5, None, 0.0],
        "at": [int(AT.timestamp() * 1e6), None, int(AT.timestamp() * 1e6)],
    }


def test_a_table_of_many_columns_and_rows_is_whole():
    columns = [(f"c{number}", WHOLE) for number in range(20)]
    rows = [tuple(range(at, at + 20)) for at in range(1000)]
    assert read(parquet(columns, rows))["c19"] == list(range(19, 1019))


def test_a_table_without_rows_has_its_columns():
    assert read(parquet(COLUMNS, [])) == {name: [] for name, _kind in COLUMNS}


def test_a_report_and_the_visits_behind_it_are_taken_away(app, sign_in, world):
    make_scene(app, world)
    manager = sign_in(world.manager)
    report = read(manager.get("/reports/table.parquet").data)
    assert report["by"][0] == "Période"
    assert report["offered"][0] >= 2
    visits = read(manager.get(f"/board/queues/{world.phone_queue_id}/day.parquet").data)
    assert len(visits["visit"]) == 2
    assert set(visits["channel"]) == {"phone"}
