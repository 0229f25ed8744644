"""The pages of the directory, used as an administrator uses them."""

from datetime import date

import pytest
from flask_babel import force_locale
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Form

from contactcenter.administration.entries import KINDS
from contactcenter.administration.fields import HoursField
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Line, Site, Team, Topic, TopicTeam
from contactcenter.edge import transaction
from contactcenter.escalation.models import LadderStep, Press
from contactcenter.escalation.staffing_models import Absence, DutyShift
from contactcenter.events import EventRecord
from contactcenter.languages import LANGUAGES
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.routing_models import Skill
from contactcenter.teamwork.models import Tag


@pytest.fixture
def admin(sign_in, world):
    return sign_in(world.administrator)


@pytest.fixture(autouse=True)
def follow_up(app, world, other_world):
    """Each centre has a step of a ladder, a shift, a tag, and somebody who is away."""
    for each in (world, other_world):
        with app.app_context(), within(Scope(each.centre_id)), transaction():
            db.session.add(LadderStep(after_minutes=-90, press=Press.TEAM))
            db.session.add(
                DutyShift(
                    team_id=each.team_id,
                    person_id=each.referent.id,
                    weekday=0,
                    from_minute=540,
                    to_minute=1440,
                )
            )
            away = {"from_on": date(2026, 8, 3), "to_on": date(2026, 8, 21)}
            db.session.add(Absence(person_id=each.referent.id, **away))
            db.session.add(Tag(name="Presse"))
            db.session.add(Skill(name="Titres de séjour"))


@pytest.fixture
def kept(app, world):
    """Read back one row of the centre."""

    def read(table, **values):
        with app.app_context(), within(Scope(world.centre_id)):
            statement = select(table).where(table.centre_id == world.centre_id)
            return db.session.scalars(statement.filter_by(**values)).one_or_none()

    return read


def site_form(**values):
    return {
        "name": "Mairie neuve",
        "kind": "town_hall",
        "address": "1 rue Neuve",
        "hours": "lundi-jeudi: 09:00-12:00, 13:30-17:00\n"
        "24/12/2026: 09:00-12:00\n02/11/2026: fermé",
        "timezone": "Europe/Paris",
        "country": "FR",
        "region": "",
        **values,
    }


