"""What the environment and the command line say about a rehearsal."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Options:
    """`postbox_port` and `network_port` are None where somebody else's servers are used."""

    centre: str
    web: str
    lmtp: tuple[str, int]
    password: str
    postbox_port: int | None
    network_port: int | None
    account_sid: str
    auth_token: str
    public: str
    speed: float
    arrivals_per_minute: float
    seconds: float | None
    seed: int | None
    hands: int
    ledger: Path | None
    home: Path


def read_options(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> Options:
    asked = _parser(environment).parse_args(arguments)
    host, _colon, port = environment.get("LMTP_LISTEN", "127.0.0.1:8024").rpartition(":")
    return Options(
        centre=asked.centre,
        web=asked.web,
        lmtp=(host, int(port)),
        password=environment.get("DEMO_PASSWORD", ""),
        postbox_port=asked.postbox_port,
        network_port=_port_here(environment.get("TWILIO_API_BASE", "")),
        account_sid=environment.get("TWILIO_ACCOUNT_SID", ""),
        auth_token=environment.get("TWILIO_AUTH_TOKEN", "").partition(",")[0],
        public=environment.get("PUBLIC_BASE_URL", asked.web),
        speed=asked.speed,
        arrivals_per_minute=asked.arrivals_per_minute,
        seconds=asked.seconds,
        seed=asked.seed,
        hands=asked.hands,
        ledger=asked.ledger,
        home=Path(environment.get("CONTACTCENTER_HOME", "var")),
    )


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contactcenter.rehearsal",
        description="Play a day of a demo centre through its public doors, until stopped.",
    )
    parser.add_argument("--centre", default="val-dorme", help="code of the demo centre")
    parser.add_argument("--web", default=f"http://127.0.0.1:{environment.get('PORT') or 8000}")
    parser.add_argument("--postbox-port", type=int, default=_postbox_port(environment))
    parser.add_argument(
        "--speed", type=float, default=float(environment.get("REHEARSAL_SPEED") or 1)
    )
    parser.add_argument("--arrivals-per-minute", type=float, default=3.0)
    parser.add_argument("--for", type=float, dest="seconds", help="end after so many seconds")
    parser.add_argument("--seed", type=int, help="play the same draws again")
    parser.add_argument("--hands", type=int, default=2, help="how many act at the same time")
    parser.add_argument("--ledger", type=Path, help="note each accepted request in this file")
    return parser


def _postbox_port(environment: Mapping[str, str]) -> int | None:
    if environment.get("SMTP_HOST") not in HERE:
        return None
    return int(environment.get("SMTP_PORT") or 25)


def _port_here(address: str) -> int | None:
    at = urlsplit(address)
    return at.port if at.hostname in HERE else None
