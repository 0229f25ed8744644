"""A notice leaves once, or says honestly that it did not."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import Settings
from contactcenter.db import db
from contactcenter.edge import JOBS, transaction
from contactcenter.notices import actions, rules
from contactcenter.notices import jobs as notices
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.outbox import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_centre")

CITIZEN = "josette.lambertin@citoyen.example"


class MailServer:
    """Answers as it is told; `waits` is asked while our mail waits for its answer."""

    def __init__(self) -> None:
        self.to_sender = self.to_recipient = self.to_mail = "250 OK"
        self.taken = 0
        self.waits = lambda: None
        self.hangs_up = False

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.to_recipient.format(address=address)

    async def handle_DATA(self, server, _session, _envelope):  # noqa: N802
        self.taken += 1
        self.waits()
        if self.hangs_up:
            server.transport.close()
        return self.to_mail


@contextmanager
def listening(settings: Settings, **options: Any) -> Iterator[MailServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    settings.smtp_host, settings.smtp_port = "127.0.0.1", port
    yield server
    controller.stop()
    settings.smtp_host = ""


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with listening(settings) as server:
        yield server


def encrypted(settings: Settings, certificate: Path) -> AbstractContextManager[MailServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return listening(settings, tls_context=context)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *plain))
    return file


def write(means: Means = Means.EMAIL) -> int:
    with transaction():
        return actions.write(
            kind="referral_asked", means=means, to_address=CITIZEN, body="Bonjour", language="fr"
        ).id


def seen(world, notice_id: int) -> Notice:
    with transaction():
        return db.session.get_one(Notice, (world.centre_id, notice_id), populate_existing=True)


def staged() -> int:
    living = db.select(db.func.count(OutboxMessage.id)).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.dead_at.is_(None)
    )
    with transaction():
        return db.session.scalar(living)


def test_a_refusal_for_now_puts_no_address_in_the_log_or_the_outbox(server, world, worker, caplog):
    server.to_recipient = "450 4.2.0 <{address}>: greylisted"
    notice_id = write()
    with caplog.at_level(logging.DEBUG):
        worker.run_all()
    with transaction():
        errors = db.session.scalars(db.select(OutboxMessage.last_error)).all()
    ours = [r for r in caplog.records if r.name != "mail.log"]  # the played server's own
    assert CITIZEN not in "".join(map(caplog.handler.format, ours))
    assert CITIZEN not in str(errors)
    notice = seen(world, notice_id)
    assert (notice.state, notice.failure) == (
        NoticeState.PENDING,
        "the mail server answered 450",
    )


def test_it_is_tried_again_until_it_is_taken(server, world, worker, clock):
    server.to_recipient = "450 later"
    notice_id = write()
    worker.run_all()
    server.to_recipient = "250 OK"
    clock.advance(minutes=2)
    worker.run_all()
    assert seen(world, notice_id).state is NoticeState.SENT
    assert server.taken == 1


@pytest.mark.parametrize("stage", ["to_sender", "to_recipient", "to_mail"])
def test_what_is_refused_for_good_fails_at_once(server, world, worker, stage):
    setattr(server, stage, "554 no")
    notice_id = write()
    worker.run_all()
    notice = seen(world, notice_id)
    assert (notice.state, notice.failure) == (NoticeState.FAILED, "the mail server answered 554")
    assert staged() == 0


def test_no_transaction_is_open_while_the_server_thinks(server, world, worker, owner):
    open_ones: list[int] = []

    def look() -> None:
        with owner.connect() as connection:
            open_ones.append(
                connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state = 'idle in transaction'"
                ).scalar_one()
            )

    server.waits = look
    notice_id = write()
    worker.run_all()
    assert open_ones == [0]
    assert seen(world, notice_id).state is NoticeState.SENT


def test_what_may_have_been_taken_is_not_sent_without_end(server, world, worker, clock):
    server.hangs_up = True
    notice_id = write()
    for _day in range(5):
        worker.run_all()
        notices.find_left_behind()
        clock.advance(days=1)
    assert server.taken == rules.MOST_DOUBTS
    assert seen(world, notice_id).state is NoticeState.UNSURE


def test_a_worker_that_ends_while_it_hands_over_leaves_a_doubt(server, world, worker, clock):
    notice_id = write()
    with transaction():
        JOBS["notices.send"](notice_id)  # and its errand is never run
    assert seen(world, notice_id).state is NoticeState.SENDING
    clock.advance(minutes=3)
    with transaction():
        notices.find_left_behind()
    notice = seen(world, notice_id)
    assert (notice.state, notice.doubts) == (NoticeState.PENDING, 1)


def test_a_notice_on_its_way_is_not_sent_by_a_second_job(server, world):
    notice_id = write()
    with transaction():
        assert JOBS["notices.send"](notice_id) is not None
    with transaction():
        assert JOBS["notices.send"](notice_id) is None


def test_after_the_last_try_it_fails_where_the_agent_sees_it(server, world, worker, clock):
    server.to_recipient = "450 later"
    notice_id = write()
    for _try in range(rules.MOST_TRIES):
        worker.run_all()
        clock.advance(hours=1)
    assert seen(world, notice_id).state is NoticeState.FAILED
    assert staged() == 0


@pytest.mark.parametrize(("trusted", "state"), [(False, "pending"), (True, "sent")])
def test_only_a_mail_server_whose_certificate_is_trusted_gets_a_mail(
    settings, world, worker, monkeypatch, certificate, trusted, state
):
    with encrypted(settings, certificate) as server:
        monkeypatch.setattr(settings, "smtp_starttls", True)
        monkeypatch.setattr(settings, "smtp_ca_file", str(certificate) if trusted else "")
        notice_id = write()
        worker.run_all()
        assert seen(world, notice_id).state.value == state
    assert server.taken == int(trusted)


def test_no_second_job_is_staged_while_one_waits(server, world, clock):
    write()
    clock.advance(hours=1)
    for _sweep in range(3):
        with transaction():
            notices.find_left_behind()
    assert staged() == 1


def test_a_notice_whose_job_was_given_up_fails_visibly(server, world, clock):
    notice_id = write()
    with transaction():
        db.session.execute(db.update(OutboxMessage).values(dead_at=clock.time))
    clock.advance(hours=1)
    with transaction():
        notices.find_left_behind()
    assert seen(world, notice_id).state is NoticeState.FAILED


def test_notices_hold_up_neither_the_telephone_nor_acts_on_many(world):
    write()
    with transaction():
        assert db.session.scalars(db.select(OutboxMessage.lane)).all() == ["letters"]
