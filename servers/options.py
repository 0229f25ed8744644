"""What the person at the terminal may choose for a run."""

import os
import socket
from dataclasses import dataclass, field

from servers.errors import LaunchRefused


@dataclass(frozen=True)
class Options:
    port: int
    lmtp_listen: str
    traffic: bool
    stops_with_make: bool
    parent: int = field(default_factory=os.getppid)

    @classmethod
    def of_environment(cls) -> "Options":
        try:
            port = int(os.environ.get("PORT") or "8000")
        except ValueError:
            raise LaunchRefused("PORT must be a number, as in: PORT=8000 make run") from None
        return cls(
            port=port,
            lmtp_listen=os.environ.get("LMTP_LISTEN") or "127.0.0.1:8024",
            traffic=os.environ.get("TRAFFIC") != "0",
            stops_with_make=bool(os.environ.get("MAKELEVEL")),
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def refuse_taken_ports(self) -> None:
        host, _, lmtp_port = self.lmtp_listen.rpartition(":")
        for name, example, place in (
            ("PORT", str(self.port + 1), ("127.0.0.1", self.port)),
            ("LMTP_LISTEN", f"{host}:{int(lmtp_port) + 1}", (host, int(lmtp_port))),
        ):
            if is_taken(place):
                raise LaunchRefused(
                    f"{place[0]}:{place[1]} is in use by another program. Choose another place:"
                    f" {name}={example} make run"
                )


def is_taken(place: tuple[str, int]) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(place)
        except OSError:
            return True
    return False


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
