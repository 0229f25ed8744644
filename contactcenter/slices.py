"""What each slice brings: tables, pages and doors, commands, and what follows from what."""

# ruff: noqa: F401 - every slice's tables and jobs are known once this module is imported

from click import Command
from flask import Blueprint

from contactcenter.accounts import jobs as _accounts_jobs
from contactcenter.accounts import models as _accounts_models
from contactcenter.accounts.account_routes import blueprint as account
from contactcenter.accounts.commands import invite_administrator, make_centre, make_token
from contactcenter.accounts.routes import blueprint as accounts
from contactcenter.administration import centre_routes as _centre_pages
from contactcenter.administration import correction_routes as _correction_pages
from contactcenter.administration import kiosk_routes as _kiosk_links
from contactcenter.administration.people_routes import blueprint as people
from contactcenter.administration.routes import blueprint as administration
from contactcenter.administration.routing_routes import blueprint as routing
from contactcenter.administration.rule_routes import blueprint as rules
from contactcenter.administration.suggestion_routes import blueprint as precision
from contactcenter.administration.token_routes import blueprint as tokens
from contactcenter.api import figure_routes as _api_figures
from contactcenter.api import jobs as _api_jobs
from contactcenter.api import models as _api_models
from contactcenter.api.routes import blueprint as api
from contactcenter.attachments import models as _attachments_models
from contactcenter.citizens import identifier_models as _identifier_models
from contactcenter.citizens import models as _citizens_models
from contactcenter.citizens.commands import reseal_fields
from contactcenter.demo.commands import make_demo
from contactcenter.desk.alike_routes import blueprint as alike
from contactcenter.desk.article_routes import blueprint as articles
from contactcenter.desk.bulk_routes import blueprint as bulk
from contactcenter.desk.citizen_routes import blueprint as ticket_citizen
from contactcenter.desk.file_routes import blueprint as ticket_files
from contactcenter.desk.macro_routes import blueprint as macros
from contactcenter.desk.palette_routes import blueprint as palette
from contactcenter.desk.person_routes import blueprint as persons
from contactcenter.desk.question_bulk_routes import blueprint as question_bulk
from contactcenter.desk.regrouping_routes import blueprint as regrouping
from contactcenter.desk.routes import blueprint as desk
from contactcenter.desk.solved_routes import blueprint as to_ask
from contactcenter.desk.suggestion_routes import blueprint as suggestions
from contactcenter.desk.teamwork_routes import blueprint as teamwork
from contactcenter.desk.ticket_routes import blueprint as ticket
from contactcenter.desk.view_routes import blueprint as views
from contactcenter.desk.writing_routes import blueprint as ticket_writing
from contactcenter.directory import models as _directory_models
from contactcenter.escalation import absence_routes as _absence_routes
from contactcenter.escalation import booking_jobs as _booking_jobs
from contactcenter.escalation import booking_routes as _booking_routes
from contactcenter.escalation import circle_jobs as _circle_jobs
from contactcenter.escalation import circle_routes as _circle_routes
from contactcenter.escalation import consent_models as _consent_models
from contactcenter.escalation import correction_models as _correction_models
from contactcenter.escalation import direct_routes as _direct_routes
from contactcenter.escalation import disclosing_routes as _disclosing_routes
from contactcenter.escalation import handing_routes as _handing_routes
from contactcenter.escalation import jobs as _escalation_jobs
from contactcenter.escalation import live as _escalation_live
from contactcenter.escalation import mandate_jobs as _mandate_jobs
from contactcenter.escalation import mandate_routes as _mandate_routes
from contactcenter.escalation import models as _escalation_models
from contactcenter.escalation import slot_models as _slot_models
from contactcenter.escalation import slot_routes as _slot_routes
from contactcenter.escalation import solved_jobs as _solved_jobs
from contactcenter.escalation import solved_models as _solved_models
from contactcenter.escalation import staffing_jobs as _staffing_jobs
from contactcenter.escalation import staffing_models as _staffing_models
from contactcenter.escalation import trial_jobs as _trial_jobs
from contactcenter.escalation import trial_models as _trial_models
from contactcenter.escalation.pressing_routes import blueprint as pressings
from contactcenter.escalation.referent_routes import blueprint as referrals
from contactcenter.escalation.routes import blueprint as escalation
from contactcenter.incidents import jobs as _incidents_jobs
from contactcenter.incidents import live as _incidents_live
from contactcenter.incidents import models as _incidents_models
from contactcenter.incidents.routes import blueprint as incidents
from contactcenter.intake import jobs as _intake_jobs
from contactcenter.intake.counter import citizen_routes as _counter_citizens
from contactcenter.intake.counter import jobs as _counter_jobs
from contactcenter.intake.counter import print_routes as _counter_prints
from contactcenter.intake.counter.kiosk_routes import blueprint as kiosk
from contactcenter.intake.counter.routes import blueprint as counter
from contactcenter.intake.follow_up.routes import blueprint as follow_up
from contactcenter.intake.letter.routes import blueprint as letter
from contactcenter.intake.mail.commands import mail_parse
from contactcenter.intake.mail.delivery_commands import lmtp, mail_in
from contactcenter.intake.phone import agent_doors as _agent_doors
from contactcenter.intake.phone import jobs as _phone_jobs
from contactcenter.intake.phone import models as _phone_models
from contactcenter.intake.phone import outage as _outage
from contactcenter.intake.phone import text_doors as _text_doors
from contactcenter.intake.phone.doors import blueprint as phone_doors
from contactcenter.intake.phone.routes import blueprint as phone
from contactcenter.intake.solved.routes import blueprint as solved
from contactcenter.intake.web.routes import blueprint as web
from contactcenter.knowledge import jobs as _knowledge_jobs
from contactcenter.knowledge import models as _knowledge_models
from contactcenter.knowledge import words_routes as _knowledge_words
from contactcenter.knowledge.routes import blueprint as knowledge
from contactcenter.notices import jobs as _notices_jobs
from contactcenter.notices import models as _notices_models
from contactcenter.operations import blueprint as operations
from contactcenter.operations import sweeper, worker
from contactcenter.outbox_commands import commands as outbox
from contactcenter.planning import event_routes as _known_events
from contactcenter.planning import jobs as _planning_jobs
from contactcenter.planning import live as _planning_live
from contactcenter.planning import models as _planning_models
from contactcenter.planning import strain_routes as _strain
from contactcenter.planning import what_if_routes as _what_ifs
from contactcenter.planning.routes import blueprint as planning
from contactcenter.queues import forecast_models as _forecast_models
from contactcenter.queues import interval_models as _interval_models
from contactcenter.queues import jobs as _queues_jobs
from contactcenter.queues import live as _queues_live
from contactcenter.queues import models as _queues_models
from contactcenter.queues import routing_models as _routing_models
from contactcenter.queues.commands import rebuild_intervals, staffing
from contactcenter.queues.routes import blueprint as availability
from contactcenter.reactions import REACTIONS
from contactcenter.receipts import jobs as _receipts_jobs
from contactcenter.receipts import models as _receipts_models
from contactcenter.receipts.routes import blueprint as receipts
from contactcenter.regrouping import models as _regrouping_models
from contactcenter.rehearsing import rehearsal
from contactcenter.replies import jobs as _replies_jobs
from contactcenter.replies import models as _replies_models
from contactcenter.reports import board_routes as _board_routes
from contactcenter.reports import jobs as _reports_jobs
from contactcenter.reports import live as _reports_live
from contactcenter.reports import models as _reports_models
from contactcenter.reports.commands import import_log, report
from contactcenter.reports.coverage_routes import blueprint as coverage
from contactcenter.reports.expert_routes import blueprint as experts
from contactcenter.reports.knowledge_routes import blueprint as known
from contactcenter.reports.period_routes import blueprint as periods
from contactcenter.reports.quality_routes import blueprint as quality
from contactcenter.reports.routes import blueprint as reports
from contactcenter.reports.unserved_routes import blueprint as unserved
from contactcenter.steering import jobs as _steering_jobs
from contactcenter.steering import models as _steering_models
from contactcenter.steering.routes import blueprint as steering
from contactcenter.stream import blueprint as live
from contactcenter.teamwork import jobs as _teamwork_jobs
from contactcenter.teamwork import models as _teamwork_models
from contactcenter.tickets import jobs as _tickets_jobs
from contactcenter.tickets import models as _tickets_models
from contactcenter.triage import jobs as _triage_jobs
from contactcenter.triage import live as _triage_live
from contactcenter.triage import models as _triage_models
from contactcenter.welcome.routes import blueprint as welcome
from contactcenter.worklists import jobs as _worklists_jobs
from contactcenter.worklists import live as _worklists_live
from contactcenter.worklists import models as _worklists_models

