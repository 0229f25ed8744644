"""What others wrote lies in the tree exactly as it was reviewed."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_vendored_file_has_the_hash_that_was_reviewed(vendor):
    packages, sprite = vendor.load()
    expected = [*vendor.shipped(packages), (vendor.SPRITE, sprite.sha256)]
    found = [(path, vendor.digest(path.read_bytes())) for path, _hash in expected]
    assert found == expected


def test_no_file_lies_beside_them_unlisted(vendor):
    packages, _sprite = vendor.load()
    listed = {path for path, _hash in vendor.shipped(packages)} | {vendor.LIST}
    assert {path for path in vendor.VENDOR.rglob("*") if path.is_file()} == listed


def test_every_package_brings_its_licence_and_is_named_in_the_notice(vendor):
    packages, _sprite = vendor.load()
    notice = vendor.NOTICE.read_text("utf-8")
    for package in packages:
        assert (vendor.VENDOR / package.folder / "LICENSE").is_file()
        assert f"| {package.name} | {package.version} | {package.licence} |" in notice


def test_every_icon_a_template_names_is_in_the_sprite(vendor):
    sprite = set(re.findall(r'<symbol id="([^"]+)"', vendor.SPRITE.read_text("utf-8")))
    templates = (ROOT / "templates").rglob("*.html")
    used = {
        (path.name, name)
        for path in templates
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"', path.read_text("utf-8"))
    }
    assert {(path, name) for path, name in used if name not in sprite} == set()
