"""What everything costs while nobody does anything."""

import time
from collections import Counter

from bench.machine import Groups, cpu_of, name, pss_megabytes, tree
from bench.product import Product
from bench.tables import Table

SETTLE_SECONDS = 5.0


def bench(product: Product, seconds: float) -> None:
    groups = Groups.of(product)
    time.sleep(SETTLE_SECONDS)
    web, postgres, valkey = (
        set(tree(root)) for root in (groups.web, groups.postgres, groups.valkey)
    )
    parts = {
        "web": web,
        "launcher, workers, sweeper, mail door": set(tree(groups.launcher))
        - web
        - postgres
        - valkey,
        "PostgreSQL": postgres,
        "Valkey": valkey,
    }
    before = {part: cpu_of(pids) for part, pids in parts.items()}
    time.sleep(seconds)
    table = Table("Idle, without traffic", ("part", "processes", "PSS MB", "CPU % of a core"))
    for part, pids in parts.items():
        used = (cpu_of(pids) - before[part]) / seconds * 100
        table.row(part, len(pids), pss_megabytes(pids), used)
    everything = set.union(*parts.values())
    table.row("together", len(everything), pss_megabytes(everything), "")
    table.print("target: at most 450 MB together", _named(everything))


def _named(pids: set[int]) -> str:
    """Each kind of process with its memory, the largest first."""
    sizes: Counter[str] = Counter()
    for pid in pids:
        sizes[name(pid)] += round(pss_megabytes([pid]))
    return ", ".join(f"{kind} {size}" for kind, size in sizes.most_common())
