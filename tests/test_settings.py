"""Where the product says that it is."""

import json
import os

import pytest

from config import Settings

GONE = 2**22 + 1  # beyond the numbers that Linux gives to processes


@pytest.fixture
def usual(monkeypatch, tmp_path):
    monkeypatch.delenv("PUBLIC_BASE_URL", raising=False)

    def read(**note):
        if note:
            (tmp_path / "run.json").write_text(json.dumps(note))
        return Settings(contactcenter_home=tmp_path)

    return read


def test_a_command_finds_the_address_of_the_product_that_runs(usual):
    settings = usual(process=os.getpid(), address="http://127.0.0.1:8123")
    assert settings.public_base_url == "http://127.0.0.1:8123"
    assert settings.knows_its_address


def test_a_note_that_a_killed_run_left_is_not_believed(usual):
    settings = usual(process=GONE, address="http://127.0.0.1:8123")
    assert settings.public_base_url == "http://127.0.0.1:8000"
    assert not settings.knows_its_address


def test_without_a_note_the_address_is_only_supposed(usual):
    assert not usual().knows_its_address


def test_a_given_address_wins(usual, monkeypatch):
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://centre.example")
    assert usual(process=1, address="http://127.0.0.1:1").public_base_url.endswith("centre.example")
