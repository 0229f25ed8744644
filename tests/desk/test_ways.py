"""By which way a reply leaves."""

import pytest

from contactcenter.citizens.models import Citizen
from contactcenter.replies.ways import Way, way_of_reply
from contactcenter.tickets.models import Channel, Ticket

NOBODY = None
REACHED = Citizen(name="A", email="a@exemple.example", phone="+33199001234")
NAMED = Citizen(name="A")


@pytest.mark.parametrize(
    ("channel", "citizen", "way"),
    [
        (Channel.EMAIL, REACHED, Way.EMAIL),
        (Channel.WEB, REACHED, Way.EMAIL),
        (Channel.API, REACHED, Way.EMAIL),
        (Channel.EMAIL, NAMED, Way.NONE),
        (Channel.WEB, NOBODY, Way.NONE),
        (Channel.LETTER, NOBODY, Way.LETTER),
        (Channel.SMS, REACHED, Way.SMS),
        (Channel.SMS, NAMED, Way.NONE),
        (Channel.COUNTER, REACHED, Way.SAID),
        (Channel.PHONE, NOBODY, Way.SAID),
    ],
)
def test_a_reply_leaves_by_the_way_the_request_came(channel, citizen, way):
    assert way_of_reply(Ticket(channel=channel), citizen) is way
