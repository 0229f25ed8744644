"""Who is on duty, and what is asked of them live."""

import re
from zoneinfo import ZoneInfo

from contactcenter import clock as the_clock
from contactcenter.accounts.models import Membership, Person
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation import duty
from contactcenter.escalation.models import Referral
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus
from tests.conftest import MovableClock, SignIn
from tests.escalation.matter import Matter
from tests.factories import World

FRAGMENT = {"HX-Request": "true"}


def on_duty(
    app: ContactCenter,
    world: World,
    *,
    team_id: int | None = None,
    person: Person | None = None,
) -> None:
    person = person or world.referent
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.add(
            DutyShift(
                team_id=team_id or world.team_id,
                person_id=person.id,
                weekday=0,
                from_minute=9 * 60,
                to_minute=11 * 60 + 30,
            )
        )
        presence.choose(person, ChosenStatus.READY)


def test_the_form_says_who_is_on_duty_now(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn
) -> None:
    on_duty(app, world)
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert "En direct maintenant\u00a0: Referent Essai" in page


def test_who_is_on_duty_is_asked_live_from_the_form_by_the_key_of_the_requests_page(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn
) -> None:
    agent = sign_in(world.agent)
    new = f"/tickets/{matter.reference}/referrals/new"
    assert "/live-questions" not in agent.get(new).text
    on_duty(app, world)
    for page in (agent.get(new).text, agent.get(f"/tickets/{matter.reference}/referrals").text):
        assert f'action="/tickets/{matter.reference}/live-questions"' in page
        assert re.search(r'aria-keyshortcuts="d".*?Demander en direct', page, re.DOTALL)


def test_a_live_question_is_one_key_and_goes_without_identity_unless_allowed(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn, seen
) -> None:
    on_duty(app, world)
    agent = sign_in(world.agent)
    panel = agent.get(f"/tickets/{matter.reference}/referrals", headers=FRAGMENT).text
    assert 'aria-keyshortcuts="d"' in panel
    answer = agent.post(
        f"/tickets/{matter.reference}/live-questions",
        data={"team": world.other_team_id},
        headers=FRAGMENT,
    )
    assert answer.status_code == 200
    [referral] = seen(Referral)
    assert (referral.is_live, referral.mandate_id) == (True, None)
    assert referral.question == "Avis d’impôt"


def test_who_is_on_duty_for_other_topics_is_not_offered(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn
) -> None:
    on_duty(app, world, team_id=world.other_team_id, person=world.other_referent)
    agent = sign_in(world.agent)
    panel = f"/tickets/{matter.reference}/referrals"
    assert "/live-questions" not in agent.get(panel).text + agent.get(f"{panel}/new").text
    assert "En direct maintenant" in agent.get(f"{panel}/new").text


def test_a_team_that_is_being_asked_live_is_not_offered_again(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn
) -> None:
    on_duty(app, world)
    agent = sign_in(world.agent)
    asked = {"team": world.team_id}
    agent.post(f"/tickets/{matter.reference}/live-questions", data=asked)
    page = agent.get(f"/tickets/{matter.reference}").text
    assert "interroge un expert en direct" in page
    assert "/live-questions" not in page


def test_the_expert_says_whether_live_questions_are_welcome(
    app: ContactCenter, world: World, sign_in: SignIn
) -> None:
    on_duty(app, world)
    referent = sign_in(world.referent)
    assert "Répond en direct jusqu’à 11\u00a0h\u00a030" in referent.get("/referrals").text
    referent.post("/referrals/availability", data={"status": "offline"})
    assert "Répondre en direct" in referent.get("/referrals").text


def test_on_duty_is_told_in_the_teams_own_time(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    on_duty(app, world)
    clock.advance(hours=1, minutes=29)  # 11:29 in Paris
    agent = sign_in(world.agent)
    url = f"/tickets/{matter.reference}/referrals"
    assert "Demander en direct" in agent.get(url, headers=FRAGMENT).text
    clock.advance(minutes=1)
    assert "Demander en direct" not in agent.get(url, headers=FRAGMENT).text
    assert the_clock.now() == clock.time


def test_on_duty_is_only_who_still_serves_the_team(
    app: ContactCenter, matter: Matter, world: World, sign_in: SignIn
) -> None:
    on_duty(app, world)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        other = Team(name="Recouvrement", organisation_id=world.partner_id, email="r@part.example")
        other.timezone, other.country = "Europe/Paris", "FR"
        db.session.add(other)
        db.session.flush()
        moved = db.update(Membership).where(Membership.person_id == world.referent.id)
        db.session.execute(moved.values(team_id=other.id))
    agent = sign_in(world.agent)
    url = f"/tickets/{matter.reference}/referrals"
    assert "Demander en direct" not in agent.get(url, headers=FRAGMENT).text
    assert "Répond en direct jusqu’à" not in sign_in(world.referent).get("/referrals").text


def test_duty_ends_at_lunch_and_is_none_on_a_holiday(
    app: ContactCenter, world: World, clock: MovableClock
) -> None:
    on_duty(app, world)
    with app.app_context(), within(Scope(world.centre_id)):
        shift = db.session.scalars(db.select(DutyShift)).one()
        shift.to_minute = 15 * 60  # the team goes to lunch at noon
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        person = db.session.get_one(Person, (world.centre_id, world.referent.id))

        def until() -> str:
            [there] = duty.on_duty([team], [(shift, person)], the_clock.now())[team.id]
            return there.until.astimezone(ZoneInfo(team.timezone)).strftime("%H:%M")

        assert until() == "12:00"
        clock.advance(hours=2, minutes=15)  # 12:15
        assert duty.on_duty([team], [(shift, person)], the_clock.now()) == {}
        clock.advance(hours=1, minutes=30)  # 13:45
        assert until() == "15:00"
        team.hours = team.hours | {"closed_on": [the_clock.now().date().isoformat()]}
        assert duty.on_duty([team], [(shift, person)], the_clock.now()) == {}
        db.session.rollback()