def topic_form(world, **values):
    return {
        "code": "dgfip.neuf",
        "label": ["Taxe neuve", "Nieuwe belasting", "New tax", "Neue Steuer"],
        "organisation_id": world.partner_id,
        "papers": ["Avis\nPièce d’identité", "", "", ""],
        "synonyms": ["", "", "", ""],
        "price_cents": "12,50",
        "target_minutes": "480",
        "queue_id": "",
        "first_team": world.other_team_id,
        "second_team": world.team_id,
        "third_team": "",
        "source_url": "https://impots.example/",
        "verified_on": "2026-11-02",
        "is_active": "y",
        **values,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_list_and_an_empty_form(admin, kind):
    assert admin.get(f"/directory/{kind}").status_code == 200
    assert admin.get(f"/directory/{kind}/new").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_is_shown_again_with_what_is_missing(admin, kind):
    answer = admin.post(f"/directory/{kind}", data={})
    assert answer.status_code == 422
    assert "Ce champ est nécessaire." in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_kept_without_a_change_is_the_same_and_leaves_no_trace(app, admin, world, kind):
    of = KINDS[kind]
    with app.app_context(), within(Scope(world.centre_id)):
        where = [of.model.centre_id == world.centre_id, *of.only]
        entry = db.session.scalars(select(of.model).where(*where).limit(1)).one()
        before = {c.name: getattr(entry, c.name) for c in of.model.__table__.columns}
    data = sent_by(admin.get(f"/directory/{kind}/{entry.id}").text)
    answer = admin.post(f"/directory/{kind}/{entry.id}", data=data)
    assert answer.status_code == 303, answer.text
    with app.app_context(), within(Scope(world.centre_id)):
        again = db.session.get_one(of.model, (world.centre_id, entry.id))
        after = {c.name: getattr(again, c.name) for c in of.model.__table__.columns}
        assert after == before
        history = select(EventRecord).filter_by(kind="DirectoryChanged")
        assert db.session.scalars(history).all() == []


def sent_by(page):
    """What a browser sends for the main form of the page, unchanged."""
    form = LexborHTMLParser(page).css_first("form.form")
    data = {}
    for field in form.css("input, textarea, select"):
        name, kind = field.attributes.get("name"), field.attributes.get("type")
        if kind == "checkbox" and "checked" not in field.attributes:
            continue
        if field.tag == "select":
            chosen = field.css_first("option[selected]") or field.css_first("option")
            value = chosen.attributes.get("value") or ""
        elif field.tag == "textarea":
            value = field.text()
        else:
            value = field.attributes.get("value") or ""
        data.setdefault(name, []).append(value)
    return data


def test_a_new_site_keeps_its_hours_and_its_days_apart(admin, kept):
    assert admin.post("/directory/sites", data=site_form()).status_code == 303
    site = kept(Site, name="Mairie neuve")
    assert site.hours["weekly"]["0"] == [["09:00", "12:00"], ["13:30", "17:00"]]
    assert "4" not in site.hours["weekly"]
    assert site.hours["extra"] == {"2026-12-24": [["09:00", "12:00"]]}
    assert site.hours["closed_on"] == ["2026-11-02"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"hours": "lundi: 9h-25h"}, "n’est pas une heure"),
        ({"hours": "jourdi: 9h-10h"}, "n’est pas un jour"),
        ({"hours": "lundi: 9h-12h\nlundi: 13h-14h"}, "deux fois"),
        ({"hours": "31/11/2026: fermé"}, "n’est pas une date"),
        ({"timezone": "Mars/Cydonia"}, "Ce fuseau n’existe pas"),
        ({"region": "XYZ"}, "Aucun jour férié"),
        ({"name": "Bureau d’essai"}, "Une autre entrée le porte déjà"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(admin, kept, values, words):
    answer = admin.post("/directory/sites", data=site_form(**values))
    assert answer.status_code == 422
    assert words in answer.text
    assert "1 rue Neuve" in answer.text
    assert kept(Site, address="1 rue Neuve") is None


def test_a_day_written_twice_is_named_in_the_language_of_the_reader(app):
    class Place(Form):
        hours = HoursField()

    twice = MultiDict({"hours": "montag: 9h-12h\nmontag: 13h-14h"})
    with app.test_request_context(), force_locale("de"):
        form = Place(formdata=twice)
        assert not form.validate()
        assert "montag" in form.hours.errors[0].lower()


def test_a_topic_has_its_words_papers_price_and_teams_in_order(app, admin, world, kept):
    answer = admin.post("/directory/topics", data=topic_form(world))
    assert answer.status_code == 303, answer.text
    topic = kept(Topic, code="dgfip.neuf")
    assert set(topic.label) == set(LANGUAGES)
    assert topic.papers == {"fr": ["Avis", "Pièce d’identité"]}
    assert (topic.price_cents, topic.queue_id) == (1250, None)
    with app.app_context(), within(Scope(world.centre_id)):
        ranked = select(TopicTeam.team_id).filter_by(topic_id=topic.id).order_by(TopicTeam.rank)
        assert db.session.scalars(ranked).all() == [world.other_team_id, world.team_id]
    page = admin.get(f"/directory/topics/{topic.id}").text
    assert "12,50" in page
    assert 'value="2026-11-02"' in page


@pytest.mark.parametrize("price", ["-1", "abc", "NaN", "0,001", "1e99"])
def test_a_price_is_a_sum_of_money(admin, world, price):
    answer = admin.post("/directory/topics", data=topic_form(world, price_cents=price))
    assert answer.status_code == 422


def test_a_topic_needs_its_name_in_french(admin, world):
    data = topic_form(world, label=["", "Nieuwe belasting", "", ""])
    answer = admin.post("/directory/topics", data=data)
    assert answer.status_code == 422
    assert "au moins le français" in answer.text


def test_a_line_keeps_its_menu_in_the_order_of_its_keys(admin, world, kept):
    line = kept(Line)
    data = sent_by(admin.get(f"/directory/lines/{line.id}").text)
    data |= {
        "menu-0-digit": "2", "menu-0-queue_id": world.phone_queue_id,
        "menu-0-words": ["autre", "", "", ""],
        "menu-1-digit": "1", "menu-1-queue_id": world.phone_queue_id,
        "menu-1-topic_id": world.topic_id, "menu-1-words": ["impôts", "belastingen", "", ""],
    }  # fmt: skip
    answer = admin.post(f"/directory/lines/{line.id}", data=data)
    assert answer.status_code == 303, answer.text
    menu = kept(Line).menu
    assert [choice["digit"] for choice in menu] == ["1", "2"]
    assert menu[0]["topic_id"] == world.topic_id
    assert menu[0]["label"] == {"fr": "impôts", "nl": "belastingen"}
    assert 'value="belastingen"' in admin.get(f"/directory/lines/{line.id}").text


def test_a_key_of_a_menu_serves_once(admin, world, kept):
    line = kept(Line)
    data = sent_by(admin.get(f"/directory/lines/{line.id}").text)
    for row in (0, 1):
        data |= {
            f"menu-{row}-digit": "1",
            f"menu-{row}-queue_id": world.phone_queue_id,
            f"menu-{row}-words": ["impôts", "", "", ""],
        }
    answer = admin.post(f"/directory/lines/{line.id}", data=data)
    assert answer.status_code == 422
    assert "ne sert qu’une fois" in answer.text


def test_the_kind_of_a_queue_does_not_change_once_it_is_there(admin, world, kept):
    address = f"/directory/queues/{world.counter_queue_id}"
    data = sent_by(admin.get(address).text) | {"kind": "written", "threshold_seconds": "300"}
    assert admin.post(address, data=data).status_code == 303
    queue = kept(Queue, id=world.counter_queue_id)
    assert (queue.kind, queue.threshold_seconds) == (QueueKind.COUNTER, 300)


def queue_form(world, **values):
    return {
        "name": "Accueil",
        "kind": "counter",
        "site_id": world.site_id,
        "letter": "A",
        "threshold_seconds": "600",
        "short_seconds": "60",
        "is_active": "y",
        **values,
    }


def test_the_queue_that_has_the_letter_is_named(admin, world):
    answer = admin.post("/directory/queues", data=queue_form(world))
    assert answer.status_code == 422
    assert "La file Guichet donne déjà cette lettre dans ce lieu." in answer.text


@pytest.mark.parametrize("other", ["letter", "site_id", "kind"])
def test_a_letter_serves_again_where_it_can_be_told_apart(admin, world, other):
    value = {"letter": "B", "site_id": world.other_site_id, "kind": "written"}[other]
    answer = admin.post("/directory/queues", data=queue_form(world, **{other: value}))
    assert answer.status_code == 303, answer.text


def test_letters_have_no_places_to_run_out_of(admin, world):
    form = queue_form(world, name="Lettres", kind="written", capacity="40")
    answer = admin.post("/directory/queues", data=form)
    assert answer.status_code == 422
    assert "n’a pas de places" in answer.text


def test_the_queues_of_a_team_are_not_edited_by_hand(admin, world):
    assert admin.get(f"/directory/queues/{world.referral_queue_id}").status_code == 404


def test_a_team_shows_who_is_in_it_and_who_leads(admin, world):
    page = admin.get(f"/directory/teams/{world.team_id}").text
    assert world.referent.name in page
    assert "Mène l’équipe" in page


def test_a_change_is_kept_in_the_history_by_field_and_not_by_content(app, admin, world, kept):
    team = kept(Team, id=world.team_id)
    data = sent_by(admin.get(f"/directory/teams/{team.id}").text) | {"email": "neuf@x.example"}
    admin.post(f"/directory/teams/{team.id}", data=data)
    with app.app_context(), within(Scope(world.centre_id)):
        change = db.session.scalars(select(EventRecord).filter_by(kind="DirectoryChanged")).one()
        assert change.person_id == world.administrator.id
        assert change.ticket_id is None
        assert change.detail["changed"] == ["email"]
        assert "neuf@x.example" not in str(change.detail)


@pytest.mark.parametrize("kind", KINDS)
def test_the_entries_of_another_centre_do_not_exist(app, admin, other_world, kind):
    of = KINDS[kind]
    with app.app_context(), within(Scope(other_world.centre_id)):
        where = [of.model.centre_id == other_world.centre_id, *of.only]
        theirs = db.session.scalars(select(of.model.id).where(*where).limit(1)).one()
    address = f"/directory/{kind}/{theirs}"
    assert admin.get(address).status_code == 404
    assert admin.post(address, data={"name": "à moi"}).status_code == 404


def test_an_entry_cannot_point_into_another_centre(admin, other_world):
    data = {"name": "9", "site_id": other_world.site_id}
    assert admin.post("/directory/counters", data=data).status_code == 422


def test_a_step_is_told_in_words_and_can_be_taken_away(app, admin, world, kept):
    page = admin.get("/directory/ladder").text
    assert "1 h 30 d’ouverture avant l’échéance" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "Toute l’équipe" in page
    address = f"/directory/ladder/{kept(LadderStep).id}"
    assert "Retirer cette entrée" in admin.get(address).text
    assert admin.post(f"{address}/removal").status_code == 303
    assert kept(LadderStep) is None


def test_a_step_of_one_topic_is_kept(admin, world, kept):
    data = {
        "organisation_id": world.partner_id,
        "topic_id": world.topic_id,
        "after_minutes": "60",
        "press": "lead",
    }
    assert admin.post("/directory/ladder", data=data).status_code == 303
    step = kept(LadderStep, topic_id=world.topic_id)
    assert (step.organisation_id, step.after_minutes, step.press) == (
        world.partner_id,
        60,
        Press.LEAD,
    )


def duty_form(world, **values):
    return {
        "team_id": world.team_id,
        "person_id": world.referent.id,
        "weekday": "3",
        "from_minute": "09:30",
        "to_minute": "12:00",
        **values,
    }


def test_a_shift_is_kept_in_the_time_of_its_team(admin, world, kept):
    assert admin.post("/directory/duty", data=duty_form(world)).status_code == 303
    shift = kept(DutyShift, weekday=3)
    assert (shift.from_minute, shift.to_minute) == (570, 720)
    assert "jeudi, 09:30 à 12:00" in admin.get("/directory/duty").text
    form = admin.get("/directory/duty/new").text
    assert form.index("lundi") < form.index("dimanche")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"to_minute": "09:00"}, "Écrire une fin après le début."),
        ({"from_minute": "neuf"}, "Écrire une heure"),
        ({"person_id": "other_referent"}, "Cette personne n’est pas de cette équipe."),
    ],
)
def test_a_shift_that_cannot_be_is_refused_beside_its_field(admin, world, values, words):
    if "person_id" in values:
        values = {"person_id": getattr(world, values["person_id"]).id}
    answer = admin.post("/directory/duty", data=duty_form(world, **values))
    assert answer.status_code == 422
    assert words in answer.text


def test_what_other_entries_name_cannot_be_taken_away(admin, world):
    assert admin.post(f"/directory/sites/{world.site_id}/removal").status_code == 404


def test_a_kind_that_does_not_exist_is_not_found(admin):
    assert admin.get("/directory/secrets").status_code == 404
