"""A rule is kept only if it can speak, its history is only added to, a trial changes nothing."""

import pytest
from sqlalchemy.exc import DBAPIError

from contactcenter import stretches
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Priority
from contactcenter.triage import queries, rulebook, trials
from contactcenter.triage.models import RuleAct, RuleVersion, TriageRule, TrialChange

pytestmark = pytest.mark.usefixtures("in_centre")

EMPTY = dict.fromkeys(rulebook.CONTENT) | {"name": "Expulsions", "words": [], "sets": {}}
HIGH = {"sets": {"priority": "high"}}


def content(**more):
    return {**EMPTY, **HIGH, **more}


def added(world, **more):
    with transaction():
        return rulebook.add(content(**more), by=world.manager)


def opened(world, text="", **more):
    with transaction():
        return tickets.open_ticket(
            more.pop("subject", "Question"),
            text=text,
            channel=Channel.EMAIL,
            language="fr",
            site_id=world.site_id,
            queue_id=world.written_queue_id,
            **more,
        )


def refused(world, **more):
    with pytest.raises(Invalid) as problem:
        rulebook.add(content(**more), by=world.manager)
    return problem.value.field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"sets": {}}, "sets_topic_id"),
        ({"words": ["loyer", "😀"]}, "words"),
        ({"words": ["\u200f…"]}, "words"),
        ({"words": [f"mot{n}" for n in range(201)]}, "words"),
        ({"sender_domain": "pas un domaine"}, "sender_domain"),
        ({"sender_domain": "commune.example", "channel": "letter"}, "sender_domain"),
        ({"language": "nl", "sets": {"language": "nl"}}, "sets_language"),
        ({"sets": {"queue_id": 999_999}}, "sets_topic_id"),
        ({"topic_id": 999_999}, "sets_topic_id"),
    ],
)
def test_a_rule_that_can_never_do_anything_is_refused_beside_its_field(world, wrong, field):
    assert refused(world, **wrong) == field


def test_a_rule_cannot_turn_one_topic_into_another(world):
    assert (
        refused(world, topic_id=world.topic_id, sets={"topic_id": world.topic_id})
        == "sets_topic_id"
    )


def test_two_rules_that_send_requests_to_each_other_are_refused(world):
    added(world, name="Vers le néerlandais", language="fr", sets={"language": "nl"})
    assert refused(world, language="nl", sets={"language": "fr"}) == "sets_language"


def test_two_rules_of_one_name_are_refused(world):
    added(world)
    assert refused(world, name="EXPULSIONS") == "name"


def test_every_act_leaves_a_version_with_who_and_when(world):
    rule = added(world)
    with transaction():
        rulebook.change(rule, content(words=["expulsion"]), seen=1, by=world.agent)
        rulebook.stop(rule, by=world.manager)
        rulebook.remove(rule, by=world.manager)
    history = db.session.scalars(queries.versions(rule.id)).all()
    assert [version.act for version in reversed(history)] == [
        RuleAct.ADDED,
        RuleAct.CHANGED,
        RuleAct.STOPPED,
        RuleAct.REMOVED,
    ]
    assert history[2].person_id == world.agent.id


def test_a_rule_returns_to_an_earlier_version(world):
    rule = added(world, words=["expulsion"])
    with transaction():
        rulebook.change(rule, content(words=["loyer"]), seen=1, by=world.manager)
        rulebook.remove(rule, by=world.manager)
    with transaction():
        rulebook.return_to(rule, 1, by=world.manager)
    assert (rule.words, rule.removed_at) == (["expulsion"], None)


def test_a_rule_of_the_installation_returns_to_what_it_was_before_its_first_change(world):
    with transaction():
        rule = TriageRule(
            centre_id=world.centre_id, position=1, is_active=True, **content(words=["expulsion"])
        )
        db.session.add(rule)
    with transaction():
        rulebook.change(rule, content(words=["loyer"]), seen=0, by=world.manager)
    with transaction():
        rulebook.return_to(rule, 1, by=world.manager)
    assert rule.words == ["expulsion"]


def test_a_rule_a_colleague_changed_is_not_overwritten(world):
    rule = added(world)
    with transaction():
        rulebook.change(rule, content(words=["loyer"]), seen=1, by=world.agent)
    with pytest.raises(Conflict):
        rulebook.change(rule, content(words=["avis"]), seen=1, by=world.manager)


