"""Whether a program wrote a mail: a delivery report, an absence note, another machine."""

import re
from dataclasses import dataclass

from contactcenter.intake.mail import deliveries
from contactcenter.intake.mail.message import ParsedMail

_ABSENCE = re.compile(
    r"\W{0,3}(?:auto(?:matic(?:ally)?|mated)?[ -]?(?:reply|response|answer|generated)|"
    r"out of (?:the )?office|vacation (?:reply|notice|message)|away from|"
    r"réponse automatique|message automatique|absence du bureau|absente? (?:du bureau|jusqu)|"
    r"notification d['’]absence|avis d['’]absence|message d['’]absence|je suis absente?|"
    r"automatisch (?:antwoord|bericht)|automatische? (?:beantwoording|antwort|abwesenheit|"
    r"nachricht)|afwezig|niet aanwezig|abwesenheit|abwesend|außer haus|"
    r"respuesta automática|risposta automatica|autosvar|automatiskt? svar)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"undeliver|non[- ]?delivery|returned mail|mail delivery (?:failed|failure|problem)|"
    r"delivery (?:status|notification|failure|has failed|report)|delivery .{0,20}fail|"
    r"failure notice|mail failure|could not be delivered|message you sent blocked|mail error|"
    r"mail system error|postmaster notify|warning: (?:could not|message)|"
    r"non remis|non distribu|échec (?:de|d['’]) ?(?:la )?(?:remise|livraison|distribution|envoi)|"
    r"n['’]a pas pu être (?:remis|distribué)|retour à l['’]expéditeur|"
    r"onbestelbaar|niet (?:bezorgd|afgeleverd)|kan niet worden bezorgd|"
    r"unzustellbar|nicht zugestellt|zustellung .{0,30}(?:fehl|nicht)|rücklauf",
    re.IGNORECASE,
)
_FAILURE_TEXT = re.compile(
    r"could not be delivered|couldn['’]t be delivered|delivery .{0,40}failed|permanent (?:fatal )?"
    r"error|addresses? (?:had|failed)|user unknown|invalid user|no such user|not deliver|"
    r"n['’]a pas pu être|niet .{0,40}(?:bezorgd|afgeleverd)|nicht .{0,40}zugestellt",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mailer-?daemon|post_?master|mail ?delivery|mdaemon", re.IGNORECASE)
_ROBOT = re.compile(
    r"(?:no[._-]?reply|do[._-]?not[._-]?reply|ne[._-]?pas[._-]?repondre|noreponse|"
    r"niet[._-]?beantwoorden|nicht[._-]?antworten)",
    re.IGNORECASE,
)
_DELAY = re.compile(r"delayed|\(delay\)|retard|vertraagd|verzöger|warning: ", re.IGNORECASE)


@dataclass(frozen=True)
class Classified:
    """What kind of mail this is.

    `bounce`: a report that a mail has not arrived; `delayed` if its server still tries.
    `permanent`: True if the address is bad, False if not (full, blocked, delayed), None if unclear.
    `about_message_id`: the mail a report or an automatic answer is about, if it says so.
    `answerable`: whether an automatic answer may go back; where not, a loop or a list threatens.
    `by_machine`: a field that only programs set says so. A word of the subject, or the mark of a
    list, are guesses: people write them too, so they refuse nobody.
    """

    auto_reply: bool
    bounce: bool
    bounced_address: str | None
    permanent: bool | None
    delayed: bool = False
    about_message_id: str = ""
    answerable: bool = True
    by_machine: bool = False


def classify(mail: ParsedMail) -> Classified:
    """Bounces are automatic as well; a person's mail is neither."""
    reported = deliveries.recipients(mail)
    if not _is_bounce(mail, reported):
        by_machine = bool(reported) or _is_by_machine(mail)
        automatic = by_machine or _looks_automatic(mail)
        return Classified(
            automatic,
            bounce=False,
            bounced_address=None,
            permanent=None,
            about_message_id=deliveries.returned_message_id(mail) if automatic else "",
            answerable=not automatic and _is_answerable(mail),
            by_machine=by_machine,
        )
    delayed = _is_delayed(mail, reported)
    return Classified(
        auto_reply=True,
        bounce=True,
        bounced_address=deliveries.failed_address(mail, reported),
        permanent=False if delayed else deliveries.is_permanent(mail, reported),
        delayed=delayed,
        about_message_id=deliveries.returned_message_id(mail),
        answerable=False,
        by_machine=True,
    )


def _is_bounce(mail: ParsedMail, reported: list[deliveries.Recipient]) -> bool:
    if reported:
        # A report of success or of a reader's "seen" is no bounce.
        return any(one.action not in deliveries.DELIVERED for one in reported)
    if mail.header("x-failed-recipients"):
        return True
    daemon = _is_from_a_daemon(mail)
    if _FAILURE.search(mail.subject):
        return daemon or mail.return_path == "" or _is_report(mail, "delivery-status")
    return daemon and bool(_FAILURE_TEXT.search(mail.text[: deliveries.READ]))


def _is_from_a_daemon(mail: ParsedMail) -> bool:
    return bool(_DAEMON.search(mail.from_address.split("@")[0]) or _DAEMON.match(mail.from_name))


def _is_report(mail: ParsedMail, kind: str) -> bool:
    declared = mail.header("content-type").lower()
    return declared.startswith("multipart/report") and kind in declared


def _is_delayed(mail: ParsedMail, reported: list[deliveries.Recipient]) -> bool:
    actions = {one.action for one in reported} - deliveries.DELIVERED - {""}
    if actions:
        return actions == {"delayed"}
    return bool(_DELAY.search(mail.subject))


def _is_by_machine(mail: ParsedMail) -> bool:
    submitted = mail.header("auto-submitted").lower()
    if submitted and not submitted.startswith(("no", "auto-forwarded")):
        return True
    if mail.return_path == "" or mail.header("content-type").lower().startswith("multipart/report"):
        return True
    if any(name in mail.headers for name in _ANSWERING_MACHINES):
        return True
    return mail.header("precedence").lower() == "auto_reply"


def _looks_automatic(mail: ParsedMail) -> bool:
    is_bulk = mail.header("precedence").lower() in ("bulk", "junk")
    return is_bulk or bool(_ABSENCE.match(mail.subject))


_ANSWERING_MACHINES = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply-from",
    "x-autoresponder",
    "x-mail-autoreply",
    "x-autogenerated",
    "x-vacation",
)
_LIST_MARKS = ("list-id", "list-unsubscribe", "list-post", "mailing-list", "x-loop", "x-no-loop")


def _is_answerable(mail: ParsedMail) -> bool:
    suppressed = mail.header("x-auto-response-suppress").lower()
    if any(word in suppressed for word in ("all", "oof", "autoreply")):
        return False
    if any(name in mail.headers for name in _LIST_MARKS) or mail.header("precedence"):
        return False
    return bool(mail.from_address) and not (
        is_a_robot(mail.from_address) or _is_from_a_daemon(mail)
    )


def is_a_robot(address: str) -> bool:
    """An address that says of itself that nobody reads it."""
    return bool(_ROBOT.search(address.split("@")[0]))
