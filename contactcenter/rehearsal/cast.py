"""Who plays: the demo's own people, read from its catalogue as data."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent.parent / "demo" / "catalogue"

# Whoever looks at the demo signs in as one of these: nobody acts in their place.
LEFT_ALONE = frozenset(
    {
        "admin@centre.example",
        "manager@centre.example",
        "agent@centre.example",
        "referent@dgfip.example",
        "referent@caf.example",
    }
)
# Their organisations leave some questions to them.
LEFT_QUESTIONS = {"lead@dgfip.example": 3, "lead@caf.example": 3}


@dataclass(frozen=True)
class Clerk:
    email: str
    site: str


@dataclass(frozen=True)
class Expert:
    """`leaves` is how many open questions they leave to somebody else."""

    email: str
    leaves: int = 0


@dataclass(frozen=True)
class Cast:
    clerks: Sequence[Clerk]
    writers: Sequence[str]
    speakers: Sequence[str]
    experts: Sequence[Expert]
    mailboxes: Sequence[str]
    number: str


def read_cast(centre: str) -> Cast:
    """The people of a demo centre by what they do, as the first place they serve tells."""
    plan = tomllib.loads((CATALOGUE / f"{centre}.toml").read_text())
    kinds = {site["name"]: site["kind"] for site in plan["sites"]}
    agents = list(_players(plan, "agent"))
    return Cast(
        clerks=[Clerk(who["email"], place) for who, place in _at(agents, kinds, "post_office")],
        writers=[who["email"] for who, _place in _at(agents, kinds, "mail_room")],
        speakers=[who["email"] for who, _place in _at(agents, kinds, "call_centre")],
        experts=list(_experts(plan)),
        mailboxes=[box["address"] for box in plan["mailboxes"]],
        number=plan["lines"][0]["number"],
    )


def _players(plan: dict[str, Any], role: str) -> Iterator[dict[str, Any]]:
    return (
        person
        for person in plan["persons"]
        if person["role"] == role and person["email"] not in LEFT_ALONE
    )


def _at(
    agents: Sequence[dict[str, Any]], kinds: dict[str, str], kind: str
) -> Iterator[tuple[dict[str, Any], str]]:
    for agent in agents:
        place = agent["serves"][0]
        if kinds.get(place) == kind:
            yield agent, place


def _experts(plan: dict[str, Any]) -> Iterator[Expert]:
    """One of each partner: who serves it, or its lead where the other one is left alone."""
    for person in _players(plan, "referent"):
        if person["email"] in LEFT_QUESTIONS:
            yield Expert(person["email"], LEFT_QUESTIONS[person["email"]])
        elif not person.get("leads"):
            yield Expert(person["email"])
