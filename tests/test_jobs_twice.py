"""Every job may run twice: the second time it changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from contactcenter import clock
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Mailbox
from contactcenter.edge import JOBS, transaction
from contactcenter.escalation import actions
from contactcenter.escalation.models import ReferralMessage, Side
from contactcenter.escalation.staffing_models import CoverageAlarm
from contactcenter.incidents.models import Incident
from contactcenter.notices.models import Notice, NoticeState
from contactcenter.tickets.models import Interaction, Ticket
from tests.factories import tables
from tests.intake.phone.conftest import operator as operator_fixture
from tests.scene import Scene, make_scene

NOT_STATE = {"outbox_messages", "live_changes"}  # what follows, which is safe to follow twice


def _first(model: Any, **values: Any) -> int:
    return int(db.session.scalars(db.select(model.id).filter_by(**values).limit(1)).one())


def _referral(scene: Scene) -> dict[str, Any]:
    return {"referral_id": scene.referral_id}


def _call(scene: Scene) -> dict[str, Any]:
    return {"call_id": scene.call_id}


def _leg(scene: Scene) -> dict[str, Any]:
    return {"call_id": scene.call_id, "leg": 1}


def _visit(scene: Scene) -> dict[str, Any]:
    return {"visit_id": scene.call_visit_id}


def _mandate(scene: Scene) -> dict[str, Any]:
    return {"mandate_id": scene.mandate_id}


def _booking(scene: Scene) -> dict[str, Any]:
    return {"booking_id": scene.booking_id}


def _nothing(_scene: Scene) -> dict[str, Any]:
    return {}


def _message(scene: Scene) -> dict[str, Any]:
    referral = actions.get(scene.referral_id)
    actions.note(referral, "À voir.", side=Side.REFERENT, by=scene.world.referent)
    db.session.flush()
    return {"message_id": _first(ReferralMessage)}


EXAMPLES: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "escalation.ask_approval": lambda scene: _referral(scene) | {"step": 1},
    "escalation.ask_invited": lambda scene: (
        _message(scene) | {"team_id": scene.world.other_team_id}
    ),
    "escalation.count_begun": _booking,
    "escalation.follow_ended": _booking,
    "escalation.look_after_left": _nothing,
    "escalation.pass_on_answer": _referral,
    "escalation.pass_on_side": _message,
    "escalation.route_on": _referral,
    "escalation.send_receipt": _mandate,
    "escalation.send_revocation": _mandate,
    "escalation.tell_booked": _booking,
    "escalation.tell_chased": _referral,
    "escalation.tell_citizen_answered": _referral,
    "escalation.tell_citizen_asked": _referral,
    "escalation.tell_citizen_ended": _referral,
    "escalation.tell_taker": _referral,
    "escalation.tell_colleague": lambda scene: {"referral_id": scene.referral_id},
    "escalation.tell_team": _referral,
    "escalation.try_ladder": lambda scene: {"trial_id": scene.ladder_trial_id, "next_id": 0},
    "escalation.warn_of_gap": lambda scene: {"alarm_id": _alarm(scene)},
    "incidents.tell": lambda scene: {"incident_id": _sent(scene)},
    "intake.ask_after": _call,
    "intake.bring_agent": _call,
    "intake.call_back": _leg,
    "intake.come_back": _visit,
    "intake.connect_expert": _visit,
    "intake.fetch_picture": lambda _scene: {
        "ticket_id": _first(Ticket),
        "interaction_id": _first(Interaction),
        "place": "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
    },
    "intake.hang_up": _call,
    "intake.look_for_agent": _call,
    "intake.let_go": lambda _scene: {"call_sid": "CA" + "0" * 32},
    "intake.move_caller": _call,
    "intake.offer_calls": _nothing,
    "intake.read_mail": lambda scene: {
        "receipt_id": scene.receipt_id,
        "mailbox_id": _first(Mailbox),
        "recipient": scene.world.mailbox,
    },
    "intake.ring_booking": _booking,
    "intake.send_on": _leg,
    "intake.set_hold": _call,
    "notices.send": lambda _scene: {"notice_id": _first(Notice, state=NoticeState.PENDING)},
    "planning.play_days": lambda scene: {"what_if_id": scene.what_if_id, "done": 0},
    "replies.release": lambda scene: {"held_id": scene.held_id},
    "triage.try_rule": lambda scene: {"trial_id": scene.trial_id, "next_id": 0},
    "worklists.run_bulk": lambda scene: {"bulk_id": scene.bulk_id},
    "worklists.tell_handed": lambda scene: {"bulk_id": scene.question_bulk_id},
}


def _sent(scene: Scene) -> int:
    incident = db.session.get_one(Incident, (scene.world.centre_id, scene.incident_id))
    incident.sent_by, incident.sent_at = scene.world.manager.id, clock.now()
    return incident.id


def _alarm(scene: Scene) -> int:
    alarm = CoverageAlarm(team_id=scene.world.team_id, raised_at=clock.now(), questions=1)
    db.session.add(alarm)
    db.session.flush()
    return alarm.id


def test_every_job_has_an_example():
    assert {name for name in JOBS if not name.startswith("tests.")} == set(EXAMPLES)


operator = operator_fixture


@pytest.mark.usefixtures("operator")
def test_a_job_that_runs_a_second_time_changes_nothing(app, world, owner):
    scene = make_scene(app, world)
    changing = []
    with app.app_context(), within(Scope(world.centre_id)):
        for name, example in EXAMPLES.items():
            with transaction():
                told = example(scene)
            for _time in range(2):
                before = _everything(owner)
                try:
                    with transaction():
                        errand = JOBS[name](**told)
                    if errand is not None:
                        errand()
                except Exception as error:
                    changing.append(f"{name}: {type(error).__name__} {error}"[:300])
            if changed := {row[0] for row in _everything(owner) - before}:
                changing.append(f"{name}: {changed}")
    assert changing == []


def _everything(owner: Engine) -> set[Any]:
    each = " UNION ALL ".join(
        f"SELECT '{table.name}', count(*), md5(string_agg(t::text, ';' ORDER BY t::text))"
        f" FROM {table.name} t"
        for table in tables()
        if table.name not in NOT_STATE
    )
    with owner.connect() as connection:
        return {tuple(row) for row in connection.execute(text(each))}
