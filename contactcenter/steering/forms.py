"""A protocol as an administrator writes it; what is wrong is said as a whole, nothing is kept."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from contactcenter.citizens.actions import country
from contactcenter.citizens.rules import e164
from contactcenter.errors import Invalid
from contactcenter.steering.models import Protocol, Trigger

NUMBERS = {"wrap_up_seconds": (0, 600), "kiosk_minutes": (1, 240)}
MOST_WORDS = 300  # a caller hears them before anything else


def fill(protocol: Protocol, written: Mapping[str, str], *, queue_ids: set[int]) -> None:
    """Put what was written into it. Raises Invalid with the field."""
    name = written.get("name", "").strip()
    if not name or len(name) > 80:
        raise Invalid(_("Donnez un nom au protocole, de 80 signes au plus."), "name")
    protocol.name = name
    protocol.queue_id = _one_of(written.get("queue", ""), queue_ids, "queue")
    try:
        protocol.level = Trigger(written.get("level", ""))
    except ValueError:
        raise Invalid(_("Choisissez un niveau."), "level") from None
    protocol.hold_minutes = _number(written.get("hold_minutes", ""), 0, 240, "hold_minutes")
    protocol.starts_by_rule = "starts_by_rule" in written
    protocol.actions = _actions(written, protocol.queue_id, queue_ids)


def _actions(written: Mapping[str, str], own: int, queue_ids: set[int]) -> dict[str, Any]:
    actions: dict[str, Any] = {}
    if written.get("lend_from"):
        actions["lend_from"] = _one_of(written["lend_from"], queue_ids - {own}, "lend_from")
    said = {
        name.removeprefix("announce-"): " ".join(words.split())[:MOST_WORDS]
        for name, words in written.items()
        if name.startswith("announce-") and words.strip()
    }
    if said:
        actions["announce"] = said
        if written.get("announce_as") == "instead":
            actions["replaces_menu"] = True
    actions |= _numbers(written)
    if "offer_callbacks" in written:
        actions["offer_callbacks"] = True
    if written.get("call_in", "").isdecimal():
        actions["call_in"] = [int(written["call_in"])]
    if written.get("text_to", "").strip():
        number = e164(written["text_to"], country())
        if number is None:
            raise Invalid(_("Écrivez le numéro entier, par exemple 06 39 98 12 34."), "text_to")
        actions["text_to"] = [number]
    if not actions:
        raise Invalid(_("Choisissez au moins une action."), "lend_from")
    return actions


def _numbers(written: Mapping[str, str]) -> dict[str, int]:
    return {
        name: _number(written[name], least, most, name)
        for name, (least, most) in NUMBERS.items()
        if written.get(name)
    }


def _one_of(written: str, allowed: set[int], field: str) -> int:
    if not written.isdecimal() or int(written) not in allowed:
        raise Invalid(_("Choisissez une file de la liste."), field)
    return int(written)


def _number(written: str, least: int, most: int, field: str) -> int:
    if not written.isdecimal() or not least <= int(written) <= most:
        raise Invalid(
            _("Écrivez un nombre de %(least)d à %(most)d.", least=least, most=most), field
        )
    return int(written)
