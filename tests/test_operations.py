"""Whether the installation lives, is ready, and what its sweeper does."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from config import Settings
from contactcenter import create_app, operations, outbox
from contactcenter.db import PARTNER_ROLE, Scope, db, within
from contactcenter.edge import JOBS, drain, transaction
from contactcenter.outbox import OutboxMessage


def test_it_lives(client):
    assert client.get("/healthz").json == {"alive": True}


def test_it_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json


def test_a_role_that_could_climb_the_walls_is_not_ready(settings, urls):
    owner = Settings(**settings.model_dump() | {"database_url": urls.migrator_database_url})
    app = create_app(owner)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["walls"] is False
    with app.app_context():
        db.engine.dispose()


def test_without_redis_it_is_not_ready_and_still_works(settings):
    app = create_app(Settings(**settings.model_dump() | {"redis_url": "redis://127.0.0.1:1/0"}))
    browser = app.test_client()
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/sign-in").status_code == 200
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("asked", [{}, {"HX-Request": "true"}])
def test_without_the_database_who_is_signed_in_is_told_to_come_back(asked, settings):
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    app = create_app(Settings(**settings.model_dump() | {"database_url": away}))
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = "a token of a living session"
    answer = browser.get("/tickets", headers=asked)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    with browser.session_transaction() as kept:
        assert "_user_id" in kept


def test_figures_for_monitoring_are_prometheus_text(client):
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    assert 'contactcenter_outbox_waiting{lane="urgent"}' in answer.text


def test_without_redis_the_sweeper_does_the_work_itself(settings, world, app):
    ran = []
    JOBS["tests.swept"] = lambda: ran.append(1)
    lonely = create_app(Settings(**settings.model_dump() | {"redis_url": "redis://127.0.0.1:1/0"}))
    from contactcenter.clock import set_reader
    from contactcenter.db import Scope, within

    set_reader(None)
    with lonely.app_context():
        with within(Scope(world.centre_id)), transaction():
            outbox.stage("tests.swept")
        operations.sweep()
        assert ran == [1]
        db.session.remove()
        db.engine.dispose()


def test_finished_jobs_are_forgotten_after_a_week(app, world, owner):
    with app.app_context():
        from contactcenter.db import Scope, within

        with within(Scope(world.centre_id)), transaction():
            outbox.stage("tests.old")
        with transaction():
            db.session.execute(
                text("UPDATE outbox_messages SET done_at = now() - interval '8 days'")
            )
        operations.forget()
        assert db.session.scalar(db.select(db.func.count(OutboxMessage.id))) == 0


def test_the_sweeper_outlives_a_database_that_is_away(app, monkeypatch, caplog):
    def away() -> None:
        raise OperationalError("DELETE", {}, OSError())

    monkeypatch.setattr(outbox, "forget_old", away)
    with app.app_context():
        operations.sweep(0)
    assert "the sweeper could not reach the database" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        f"ALTER ROLE {PARTNER_ROLE} BYPASSRLS",
        f"REVOKE {PARTNER_ROLE} FROM contactcenter_app",
    ],
)
def test_walls_that_hold_no_partner_back_are_seen(cluster, change):
    question = str(operations.WALLS).replace(":partner", f"'{PARTNER_ROLE}'")
    as_product = "SET LOCAL SESSION AUTHORIZATION contactcenter_app"
    with cluster.superuser() as superuser, superuser.transaction(force_rollback=True):
        # Seen by nobody else: the roles are those of all tests.
        superuser.execute(as_product)
        assert superuser.execute(question).fetchone() == (True,)
        superuser.execute("SET LOCAL SESSION AUTHORIZATION DEFAULT")
        superuser.execute(change)
        superuser.execute(as_product)
        assert superuser.execute(question).fetchone() == (False,)


def test_an_owner_of_any_walled_table_is_not_ready(app, client, cluster, urls):
    database = make_url(urls.migrator_database_url).database or ""
    role = make_url(urls.database_url).username
    with cluster.superuser(database) as superuser:
        superuser.execute("CREATE TABLE walled (centre_id bigint)")
        superuser.execute("ALTER TABLE walled ENABLE ROW LEVEL SECURITY")
        superuser.execute(f"ALTER TABLE walled OWNER TO {role}")
        answer = client.get("/readyz")
        superuser.execute("DROP TABLE walled")
    assert answer.json["checks"]["walls"] is False
    assert client.get("/readyz").status_code == 200


def test_a_connection_that_the_server_ended_is_not_used_again(settings):
    app = create_app(settings)
    here = text("SELECT pg_backend_pid()")
    with app.app_context():
        with transaction():
            ended = db.session.scalar(here)  # it goes back to the pool
        other = create_app(settings)
        with other.app_context(), transaction():
            db.session.execute(text(f"SELECT pg_terminate_backend({ended}, 5000)"))
        with other.app_context():
            db.engine.dispose()
        with transaction():
            assert db.session.scalar(here) != ended
        db.engine.dispose()


def test_what_was_given_up_is_shown_without_names_and_tried_again(app, world):
    ran = []
    JOBS["tests.dead"] = lambda name: ran.append(name)
    with app.app_context(), within(Scope(world.centre_id)):
        with transaction():
            outbox.stage("tests.dead", name="Josette")
        with transaction():
            [row] = db.session.scalars(db.select(OutboxMessage))
            row.dead_at, row.last_error = row.due_at, "ValueError"
            number = row.id
    shown = app.test_cli_runner().invoke(args=["outbox", "list", "--job", "tests.dead"])
    assert shown.output == f"{number}\ttests.dead\t2026-11-23 09:00\tValueError\n"
    done = app.test_cli_runner().invoke(args=["outbox", "retry", str(number)])
    assert done.output == "1 to be tried again\n"
    with app.app_context():
        drain("urgent")
    assert ran == ["Josette"]
