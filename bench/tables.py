"""Short tables on the terminal."""

from dataclasses import dataclass, field


@dataclass
class Table:
    title: str
    columns: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)

    def row(self, *cells: object) -> None:
        self.rows.append([_said(cell) for cell in cells])

    def print(self, *notes: str) -> None:
        lines = [list(self.columns), *self.rows]
        widths = [max(len(line[n]) for line in lines) for n in range(len(self.columns))]
        print(f"\n{self.title}")
        for line in lines:
            first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            print("  " + "  ".join((line[0].ljust(len(first)), *others)).rstrip())
        for note in notes:
            print(f"  {note}")


def _said(cell: object) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
