"""By which way each citizen is told: their own first, a machine before a person."""

import pytest

from contactcenter.incidents.models import Way
from contactcenter.incidents.rules import Reachable, way_of
from contactcenter.tickets.models import Channel

MAIL, PHONE, HOME = "a@citoyens.example", "+33639980011", "1 rue d’Essai"


@pytest.mark.parametrize(
    ("who", "way"),
    [
        (Reachable(Channel.EMAIL, email=MAIL, phone=PHONE, wants_texts=True), Way.EMAIL),
        (Reachable(Channel.WEB, email=MAIL, phone=PHONE, wants_texts=True), Way.SMS),
        (Reachable(Channel.WEB, email=MAIL, phone=PHONE), Way.EMAIL),
        (Reachable(Channel.SMS, phone=PHONE), Way.SMS),
        (Reachable(Channel.LETTER, email=MAIL, address=HOME), Way.LETTER),
        (Reachable(Channel.LETTER, phone=PHONE), Way.CALL),
        (Reachable(Channel.COUNTER, email=MAIL, phone=PHONE), Way.EMAIL),
        (Reachable(Channel.PHONE, phone=PHONE, wants_texts=True), Way.SMS),
        (Reachable(Channel.PHONE, phone=PHONE, address=HOME), Way.CALL),
        (Reachable(Channel.COUNTER, address=HOME), Way.LETTER),
        (Reachable(Channel.COUNTER), Way.NONE),
    ],
)
def test_each_is_told_by_their_own_way_and_called_only_where_nothing_else_reaches_them(who, way):
    assert way_of(who) is way
