"""Every address of the product, and an example of each in a scene."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Rule

from contactcenter.accounts.permissions import Permission
from contactcenter.administration.entries import KINDS
from contactcenter.edge import ContactCenter
from tests.scene import Scene

EXAMPLES: dict[str, Callable[[Scene], object]] = {
    "pressing_id": lambda scene: scene.pressing_id,
    "absence_id": lambda scene: scene.absences_entry_id,
    "slot_id": lambda scene: scene.slot_id,
    "booking_id": lambda scene: scene.booking_id,
    "article_id": lambda scene: scene.article_id,
    "attachment_id": lambda scene: scene.attachment_id,
    "code": lambda scene: scene.world.code,
    "call_back_id": lambda scene: scene.call_back_id,
    "protocol_id": lambda scene: scene.protocol_id,
    "run_id": lambda scene: scene.run_id,
    "call_id": lambda scene: scene.call_id,
    "draft_id": lambda scene: scene.draft_id,
    "event_id": lambda scene: scene.event_id,
    "what_if_id": lambda scene: scene.what_if_id,
    "held_id": lambda scene: scene.held_id,
    "item_id": lambda scene: scene.item_id,
    "order_id": lambda scene: scene.order_id,
    "nudge_id": lambda scene: scene.nudge_id,
    "macro_id": lambda scene: scene.macro_id,
    "citizen_id": lambda scene: scene.citizen_id,
    "merge_id": lambda scene: scene.merge_id,
    "rule_id": lambda scene: scene.rule_id,
    "correction_id": lambda scene: scene.correction_id,
    "trial_id": lambda scene: scene.trial_id,
    "incident_id": lambda scene: scene.incident_id,
    "language": lambda _scene: "fr",
    "mandate_id": lambda scene: scene.mandate_id,
    "notice_id": lambda scene: scene.notice_id,
    "person_id": lambda scene: scene.world.outsider.id,
    "site_id": lambda scene: scene.world.site_id,
    "queue_id": lambda scene: scene.world.counter_queue_id,
    "receipt_id": lambda scene: scene.receipt_id,
    "reference": lambda scene: scene.reference,
    "referral_id": lambda scene: scene.referral_id,
    "solved_token": lambda scene: scene.solved_token,
    "kiosk_token": lambda scene: scene.kiosk_token,
    "number": lambda scene: scene.kiosk_number,
    "identifier_id": lambda scene: scene.identifier_id,
    "split_id": lambda scene: scene.split_id,
    "session_id": lambda scene: scene.session_id,
    "token": lambda scene: scene.token,
    "loan_id": lambda scene: scene.loan_id,
    "token_id": lambda scene: scene.api_token_id,
    "view_id": lambda scene: scene.view_id,
    "bulk_id": lambda scene: scene.bulk_id,
    "visit_id": lambda scene: scene.serving_visit_id,
}

# Where the same name means another thing.
ELSEWHERE: dict[tuple[str, str], Callable[[Scene], object]] = {
    ("administration", "trial_id"): lambda scene: scene.ladder_trial_id,
    ("question_bulk", "bulk_id"): lambda scene: scene.question_bulk_id,
    ("regrouping", "merge_id"): lambda scene: scene.joining_id,
    ("phone", "visit_id"): lambda scene: scene.call_visit_id,
    ("unserved", "visit_id"): lambda scene: scene.lost_visit_id,
    ("letter", "reference"): lambda scene: scene.letter_reference,
}


@dataclass(frozen=True)
class Address:
    method: str
    rule: Rule
    permission: Permission
    kind: str | None = None  # of directory entry

    @property
    def name(self) -> str:
        shown = self.rule.rule.replace("<kind>", self.kind or "<kind>")
        return f"{self.method} {shown}"

    @property
    def blueprint(self) -> str:
        return self.rule.endpoint.partition(".")[0]

    @property
    def names_a_record(self) -> bool:
        return bool(self.rule.arguments - {"kind"})

    def path(self, scene: Scene) -> str:
        """The address with ids of the scene. KeyError: tell above what the new name means."""
        values = {name: self._example(name, scene) for name in self.rule.arguments}
        built = self.rule.build(values, append_unknown=False)
        assert built is not None
        return built[1]

    def _example(self, name: str, scene: Scene) -> object:
        if name == "kind":
            return self.kind
        if name == "entry_id":
            return scene.entry(self.kind or "")
        example = ELSEWHERE.get((self.blueprint, name)) or EXAMPLES[name]
        return example(scene)


def addresses(app: ContactCenter) -> list[Address]:
    """Sorted; an address of the directory comes once for each kind of entry."""
    return [
        Address(method, rule, app.view_functions[rule.endpoint].permission, kind)
        for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule)
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for kind in (KINDS if "kind" in rule.arguments else [None])
    ]
