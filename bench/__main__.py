"""python -m bench [--quick] [--million] [--copy HOME] [BENCH...]

Measures a product of its own: fresh, on free ports, without traffic. Nothing fails on a time.
"""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from bench import (
    chromium,
    figures,
    keys,
    ladder,
    memory,
    pages,
    product,
    routing,
    screens,
    staffing,
    tickets,
)
from bench.product import Product

SIZES = (10_000, 100_000)

Bench = Callable[[Product], None]

# In the order of what they leave behind: the later ones fill the database.
FULL: dict[str, Bench] = {
    "staffing": lambda running: staffing.bench(running, times=15),
    "memory": lambda running: memory.bench(running, seconds=20),
    "screens": lambda running: screens.bench(running, times=20, followers=199),
    "routing": lambda running: routing.bench(running, (500, 5_000), 100_000, times=200),
    "tickets": lambda running: tickets.bench(running, seconds=10),
    "figures": lambda running: figures.bench(running, 100_000, times=7),
    "ladder": lambda running: ladder.bench(running, ladder.FULL),
    "pages": lambda running: pages.bench(running, SIZES, seconds=8),
    "keys": lambda running: keys.bench(running, times=20),
}
MILLION: dict[str, Bench] = FULL | {
    "pages": lambda running: pages.bench(running, (*SIZES, 1_000_000), seconds=8),
}
QUICK: dict[str, Bench] = {
    "staffing": lambda running: staffing.bench(running, times=1),
    "memory": lambda running: memory.bench(running, seconds=1),
    "screens": lambda running: screens.bench(running, 1, followers=9, program=chromium.SHELL),
    "routing": lambda running: routing.bench(running, (100, 200), 100, times=5, askers=1),
    "tickets": lambda running: tickets.bench(running, seconds=0.1, warm_up=0.1, clients=(1, 2)),
    "figures": lambda running: figures.bench(running, 500, times=1),
    "ladder": lambda running: ladder.bench(running, ladder.QUICK),
    "pages": lambda running: pages.bench(running, (100, 200), seconds=0.05, warm_up=1),
    "keys": lambda running: keys.bench(
        running, times=1, chosen=keys.KEYS[-2:], warm_up=0, program=chromium.SHELL
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short and small: does it work")
    parser.add_argument(
        "--million",
        action="store_true",
        help="pages among a million requests too (20 minutes, 12 GB)",
    )
    parser.add_argument(
        "--copy",
        type=Path,
        metavar="HOME",
        help="begin with a copy of this home, whose servers rest, instead of an empty one",
    )
    parser.add_argument("chosen", nargs="*", choices=[*FULL, []], metavar="BENCH")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    _tell_machine()
    run(QUICK if asked.quick else MILLION if asked.million else FULL, asked.chosen, asked.copy)


def run(benches: dict[str, Bench], chosen: Sequence[str] = (), copied: Path | None = None) -> None:
    with product.running(copied=copied) as running:
        for name, bench in benches.items():
            if not chosen or name in chosen:
                bench(running)


def _tell_machine() -> None:
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    if load > 0.5:
        print(f"Others are at work here (load {load:.1f}): times are worse than they need be.")


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit("Ended before its time.")  # the product is stopped on the way out


if __name__ == "__main__":
    main()
