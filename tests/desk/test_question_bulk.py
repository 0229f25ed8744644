"""Acts of an expert on many questions, and the list they are chosen from."""

import re

import pytest

from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import asking, listing
from contactcenter.escalation.models import Mandate, Referral, ReferralMessage, ReferralStatus
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from contactcenter.worklists.models import BulkAct
from contactcenter.worklists.queries import still_handed

WORDS = ("Première", "Deuxième", "Troisième")


@pytest.fixture
def ids(app, world, matter):
    """Three questions for the team, in the order of the list."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.get(matter.ticket_id)
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        return [asking.ask(ticket, team, question=words, by=world.agent).id for words in WORDS]


@pytest.fixture
def referent(world, sign_in):
    return sign_in(world.referent)


@pytest.fixture
def act(referent, worker):
    """Begin an act, let it be done, and give its address and page."""

    def done(name, ticked, browser=referent, **sent):
        answer = browser.post("/referrals/bulk", data={"act": name, "id": ticked} | sent)
        assert answer.status_code == 303, answer.text
        worker.run_all()
        return answer.location, browser.get(answer.location).text

    return done


@pytest.fixture
def rows_of(app, world):
    def rows(model):
        with app.app_context(), within(Scope(world.centre_id)):
            return list(db.session.scalars(db.select(model).order_by(model.id)))

    return rows


@pytest.fixture
def stored(rows_of):
    return lambda: rows_of(Referral)


def test_many_are_taken_at_once_and_given_back(ids, act, referent, worker, stored, rows_of, world):
    address, page = act("take", ids)
    assert "3 questions changées" in page
    assert {each.taken_by for each in stored()} == {world.referent.id}
    due = [each.due_at for each in stored()]
    answer = referent.post(f"{address}/undoing")
    worker.run_all()
    assert "3 questions changées" in referent.get(answer.location).text
    assert {(each.taken_by, each.status) for each in stored()} == {(None, ReferralStatus.SENT)}
    assert [each.due_at for each in stored()] == due
    [why] = {each.reason for each in rows_of(BulkAct) if each.reverses_id}
    assert "« Prendre les questions »" in why.replace("\xa0", " ").replace("\u202f", " ")


def test_what_a_colleague_has_stays_theirs_and_the_page_says_so(ids, act, sign_in, world, stored):
    sign_in(world.lead).post(f"/referrals/{ids[0]}/taking")
    _address, page = act("take", ids)
    assert "2 questions changées" in page
    assert "Une laissée telle quelle" in page
    assert "Première" in page
    assert stored()[0].taken_by == world.lead.id


def test_many_are_handed_to_a_colleague_and_back_unless_something_came_between(
    ids, act, referent, sign_in, worker, world, stored
):
    address, page = act("hand", ids, to=world.lead.id, hand_words="Pour vous.")
    assert "3 questions changées" in page
    assert {each.taken_by for each in stored()} == {world.lead.id}
    sign_in(world.lead).post(f"/referrals/{ids[1]}/answers", data={"text": "Oui."})
    answer = referent.post(f"{address}/undoing")
    worker.run_all()
    assert "quelqu’un l’a changée depuis" in referent.get(answer.location).text
    assert [each.status for each in stored()] == [
        ReferralStatus.SENT,
        ReferralStatus.ANSWERED,
        ReferralStatus.SENT,
    ]


def test_one_letter_tells_of_all_that_was_handed_and_is_still_open(
    ids, worker, world, rows_of, referent
):
    sent = {"act": "hand", "id": ids, "to": world.lead.id, "hand_words": "Mme Lambertin insiste."}
    assert referent.post("/referrals/bulk", data=sent).status_code == 303
    worker.run_all()
    [notice] = [each for each in rows_of(Notice) if each.kind == "referral_handed"]
    assert (notice.to_address, notice.subject[0]) == (world.lead.email, "3")
    assert "/referrals?whose=mine" in notice.body


def test_the_letter_counts_only_what_may_be_seen(ids, act, world, app):
    act("hand", ids, to=world.lead.id, hand_words="")
    with app.app_context(), within(Scope(world.centre_id)):
        handed = still_handed(db.session.scalars(db.select(BulkAct)).one(), world.lead.id)
        assert db.session.execute(handed).one()[0] == 3
        db.session.scalars(db.select(Mandate)).one().topic_ids = [0]
        assert db.session.execute(handed).one()[0] == 0


def test_the_words_for_a_colleague_do_not_go_into_the_record_of_the_centre(
    ids, act, world, rows_of
):
    act("hand", ids, to=world.lead.id, hand_words="Mme Lambertin insiste.")
    reasons = {each.reason for each in rows_of(EventRecord) if each.kind == "ReferralHandedOn"}
    assert len(reasons) == 1
    assert reasons.pop().startswith("action groupée")
    kept = [each.text for each in rows_of(ReferralMessage) if each.kind == "handed"]
    assert all("Mme Lambertin insiste." in each for each in kept)


def opened(browser, referral_id):
    browser.get(f"/referrals/{referral_id}")


def written_by_an_expert(browser, referral_id):
    browser.post(f"/referrals/{referral_id}/notes", data={"text": "Vu avec la direction."})


@pytest.mark.parametrize("touch", [opened, written_by_an_expert])
def test_what_the_colleague_went_on_with_is_not_taken_from_them(
    touch, ids, act, referent, sign_in, worker, world, stored, clock
):
    address, _page = act("hand", ids, to=world.lead.id)
    clock.advance(minutes=1)
    touch(sign_in(world.lead), ids[1])
    referent.post(f"{address}/undoing")
    worker.run_all()
    assert [each.taken_by for each in stored()] == [None, world.lead.id, None]


def test_a_precision_that_came_meanwhile_keeps_a_question_where_it_is(
    ids, act, referent, sign_in, worker, world, stored, clock
):
    address, _page = act("take", ids)
    clock.advance(minutes=1)
    precision = f"/referrals/{ids[2]}/precisions"
    sent = sign_in(world.agent).post(precision, data={"text": "De mars."})
    assert sent.status_code == 303
    referent.post(f"{address}/undoing")
    worker.run_all()
    assert [each.taken_by for each in stored()] == [None, None, world.referent.id]


@pytest.mark.parametrize("sent", [{"name": "take"}, {"name": "refuse", "code": "other"}])
def test_who_is_there_is_left_out_of_acts_on_many(
    app, ids, act, referent, stored, world, matter, sent
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.get(matter.ticket_id)
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        live = asking.ask(ticket, team, question="Là ?", by=world.agent, is_live=True).id
    assert f'name="id" value="{live}"' not in referent.get("/referrals").text
    _address, page = act(ticked=[ids[0], live], refuse_words="Non.", **sent)
    assert "Une question changée" in page
    assert (stored()[-1].taken_by, stored()[-1].status) == (None, ReferralStatus.SENT)


def test_many_are_refused_with_one_code_and_that_cannot_be_undone(ids, act, referent, stored):
    address, page = act("refuse", ids, code="not_our_field", refuse_words="Voyez la Caf.")
    assert "Un refus ne s’annule pas" in page
    assert {(e.status, e.refusal) for e in stored()} == {(ReferralStatus.REFUSED, "not_our_field")}
    assert referent.post(f"{address}/undoing").status_code == 409


@pytest.mark.parametrize(
    "sent", [{"act": "hand"}, {"act": "refuse", "code": "other"}, {"act": "refuse"}]
)
def test_what_is_missing_is_asked_for_and_what_was_chosen_stays(ids, referent, sent):
    page = referent.post("/referrals/bulk", data={"id": ids} | sent)
    assert page.status_code == 422
    assert f'name="ids" value="{" ".join(map(str, ids))}"' in page.text


def test_all_of_a_narrowed_list_is_meant_and_no_more(ids, act, referent, sign_in, world, stored):
    sign_in(world.lead).post(f"/referrals/{ids[2]}/taking")
    page = referent.get("/referrals/bulk/new?all=1&whose=nobody").text
    assert "2 questions choisies" in page
    act("hand", [], ids=shown_ids(page), to=world.lead.id)
    assert {each.taken_by for each in stored()} == {world.lead.id}


def shown_ids(page):
    return re.search(r'name="ids" value="([^"]*)"', page)[1]


def test_what_arrives_after_the_page_was_made_is_not_refused_unread(
    app, ids, act, referent, world, stored, matter
):
    page = referent.get("/referrals/bulk/new?all=1").text
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.get(matter.ticket_id)
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        asking.ask(ticket, team, question="Arrivée depuis ?", by=world.agent)
    sent = {"ids": shown_ids(page), "all": "open"}
    act("refuse", [], code="other", refuse_words="Voyez la Caf.", **sent)
    assert [each.status for each in stored()] == ["refused"] * 3 + ["sent"]


def test_the_list_leads_back_to_ones_own_acts_and_their_way_back(
    ids, act, referent, sign_in, world
):
    address, _page = act("take", ids)
    assert 'href="/referrals/bulk"' in referent.get("/referrals").text
    assert f'href="{address}"' in referent.get("/referrals/bulk").text
    assert "Aucune action groupée" in sign_in(world.lead).get("/referrals/bulk").text


def test_another_organisation_chooses_none_of_ours_and_sees_no_act_of_ours(
    ids, act, sign_in, world, stored
):
    other = sign_in(world.other_referent)
    assert "Aucune question choisie" in other.get(f"/referrals/bulk/new?id={ids[0]}").text
    assert other.post("/referrals/bulk", data={"act": "take", "id": ids}).status_code == 422
    address, _page = act("take", ids[:1])
    assert other.get(address).status_code == 404
    assert sign_in(world.lead).get(address).status_code == 404  # nor does a colleague


def test_who_has_left_since_changes_nothing_more(app, ids, referent, worker, world, stored):
    answer = referent.post("/referrals/bulk", data={"act": "take", "id": ids})
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        left = db.session.get_one(Person, (world.centre_id, world.referent.id))
        accounts.disable(left, by=world.administrator)
    worker.run_all()
    assert answer.status_code == 303
    assert {each.taken_by for each in stored()} == {None}


def test_filters_stand_in_the_address_are_counted_and_stay_beside_the_open_question(
    ids, referent, sign_in, world
):
    referent.post(f"/referrals/{ids[0]}/taking")
    sign_in(world.lead).post(
        f"/referrals/{ids[1]}/precision-requests", data={"text": "Quelle année ?"}
    )
    mine = referent.get("/referrals?whose=mine").text
    assert "Première" in mine
    assert "Deuxième" not in mine
    assert f'href="/referrals/{ids[0]}?whose=mine"' in mine
    assert "Troisième" in referent.get("/referrals?whose=nobody").text
    back = referent.get("/referrals?state=asked_back").text
    assert "Deuxième" in back
    assert "Troisième" not in back
    beside = referent.get(f"/referrals/{ids[0]}?whose=mine").text
    assert "Troisième" not in beside
    answered = referent.post(f"/referrals/{ids[0]}/answers?whose=mine", data={"text": "Oui."})
    assert answered.location == "/referrals?whose=mine"
    assert "Rien avec ces filtres" in referent.get(answered.location).text


def test_what_was_handed_to_me_and_not_opened_comes_first_of_mine(ids, referent, sign_in, world):
    for each in ids:
        referent.post(f"/referrals/{each}/taking")
    lead = sign_in(world.lead)
    lead.post(f"/referrals/{ids[2]}/handing", data={"to": world.lead.id})
    lead.post(f"/referrals/{ids[2]}/handing", data={"to": world.referent.id})
    page = referent.get("/referrals?whose=mine").text
    assert page.index("Troisième") < page.index("Première")
    referent.get(f"/referrals/{ids[2]}")
    page = referent.get("/referrals?whose=mine").text
    assert page.index("Première") < page.index("Troisième")


def test_a_page_goes_on_below_the_last_even_once_that_one_is_closed(ids, referent, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    first = referent.get("/referrals").text
    assert f"after={ids[1]}" in first
    referent.post(f"/referrals/{ids[1]}/answers", data={"text": "Oui."})
    page = referent.get(f"/referrals?after={ids[1]}").text
    open_ones = page.split('class="closed"')[0]
    assert "Troisième" in open_ones
    assert "Première" not in open_ones


def test_a_question_without_identity_tells_no_topic_to_filter_by(app, ids, matter, world, referent):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.get(matter.ticket_id)
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        asking.ask(ticket, team, question="Sans nom", by=world.agent, without_identity=True)
    page = referent.get(f"/referrals?topic={world.topic_id}").text
    assert "Première" in page
    assert "Sans nom" not in page
