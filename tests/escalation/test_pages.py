"""Both sides in a browser: forms, fragments, rights."""

import re
from datetime import UTC, datetime

import pytest

from contactcenter.edge import ContactCenter, run_sweeps
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.events import EventRecord
from tests.conftest import MovableClock, SignIn
from tests.escalation.matter import Matter, form
from tests.factories import World

FRAGMENT = {"HX-Request": "true"}


def test_the_agent_sees_in_the_panel_what_the_expert_did(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    url = f"/tickets/{matter.reference}/referrals"
    agent, referent = sign_in(world.agent), sign_in(world.referent)
    assert "Personne ne l’a prise" in agent.get(url, headers=FRAGMENT).text
    referent.post(f"/referrals/{asked_id}/taking")
    assert "Prise par Referent Essai" in agent.get(url, headers=FRAGMENT).text
    referent.post(f"/referrals/{asked_id}/answers", data={"text": "Oui, définitif."})
    panel = agent.get(url, headers=FRAGMENT).text
    assert "Oui, définitif." in panel
    assert "<!doctype" not in panel


def test_the_agent_gives_a_precision_chases_and_takes_back(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn, seen
) -> None:
    agent, referent = sign_in(world.agent), sign_in(world.referent)
    referent.post(f"/referrals/{asked_id}/precision-requests", data={"text": "Quelle année ?"})
    panel = agent.get(f"/tickets/{matter.reference}/referrals", headers=FRAGMENT).text
    assert "Quelle année ?" in panel
    for act, words in (("precisions", "2025"), ("chasings", ""), ("withdrawal", "Trouvé.")):
        answer = agent.post(f"/referrals/{asked_id}/{act}", data={"text": words})
        assert (answer.status_code, answer.location) == (303, f"/tickets/{matter.reference}")
    [referral] = seen(Referral)
    assert referral.status is ReferralStatus.WITHDRAWN
    assert "Question retirée" in agent.get(f"/tickets/{matter.reference}").text


def test_the_head_of_the_request_says_whose_move_the_question_is(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    def badges() -> str:
        page = sign_in(world.agent).get(f"/tickets/{matter.reference}").text
        return " ".join(re.findall(r'<span class="badge[^>]*>.*?</span>', page, re.S))

    assert "Chez un expert" in badges()
    clock.advance(days=6)
    assert "Expert en retard" in badges()
    sign_in(world.referent).post(
        f"/referrals/{asked_id}/precision-requests", data={"text": "Quelle année ?"}
    )
    assert "L’expert attend une précision" in badges()


def test_a_refused_question_is_asked_again_with_its_words(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    sign_in(world.referent).post(
        f"/referrals/{asked_id}/refusal", data={"code": "not_our_field", "text": "Voyez la Caf."}
    )
    agent = sign_in(world.agent)
    panel = agent.get(f"/tickets/{matter.reference}/referrals", headers=FRAGMENT).text
    assert "Voyez la Caf." in panel
    again = agent.get(f"/tickets/{matter.reference}/referrals/new?after={asked_id}").text
    assert "Cet avis est-il définitif ?" in again


def test_the_citizen_takes_the_permission_back_in_the_panel(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    agent = sign_in(world.agent)
    agent.post(f"/tickets/{matter.reference}/mandates/{matter.mandate_id}/revocation")
    assert sign_in(world.referent).get(f"/referrals/{asked_id}").status_code == 404


def test_the_expert_sees_first_name_initial_and_year_and_no_more_of_the_citizen(
    asked_id: int, world: World, sign_in: SignIn
) -> None:
    page = sign_in(world.referent).get(f"/referrals/{asked_id}").text
    assert "Josette L., né(e) en 1960" in page
    for secret in ("Lambertin", "citoyens.example", "Je ne comprends pas"):
        assert secret not in page


def test_the_list_puts_least_time_left_first_and_live_questions_before(
    app: ContactCenter, asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    agent, referent = sign_in(world.agent), sign_in(world.referent)
    agent.post(
        f"/tickets/{matter.reference}/referrals",
        data=form(
            world,
            question="Plus pressé",
            right_lost="Le versement du 24",
            right_lost_on="2026-11-23",
        ),
    )
    agent.post(
        f"/tickets/{matter.reference}/live-questions",
        data={"team": world.team_id, "question": "En direct"},
    )
    page = referent.get("/referrals").text
    order = [page.index(words) for words in ("En direct", "Le versement du 24", "Cet avis")]
    assert order == sorted(order)
    assert "un usager attend" in page
    assert "À commencer avant" in page


def test_a_team_that_is_closed_for_a_holiday_reads_which_it_is(
    world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    clock.time = datetime(2026, 12, 25, 10, tzinfo=UTC)
    page = sign_in(world.referent).get("/referrals").text
    assert "fermée aujourd’hui, Noël" in page


def test_an_empty_list_says_so(world: World, sign_in: SignIn) -> None:
    assert "Votre équipe est à jour." in sign_in(world.referent).get("/referrals").text


def test_a_paper_is_handed_out_as_a_download_and_its_reading_is_written_down(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn, seen
) -> None:
    paper = sign_in(world.referent).get(f"/referrals/{asked_id}/papers/{matter.papers[0]}")
    assert paper.data == b"%PDF-1.4 essai"
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert [e.kind for e in seen(EventRecord)].count("PaperRead") == 1


def test_a_paper_of_the_ticket_that_was_not_sent_along_does_not_exist(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    referent = sign_in(world.referent)
    assert referent.get(f"/referrals/{asked_id}/papers/{matter.papers[1]}").status_code == 404


def test_opening_a_question_is_written_down_once_a_day(
    asked_id: int, world: World, sign_in: SignIn, seen
) -> None:
    referent = sign_in(world.referent)
    for _ in range(3):
        referent.get(f"/referrals/{asked_id}")
    assert [e.kind for e in seen(EventRecord)].count("ReferralRead") == 1


@pytest.mark.parametrize("reply", ["answer", "precision", "refusal", "note"])
def test_each_kind_of_reply_has_its_address(
    asked_id: int, world: World, sign_in: SignIn, reply: str
) -> None:
    page = sign_in(world.referent).get(f"/referrals/{asked_id}?reply={reply}")
    assert page.status_code == 200
    assert page.text.count('class="button main"') == 1


@pytest.mark.parametrize("door", ["answers", "precision-requests", "refusal", "notes"])
def test_an_empty_reply_is_shown_again_with_what_to_do(
    asked_id: int, world: World, sign_in: SignIn, door: str
) -> None:
    answer = sign_in(world.referent).post(f"/referrals/{asked_id}/{door}", data={"text": " "})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_late_click_on_a_closed_question_is_a_conflict(
    asked_id: int, world: World, sign_in: SignIn
) -> None:
    refused = {"code": "other", "text": "Non."}
    sign_in(world.lead).post(f"/referrals/{asked_id}/refusal", data=refused)
    answer = sign_in(world.referent).post(f"/referrals/{asked_id}/answers", data={"text": "Oui"})
    assert answer.status_code == 409


def test_who_takes_second_is_told_who_was_first(
    asked_id: int, world: World, sign_in: SignIn
) -> None:
    sign_in(world.lead).post(f"/referrals/{asked_id}/taking")
    second = sign_in(world.referent).post(f"/referrals/{asked_id}/taking")
    assert second.status_code == 409
    assert "Lead Essai l’a déjà prise." in second.text


@pytest.mark.parametrize(
    "path",
    ["/referrals/999999", f"/referrals/{10**30}", "/referrals/1/papers/1", "/referrals/x"],
)
def test_what_does_not_exist_is_a_404(world: World, sign_in: SignIn, path: str) -> None:
    assert sign_in(world.referent).get(path).status_code == 404


def test_the_most_pressing_is_the_first_of_the_list_as_it_is_when_opened(
    matter: Matter, world: World, sign_in: SignIn, seen
) -> None:
    agent, referent = sign_in(world.agent), sign_in(world.referent)
    assert referent.get("/referrals/most-pressing").location == "/referrals"
    agent.post(f"/tickets/{matter.reference}/referrals", data=form(world))
    page = referent.get("/referrals").text
    agent.post(f"/tickets/{matter.reference}/live-questions", data=form(world, question="Là ?"))
    _asked, live = seen(Referral)
    assert live.is_live
    assert 'href="/referrals/most-pressing"' in page
    assert referent.get("/referrals/most-pressing").location == f"/referrals/{live.id}"


def test_an_agent_has_no_door_to_the_experts_side_and_the_reverse(
    asked_id: int, matter: Matter, world: World, sign_in: SignIn
) -> None:
    assert sign_in(world.agent).get(f"/referrals/{asked_id}").status_code == 403
    referent = sign_in(world.referent)
    assert referent.get(f"/tickets/{matter.reference}/referrals").status_code == 403
    assert referent.post(f"/referrals/{asked_id}/withdrawal").status_code == 403


@pytest.mark.parametrize("number", ["x", "-1", "999999", str(10**30)])
def test_numbers_nobody_has_are_no_server_error(
    matter: Matter, world: World, sign_in: SignIn, number: str
) -> None:
    agent, base = sign_in(world.agent), f"/tickets/{matter.reference}"
    assert agent.get(f"{base}/referrals/new?after={number}").status_code == 200
    asked = agent.post(f"{base}/live-questions", data={"team": number})
    assert asked.status_code in (404, 422)


@pytest.mark.parametrize("kind", ["referral", "referrals", "ticket"])
def test_a_topic_of_another_organisation_is_as_if_it_did_not_exist(
    asked: Referral, matter: Matter, world: World, sign_in: SignIn, kind: str
) -> None:
    numbers = {"referral": asked.id, "referrals": world.team_id, "ticket": matter.ticket_id}
    other = sign_in(world.other_referent)
    guessed = other.get(f"/live?topics={kind}:{numbers[kind]}")
    unknown = other.get(f"/live?topics={kind}:999999")
    assert (guessed.status_code, unknown.status_code) == (404, 404)
    assert len(guessed.data) == len(unknown.data)


def test_the_agent_reads_who_was_pressed_for_a_question_and_why(
    app: ContactCenter,
    asked_id: int,
    matter: Matter,
    world: World,
    sign_in: SignIn,
    clock: MovableClock,
) -> None:
    panel = f"/tickets/{matter.reference}/referrals"
    assert "Relancés pour cette question" not in sign_in(world.agent).get(panel).text
    clock.advance(days=2)
    with app.app_context():
        run_sweeps(world.centre_id)
    seen = sign_in(world.agent).get(panel).text
    pressed = seen[seen.index("Relancés pour cette question") :]
    assert f"Responsable de l’équipe, {world.lead.name} (en retard), aujourd’hui" in pressed


def test_a_manager_finds_the_pages_about_experts_from_the_board_and_by_name(
    world: World, sign_in: SignIn
) -> None:
    manager = sign_in(world.manager)
    assert 'href="/referrals/figures"' in manager.get("/board").text
    assert 'href="/coverage"' in manager.get("/referrals/figures").text
    assert 'href="/referrals/pressings"' in manager.get("/coverage").text
    assert 'href="/coverage"' in manager.get("/palette?q=couvre").text
    assert 'href="/coverage"' not in sign_in(world.agent).get("/palette?q=couvre").text
