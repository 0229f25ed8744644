"""Which requests were accepted, so that they can be looked for afterwards."""

import json
import threading
from collections import Counter
from pathlib import Path


class Ledger:
    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._writing = threading.Lock()
        self.counts: Counter[str] = Counter()

    def accepted(self, door: str, key: str) -> None:
        """Note what a door has said it accepted; the key finds it again in the centre."""
        with self._writing:
            self.counts[door] += 1
            if self._path is not None:
                with self._path.open("a") as lines:
                    lines.write(json.dumps({"door": door, "key": key}) + "\n")
