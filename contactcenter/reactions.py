"""What follows from what: the page to open first. All of it runs in the same transaction."""

from contactcenter.accounts.events import (
    PersonChanged,
    PersonDisabled,
    PersonEnabled,
    PersonInvited,
    TokenMade,
    TokenRevoked,
)
from contactcenter.citizens.events import CitizensMerged, CitizensSplit, IdentifierNoted
from contactcenter.desk.live import refresh_ticket
from contactcenter.desk.macro_acts import set_tags
from contactcenter.directory.events import DirectoryChanged
from contactcenter.escalation.events import (
    CoverageLost,
    IdentifierRead,
    LateSidePressed,
    LiveOffered,
    MandateRecorded,
    MandateRevoked,
    PaperRead,
    PrecisionAsked,
    PrecisionGiven,
    PressureCalledOff,
    ReferralAnswered,
    ReferralAsked,
    ReferralChased,
    ReferralExpired,
    ReferralHandedOver,
    ReferralNoted,
    ReferralPutAgain,
    ReferralRead,
    ReferralRefused,
    ReferralRerouted,
    ReferralTaken,
    ReferralWithdrawn,
    ReferralWroteByMail,
    SideWritten,
    SolvedSaid,
    TeamInvited,
)
from contactcenter.escalation.follow import (
    end_pressings,
    keep_covered,
    pass_answer_on,
    refresh_referral,
    refresh_side,
    route_on,
    tell_chased,
    tell_citizen_answered,
    tell_citizen_asked,
    tell_citizen_ended,
    tell_new_holders,
    tell_taker,
    tell_team,
    warn_of_gap,
    withdraw_questions,
)
from contactcenter.events import Reactions
from contactcenter.incidents.events import (
    IncidentAnswered,
    IncidentEnded,
    IncidentOpened,
    IncidentRefused,
    TicketDetached,
)
from contactcenter.incidents.reacting import attach_to_incident
from contactcenter.intake.counter.actions import settle_unserved
from contactcenter.intake.letter.replies import prepare_letter
from contactcenter.intake.mail.events import FileRefused
from contactcenter.intake.mail.replies import send_reply
from contactcenter.intake.phone.follow import (
    come_back,
    connect_expert,
    follow_visit,
    look_for_agent,
    look_for_call,
)
from contactcenter.intake.phone.replies import send_text
from contactcenter.knowledge.events import (
    ArticleDrafted,
    ArticlePublished,
    ArticleReviewed,
    ArticleWithdrawn,
    ArticleWritten,
)
from contactcenter.notices.events import NoticeFailed, NoticeSent
from contactcenter.queues.events import (
    PresenceChanged,
    TalkHeld,
    TalkResumed,
    TalkTransferred,
    VisitAnswered,
    VisitEnded,
    VisitEntered,
    VisitHeld,
    VisitLeft,
    VisitParked,
    VisitReleased,
    VisitReserved,
)
from contactcenter.queues.live import refresh_person, refresh_queue
from contactcenter.queues.presence import note_idle
from contactcenter.queues.routing import let_go_when_away
from contactcenter.regrouping.events import TicketsMerged, TicketsParted, TicketSplit
from contactcenter.replies.events import DraftTaken, MacroUsed, ReplyHeld, ReplyRecalled
from contactcenter.reports.events import CallBackSettled, CallBackTaken
from contactcenter.reports.live import refresh_board
from contactcenter.steering.events import ProtocolApproved, ProtocolEnded, ProtocolStarted
from contactcenter.teamwork.events import (
    TeamworkChanged,
    TicketSnoozed,
    TicketTagged,
    TicketUntagged,
    TicketWoken,
)
from contactcenter.teamwork.reacting import tell_followers, tell_named, wake_ticket
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
from contactcenter.triage.events import RuleChanged
from contactcenter.triage.reacting import (
    end_wait,
    hold_wait,
    learn_from,
    triage_opened,
    wait_again,
)

