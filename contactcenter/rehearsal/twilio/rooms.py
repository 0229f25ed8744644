"""Queues and conferences: who is in them, and what is told about it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING

from contactcenter.rehearsal.twilio.sids import new_sid

if TYPE_CHECKING:
    from contactcenter.rehearsal.twilio.legs import Leg

Tell = Callable[[str, dict[str, str]], None]


@dataclass
class Queue:
    name: str
    sid: str = field(default_factory=lambda: new_sid("QU"))
    members: list["Leg"] = field(default_factory=list)

    def about(self, leg: "Leg", since: float) -> dict[str, str]:
        position = self.members.index(leg) + 1 if leg in self.members else 0
        return {
            "QueueSid": self.sid,
            "QueuePosition": str(position),
            "QueueTime": str(int(time.monotonic() - since)),
            "AvgQueueTime": "0",
            "CurrentQueueSize": str(len(self.members)),
            "MaxQueueSize": "1000",
        }


@dataclass
class Room:
    """A conference. Its callback address is set by the first who comes in, as at Twilio."""

    name: str
    account_sid: str
    tell: Tell
    callback: str = ""
    sid: str = field(default_factory=lambda: new_sid("CF"))
    members: dict[str, "Leg"] = field(default_factory=dict)  # by label, or by the call's sid
    is_over: bool = False
    _told: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def join(self, leg: "Leg", label: str, callback: str) -> None:
        with self._lock:
            self.callback = self.callback or callback
            self.members[label] = leg
            self._event("participant-join", leg, label)
            if len(self.members) == 2:
                self._event("conference-start", leg, label)
                for member in self.members.values():
                    member.hear_other()

    def leave(self, leg: "Leg", why: str) -> None:
        """Of a room left by all, the end is told."""
        with self._lock:
            label = next((name for name, each in self.members.items() if each is leg), None)
            if label is None:
                return
            del self.members[label]
            self._event("participant-leave", leg, label, ReasonParticipantLeft=why)
            if not self.members and not self.is_over:
                self.is_over = True
                self._event("conference-end", leg, label, ReasonConferenceEnded="last-participant")

    def hold(self, leg: "Leg", *, held: bool) -> None:
        """Told each time it changes, as at Twilio."""
        with self._lock:
            label = next((name for name, each in self.members.items() if each is leg), None)
            if label is None or leg.is_held is held:
                return
            leg.is_held = held
            self._event(f"participant-{'hold' if held else 'unhold'}", leg, label)

    def end(self) -> None:
        with self._lock:
            for leg in list(self.members.values()):
                leg.let_out()

    def _event(self, kind: str, leg: "Leg", label: str, **more: str) -> None:
        self._told += 1
        self.tell(
            self.callback,
            {
                "AccountSid": self.account_sid,
                "ConferenceSid": self.sid,
                "FriendlyName": self.name,
                "StatusCallbackEvent": kind,
                "SequenceNumber": str(self._told),
                "Timestamp": formatdate(usegmt=True),
                "CallSid": leg.sid,
                "ParticipantLabel": label if label != leg.sid else "",
                "Muted": "false",
                "Hold": str(leg.is_held).lower(),
                **more,
            },
        )
