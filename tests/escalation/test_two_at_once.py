"""Two people, two connections, the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, run_sweeps, transaction
from contactcenter.errors import Conflict
from contactcenter.escalation import actions
from contactcenter.escalation.models import Pressing, Referral
from contactcenter.notices.models import Notice
from contactcenter.queues.models import Visit
from tests.conftest import MovableClock
from tests.factories import World

ROUNDS = 5


def test_two_who_take_at_once_are_one_winner_and_one_who_is_told(
    asked: Referral, world: World, app: ContactCenter
) -> None:
    referral_id = asked.id
    db.session.rollback()
    together = Barrier(2)

    def take(person: Person) -> str:
        with app.app_context(), within(person.scope):
            try:
                with transaction():
                    together.wait(5)
                    actions.take(actions.lock(referral_id, person=person), by=person)
            except Conflict as told:
                return str(told)
        return "taken"

    with ThreadPoolExecutor(2) as people:
        said = list(people.map(take, (world.referent, world.lead)))
    winner = world.referent if said[0] == "taken" else world.lead
    assert sorted(said) == sorted(["taken", f"{winner.name} l’a déjà prise."])
    assert db.session.get_one(Referral, (world.centre_id, referral_id)).taken_by == winner.id
    assert (
        len(db.session.scalars(db.select(Visit).where(Visit.referral_id == referral_id)).all()) == 1
    )


def test_several_sweepers_at_once_press_once(
    asked: Referral, world: World, app: ContactCenter, clock: MovableClock
) -> None:
    db.session.rollback()
    clock.advance(days=2)
    together = Barrier(4)

    def look(_number: int) -> None:
        with app.app_context():
            together.wait(5)
            for _ in range(ROUNDS):
                run_sweeps(world.centre_id)

    with ThreadPoolExecutor(4) as sweepers:
        list(sweepers.map(look, range(4)))
    with within(Scope(world.centre_id)):
        assert len(db.session.scalars(db.select(Pressing)).all()) == 1
        ladder = db.select(Notice).where(Notice.kind == "ladder")
        assert len(db.session.scalars(ladder).all()) == 1
