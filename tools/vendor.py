"""Fetch the files of others that we ship, check them, and write the icon sprite and THIRD_PARTY.md.

Run `python tools/vendor.py` after a change to static/vendor/vendor.toml. It needs npm; the product
does not.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LIST = VENDOR / "vendor.toml"
SPRITE = ROOT / "static" / "icons.svg"
SHAPES = ROOT / "tools" / "shapes.svg"
NOTICE = ROOT / "THIRD_PARTY.md"


class WrongFile(Exception):
    """A fetched file is not the one that was reviewed."""


@dataclass(frozen=True)
class Package:
    """One package of others: `files` maps its paths to the SHA-256 that was reviewed."""

    name: str
    version: str
    licence: str
    why: str
    files: Mapping[str, str]

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Sprite:
    """Which icons of which package make up static/icons.svg."""

    package: str
    icons: Sequence[str]
    sha256: str


def load() -> tuple[list[Package], Sprite]:
    listed: dict[str, Any] = tomllib.loads(LIST.read_text("utf-8"))
    return [Package(**entry) for entry in listed["package"]], Sprite(**listed["sprite"])


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shipped(packages: Sequence[Package]) -> Iterator[tuple[Path, str]]:
    """Every vendored file as it lies in the tree, with the hash it must have."""
    for package in packages:
        for path, expected in package.files.items():
            yield VENDOR / package.folder / Path(path).name, expected


def main() -> int:
    packages, sprite = load()
    with tempfile.TemporaryDirectory() as scratch:
        fetched = {package.name: _fetch(package, Path(scratch)) for package in packages}
        for package in packages:
            _copy(package, fetched[package.name])
        _write(SPRITE, _cut(sprite, fetched[sprite.package]), sprite.sha256)
    NOTICE.write_text(_notice(packages), "utf-8")
    return 0


def _fetch(package: Package, scratch: Path) -> Path:
    """Unpack the published package and return its folder."""
    wanted = f"{package.name}@{package.version}"
    npm = ["npm", "pack", "--silent", "--pack-destination", str(scratch), wanted]
    subprocess.run(npm, check=True, stdout=subprocess.DEVNULL, cwd=scratch)
    folder = scratch / package.folder
    with tarfile.open(scratch / f"{package.folder}.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _copy(package: Package, source: Path) -> None:
    for path, expected in package.files.items():
        target = VENDOR / package.folder / Path(path).name
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, (source / path).read_bytes(), expected)


def _write(target: Path, content: bytes, expected: str) -> None:
    if digest(content) != expected:
        raise WrongFile(f"{target.relative_to(ROOT)} has SHA-256 {digest(content)}")
    target.write_bytes(content)


def _cut(sprite: Sprite, source: Path) -> bytes:
    """One SVG of symbols: the icons of others, then our own shapes."""
    icons = source / "icons"
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    lines += ["<!-- Outline icons: Lucide. See THIRD_PARTY.md. -->"]
    lines += [_symbol(name, (icons / f"{name}.svg").read_text("utf-8")) for name in sprite.icons]
    lines += ["<!-- Shapes of the scale and the mark: ours. -->"]
    lines += SHAPES.read_text("utf-8").splitlines()[1:]
    return ("\n".join(lines) + "\n").encode()


def _symbol(name: str, icon: str) -> str:
    inner = re.search(r"<svg[^>]*>(.*)</svg>", icon, re.DOTALL)
    if inner is None:
        raise WrongFile(f"{name}.svg is not an icon")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner[1].split())}</symbol>'


def _notice(packages: Sequence[Package]) -> str:
    lines = [
        "# What others wrote and this program ships",
        "",
        "Written by `tools/vendor.py`; the texts of the licences lie beside the files.",
        "",
        "| name | version | licence | what for | text |",
        "|---|---|---|---|---|",
    ]
    lines += [_notice_line(package) for package in packages]
    return "\n".join(lines) + "\n"


def _notice_line(package: Package) -> str:
    text = f"static/vendor/{package.folder}/LICENSE"
    cells = (package.name, package.version, package.licence, package.why, f"[{text}]({text})")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
