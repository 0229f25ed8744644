"""What the tests of questions are about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    ticket_id: int
    reference: str
    papers: list[int]
    mandate_id: int
