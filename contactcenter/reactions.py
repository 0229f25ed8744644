"""What follows from what: the page to open first. All of it runs in the same transaction."""

from contactcenter.desk.live import refresh_ticket
from contactcenter.events import Reactions
from contactcenter.tickets.events import (
    CitizenAwaited,
    CitizenWrote,
    NoteWritten,
    RecordWritten,
    ReplyWritten,
    TicketAssigned,
    TicketClosed,
    TicketCorrected,
    TicketOpened,
    TicketRead,
    TicketReopened,
    TicketResolved,
    TicketTriaged,
)
from contactcenter.triage.reacting import end_wait, triage_opened, wait_again

REACTIONS: Reactions = {
    TicketOpened: [triage_opened, refresh_ticket],
    CitizenWrote: [wait_again, refresh_ticket],
    ReplyWritten: [end_wait, refresh_ticket],
    NoteWritten: [refresh_ticket],
    RecordWritten: [refresh_ticket],
    TicketTriaged: [],
    TicketAssigned: [refresh_ticket],
    TicketCorrected: [refresh_ticket],
    TicketRead: [],
    CitizenAwaited: [refresh_ticket],
    TicketResolved: [end_wait, refresh_ticket],
    TicketReopened: [wait_again, refresh_ticket],
    TicketClosed: [refresh_ticket],
}