__all__ = ["BLUEPRINTS", "COMMANDS", "EXEMPT_FROM_CSRF", "REACTIONS"]

BLUEPRINTS: tuple[Blueprint, ...] = (
    operations,
    live,
    receipts,
    api,
    accounts,
    account,
    welcome,
    people,
    tokens,
    administration,
    rules,
    routing,
    precision,
    counter,
    kiosk,
    follow_up,
    solved,
    web,
    desk,
    views,
    bulk,
    question_bulk,
    palette,
    ticket,
    ticket_writing,
    macros,
    teamwork,
    to_ask,
    regrouping,
    ticket_files,
    ticket_citizen,
    suggestions,
    alike,
    persons,
    letter,
    phone,
    phone_doors,
    availability,
    knowledge,
    articles,
    escalation,
    referrals,
    reports,
    periods,
    quality,
    unserved,
    coverage,
    experts,
    known,
    pressings,
    steering,
    incidents,
    planning,
)

# Doors whose callers prove themselves another way: a signature or a bearer token.
EXEMPT_FROM_CSRF: tuple[Blueprint, ...] = (api, phone_doors)

COMMANDS: tuple[Command, ...] = (
    worker,
    sweeper,
    rehearsal,
    lmtp,
    mail_in,
    mail_parse,
    make_token,
    make_centre,
    invite_administrator,
    make_demo,
    outbox,
    staffing,
    rebuild_intervals,
    reseal_fields,
    import_log,
    report,
)