def test_the_history_is_never_changed(world):
    added(world)
    with pytest.raises(DBAPIError, match="only ever added to"), transaction():
        db.session.execute(db.update(RuleVersion).values(number=9))


def test_a_rule_moves_one_place_and_stays_at_the_end(world):
    first, second = added(world), added(world, name="Seconde")
    with transaction():
        rulebook.move(second, up=True, by=world.manager)
        rulebook.move(second, up=True, by=world.manager)
    assert db.session.scalars(queries.listed_rules()).all() == [second, first]


def test_a_word_is_found_by_its_stem_in_each_language(world):
    added(world, words=["expulser", "uithuiszetting", "evictions", "Kündigung"])
    for text in ("Ils m’expulsent demain", "twee uithuiszettingen", "eviction", "Kündigungen"):
        assert opened(world, text).priority is Priority.HIGH, text


def test_a_stem_too_short_to_tell_is_no_match(world):
    added(world, words=["taxe"])
    assert opened(world, "Je prends un taxi").priority is Priority.NORMAL


def test_rules_ask_for_the_language_the_sender_and_whether_they_came_before(world):
    from contactcenter.citizens import actions as citizens

    added(
        world,
        language="nl",
        sender_domain="commune.example",
        citizen_known=True,
    )
    with transaction():
        citizen = citizens.create(name="Léa Orme", email="lea@mairie.commune.example")
    text = "Ik kan niet langskomen en ik heb een vraag voor u"
    assert opened(world, text, citizen_id=citizen.id).priority is Priority.NORMAL
    assert opened(world, text, citizen_id=citizen.id).priority is Priority.HIGH
    assert opened(world, "Bonjour", citizen_id=citizen.id).priority is Priority.NORMAL


def test_a_rule_whose_topic_has_gone_is_silent_about_it_only(world):
    with transaction():
        topic = Topic(code="x", organisation_id=world.partner_id, label={"fr": "Autre"})
        db.session.add(topic)
    added(world, sets={"topic_id": topic.id, "priority": "high"})
    with transaction():
        topic.is_active = False
    ticket = opened(world, "Bonjour")
    assert (ticket.topic_id, ticket.priority) == (None, Priority.HIGH)


def test_a_trial_says_what_would_change_and_changes_nothing(world):
    hit, other = opened(world, "On parle d’expulsion"), opened(world, "Bonjour")
    with transaction():
        trial = trials.begin(content(words=["expulsion"]), None, by=world.manager)
    (change,) = db.session.scalars(queries.changes_of(trial)).all()
    assert (trial.total, trial.looked_at, trial.matched, trial.changed) == (2, 2, 1, 1)
    assert (change.ticket_id, change.before, change.after) == (hit.id, "normal", "high")
    assert {hit.priority, other.priority} == {Priority.NORMAL}


def test_a_trial_of_a_known_rule_compares_it_with_what_it_is(world):
    rule = added(world, words=["expulsion"])
    opened(world, "On parle d’expulsion")
    with transaction():
        trial = trials.begin(content(words=["loyer"]), rule, by=world.manager)
    (change,) = db.session.scalars(queries.changes_of(trial)).all()
    assert (change.before, change.after) == ("high", "normal")


def test_a_long_trial_goes_on_in_the_workers_and_counts_each_request_once(
    world, worker, monkeypatch
):
    monkeypatch.setattr(stretches, "AT_ONCE", 1)
    monkeypatch.setattr(stretches, "STRETCH", 2)
    for _number in range(5):
        opened(world, "expulsion")
    with transaction():
        trial_id = trials.begin(content(words=["expulsion"]), None, by=world.manager).id
    worker.run_all()
    with transaction():
        trials.WALK.go_on(trial_id, 1)  # a doorbell that rings twice
    db.session.expire_all()
    trial = db.session.scalar(queries.trial(trial_id))
    assert (trial.looked_at, trial.changed) == (5, 5)
    assert trial.finished_at is not None


def test_a_trial_keeps_a_bounded_list_and_counts_all(world, monkeypatch):
    monkeypatch.setattr(trials, "MOST_CHANGES", 2)
    for _number in range(4):
        opened(world, "expulsion")
    with transaction():
        trial = trials.begin(content(words=["expulsion"]), None, by=world.manager)
    kept = db.session.scalars(db.select(TrialChange)).all()
    assert (trial.changed, len(kept)) == (4, 2)
