"""What happened to incidents: opened, refused, answered to all, ended, always by a person."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Event):
    incident_id: int
    topic_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentRefused(Event):
    """A person looked at the proposal and saw no incident."""

    incident_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentAnswered(Event):
    """One answer was sent off to every request that had none."""

    incident_id: int
    requests: int


@dataclass(frozen=True, kw_only=True)
class IncidentEnded(Event):
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class TicketDetached(Event):
    """A request that the rule or a person had attached is about something else."""

    ticket_id: int
    incident_id: int
