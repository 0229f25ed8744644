"""A loop between two machines ends; a busy day of colleagues does not look like one."""

from collections import Counter

import pytest

from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.events import EventRecord
from contactcenter.notices import actions
from contactcenter.notices.models import Means


@pytest.fixture
def states(in_centre):
    def after(times, address):
        with transaction():
            written = [
                actions.write(
                    kind="referral_asked",
                    means=Means.EMAIL,
                    to_address=address,
                    body="Une question.",
                    language="fr",
                )
                for _time in range(times)
            ]
            return Counter(notice.state.value for notice in written)

    return after


def test_a_busy_expert_team_is_told_of_every_question(states, world):
    assert states(40, f"Equipe@dgfip-{world.code}.example") == {"pending": 40}


def test_a_person_of_the_centre_too(states, world):
    assert states(40, world.referent.email) == {"pending": 40}


def test_to_anybody_else_a_loop_ends_and_says_so(states):
    assert states(32, "robot@ailleurs.example") == {"pending": 30, "failed": 2}
    told = db.session.scalars(db.select(EventRecord).where(EventRecord.kind == "NoticeFailed"))
    assert len(told.all()) == 2


def test_a_loop_is_seen_however_its_address_is_written(states):
    assert states(20, "Robot@Ailleurs.example") == {"pending": 20}
    assert states(12, "robot@ailleurs.example") == {"pending": 10, "failed": 2}
