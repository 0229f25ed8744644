"""A centre in the middle of its day: at least one of each thing that an address can name."""

from dataclasses import dataclass

from contactcenter.db import Scope, within
from contactcenter.edge import ContactCenter, drain, transaction
from contactcenter.outbox import LANES
from tests.factories import World
from tests.scenes.house import House
from tests.scenes.requests import Requests
from tests.scenes.visits import Visits


@dataclass(frozen=True)
class Scene:
    """Ids by the names that addresses give them."""

    world: World
    reference: str  # a request at the counter's queue, with papers, a permission and a question
    letter_reference: str
    mail_reference: str
    referral_id: int
    mandate_id: int
    slot_id: int
    booking_id: int
    attachment_id: int
    waiting_visit_id: int
    serving_visit_id: int
    lost_visit_id: int
    call_id: int
    call_visit_id: int
    call_back_id: int
    protocol_id: int
    run_id: int
    notice_id: int
    receipt_id: int
    token: str
    citizen_id: int
    merge_id: int
    split_id: int
    joining_id: int
    rule_id: int
    trial_id: int
    ladder_trial_id: int
    solved_token: str
    kiosk_token: str
    kiosk_number: str
    identifier_id: int
    event_id: int
    what_if_id: int
    correction_id: int
    order_id: int  # of the manager
    pressing_id: int
    session_id: int  # of the agent
    macro_id: int
    draft_id: int
    held_id: int
    item_id: int
    nudge_id: int
    view_id: int
    bulk_id: int
    question_bulk_id: int
    lines_entry_id: int
    mailboxes_entry_id: int
    api_token_id: int  # of the agent
    ladder_entry_id: int
    duty_entry_id: int
    absences_entry_id: int
    article_id: int
    incident_id: int
    tags_entry_id: int
    loan_id: int
    skills_entry_id: int

    def entry(self, kind: str) -> int:
        """An entry of the directory of this kind."""
        return int(getattr(self, f"{kind}_entry_id", None) or getattr(self.world, _ENTRIES[kind]))


_ENTRIES = {
    "organisations": "partner_id",
    "sites": "site_id",
    "counters": "counter_id",
    "queues": "counter_queue_id",
    "topics": "topic_id",
    "teams": "team_id",
}


def make_scene(app: ContactCenter, world: World) -> Scene:
    builder = _Builder(world)
    with app.test_request_context(), within(Scope(world.centre_id)):
        with transaction():
            made = builder.matter() | builder.counter() | builder.phone() | builder.letter()
            made |= builder.invitation() | builder.follow_up() | builder.token()
        with transaction():
            made |= builder.question(made) | builder.rule() | builder.merge() | builder.planning()
            made |= builder.regrouped() | builder.correction() | builder.quality() | builder.order()
            made |= builder.article() | builder.incident()
            made |= builder.lent()
        with transaction():
            builder.mail()
        for lane in LANES:
            drain(lane)
        with transaction():
            made |= builder.arrived() | builder.writing()
    return Scene(world, **made)


class _Builder(Requests, Visits, House):
    """All of it, one after the other."""
