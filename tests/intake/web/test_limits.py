"""Programs that fill in the form are kept out; people who share an address are not."""

import pytest

from contactcenter.db import db
from contactcenter.intake.web import forms, limits
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.tickets.models import Ticket


def _send(visitor, number: int, **more: object) -> int:
    return visitor.send(text=f"Demande {number}.", **more).status_code


def _flood(visitor) -> None:
    for number in range(limits.OF_ADDRESS):
        assert _send(visitor, number) == 303


def test_who_fills_in_the_hidden_field_is_a_program(visitor, rows):
    assert visitor.send(remarks="https://spam.example").status_code == 422
    assert rows(db.select(Ticket)) == []
    refused = rows(db.select(Receipt).where(Receipt.door == Door.WEB))[0]
    assert (refused.fate, refused.problem) == (Fate.REJECTED, "hidden field filled in")


def test_a_program_that_fills_in_the_hidden_field_again_and_again_leaves_one_trace(visitor, rows):
    form = visitor.open()
    for _time in range(3):
        visitor.send(form, remarks="https://spam.example")
    assert len(rows(db.select(Receipt).where(Receipt.door == Door.WEB))) == 1


def test_what_comes_after_the_bound_is_not_read(visitor, monkeypatch):
    monkeypatch.setattr(limits, "OF_ADDRESS", 0)
    monkeypatch.setattr(forms, "read_uploads", lambda _files: pytest.fail("read before the bound"))
    assert visitor.send(text="Une de trop.").status_code == 429


def test_a_form_sent_sooner_than_one_can_read_it_is_shown_again(visitor, clock, rows):
    form = visitor.open()
    answer = visitor.send(form)
    assert answer.status_code == 422
    assert "Je n’ai pas reçu mon avis" in answer.text
    clock.advance(seconds=4)
    assert visitor.send(form).status_code == 303


@pytest.mark.parametrize("wrong", [{"text": ""}, {}])
def test_a_form_corrected_at_once_is_not_judged_by_its_haste(visitor, wrong):
    refused = visitor.send(visitor.open(), **wrong)
    assert refused.status_code == 422
    assert visitor.send(visitor.hidden(refused)).status_code == 303


def test_a_form_sent_again_by_mistake_after_a_correction_is_one_request(visitor, rows):
    again = visitor.hidden(visitor.send(visitor.open(), text=""))
    for _ in range(2):
        assert visitor.send(again).status_code == 303
    assert len(rows(db.select(Ticket))) == 1


@pytest.mark.parametrize("token", ["", "made up", "WyJhIiwxXQ.xxxx"])
def test_a_form_that_is_not_ours_is_shown_again(visitor, rows, token):
    assert visitor.send(token=token).status_code == 422
    assert rows(db.select(Ticket)) == []


def test_many_forms_from_one_address_are_slowed_and_kept_on_the_page(visitor, rows):
    _flood(visitor)
    answer = visitor.send(text="Une de trop.")
    assert answer.status_code == 429
    assert "Une de trop." in answer.text
    assert len(rows(db.select(Ticket))) == limits.OF_ADDRESS


def test_a_flood_leaves_one_trace_an_hour(visitor, rows):
    _flood(visitor)
    for number in range(3):
        _send(visitor, 1000 + number)
    refused = rows(db.select(Receipt).where(Receipt.fate == Fate.REJECTED))
    assert [receipt.problem for receipt in refused] == ["too many from one address or network"]


def test_who_takes_their_time_is_heard_beside_a_flood(visitor, clock):
    _flood(visitor)
    form = visitor.open()
    clock.advance(seconds=limits.UNHURRIED_SECONDS)
    assert visitor.send(form, text="Je viens de la mairie.").status_code == 303


def test_the_next_hour_begins_anew(visitor, clock):
    _flood(visitor)
    clock.advance(hours=1)
    assert _send(visitor, 99) == 303


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:12:34::1", "2001:db8:12::/48"),
        ("not an address", ""),
    ],
)
def test_the_network_of_an_address(address, network):
    assert limits.network_of(address) == network