REACTIONS: Reactions = {
    TicketOpened: [triage_opened, attach_to_incident, refresh_ticket],
    CitizenWrote: [wait_again, wake_ticket, tell_followers, refresh_ticket],
    ReplyWritten: [end_wait, send_reply, send_text, prepare_letter, tell_followers, refresh_ticket],
    NoteWritten: [tell_named, tell_followers, refresh_ticket],
    ReplyHeld: [refresh_ticket],
    ReplyRecalled: [refresh_ticket],
    MacroUsed: [set_tags],
    DraftTaken: [refresh_ticket],
    TicketSnoozed: [refresh_ticket],
    TicketWoken: [refresh_ticket],
    TeamworkChanged: [refresh_ticket],
    TicketTagged: [refresh_ticket],
    TicketUntagged: [refresh_ticket],
    RecordWritten: [end_wait, refresh_ticket],
    TicketTriaged: [],
    TicketAssigned: [hold_wait, refresh_ticket],
    TicketCorrected: [attach_to_incident, refresh_ticket],
    TicketRead: [],
    CitizenAwaited: [refresh_ticket],
    TicketResolved: [end_wait, learn_from, withdraw_questions, tell_followers, refresh_ticket],
    TicketReopened: [wait_again, refresh_ticket],
    TicketClosed: [refresh_ticket],
    TicketsMerged: [tell_followers, refresh_ticket],
    TicketsParted: [refresh_ticket],
    TicketSplit: [tell_followers, refresh_ticket],
    FileRefused: [],
    NoticeSent: [refresh_ticket],
    NoticeFailed: [refresh_ticket],
    ReferralAsked: [tell_team, tell_citizen_asked, refresh_referral],
    LiveOffered: [refresh_referral],
    ReferralTaken: [refresh_referral],
    ReferralAnswered: [end_pressings, pass_answer_on, tell_citizen_answered, refresh_referral],
    PrecisionAsked: [refresh_referral],
    PrecisionGiven: [tell_taker, refresh_referral],
    ReferralRefused: [end_pressings, route_on, refresh_referral],
    ReferralRerouted: [refresh_referral],
    ReferralHandedOver: [tell_new_holders, refresh_referral],
    CoverageLost: [warn_of_gap],
    ReferralWithdrawn: [end_pressings, tell_citizen_ended, refresh_referral],
    ReferralPutAgain: [refresh_referral],
    ReferralExpired: [end_pressings, tell_citizen_ended, refresh_referral],
    ReferralChased: [tell_chased, refresh_referral],
    ReferralNoted: [refresh_referral],
    ReferralWroteByMail: [refresh_referral],
    TeamInvited: [refresh_referral],
    SideWritten: [refresh_side],
    LateSidePressed: [refresh_referral],
    PressureCalledOff: [refresh_referral],
    SolvedSaid: [refresh_ticket],
    MandateRecorded: [refresh_ticket],
    MandateRevoked: [refresh_ticket],
    ReferralRead: [],
    PaperRead: [],
    IdentifierRead: [],
    VisitEntered: [follow_visit, look_for_agent, refresh_queue],
    VisitReserved: [refresh_queue],
    VisitReleased: [look_for_agent, refresh_queue],
    VisitAnswered: [connect_expert, refresh_queue],
    VisitLeft: [settle_unserved, come_back, refresh_queue],
    VisitParked: [refresh_queue],
    VisitHeld: [refresh_queue],
    TalkHeld: [refresh_queue],
    TalkResumed: [refresh_queue],
    TalkTransferred: [refresh_queue],
    VisitEnded: [note_idle, look_for_agent, refresh_queue],
    PresenceChanged: [let_go_when_away, look_for_call, refresh_person],
    CallBackTaken: [refresh_board],
    CallBackSettled: [refresh_board],
    ProtocolApproved: [],
    ProtocolStarted: [],
    ProtocolEnded: [],
    PersonInvited: [],
    PersonChanged: [keep_covered],
    PersonDisabled: [keep_covered],
    PersonEnabled: [],
    TokenMade: [],
    TokenRevoked: [],
    DirectoryChanged: [],
    RuleChanged: [],
    IncidentOpened: [],
    IncidentRefused: [],
    IncidentAnswered: [],
    IncidentEnded: [],
    TicketDetached: [],
    ArticleDrafted: [],
    ArticleWritten: [],
    ArticlePublished: [],
    ArticleReviewed: [],
    ArticleWithdrawn: [],
    CitizensMerged: [],
    CitizensSplit: [],
    IdentifierNoted: [],
}
