"""An expert answers the notice of a question by mail: told to the agent, if it is really them.

Two things are asked for: the sealed address or id that only the notice held, and a sender with an
account in the team that was asked. Anything else is refused, with a trace and one neutral answer.
"""

from flask import current_app
from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import team_ids
from contactcenter.db import current_centre, db
from contactcenter.directory.keeping import this_centre
from contactcenter.escalation import actions
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import visible_to
from contactcenter.intake.acknowledgement.queries import is_ours
from contactcenter.intake.mail import reply
from contactcenter.intake.mail.automatic import Classified
from contactcenter.intake.mail.files import keep_files
from contactcenter.intake.mail.message import ParsedMail
from contactcenter.intake.mail.sender_checks import is_authentic
from contactcenter.intake.mail.threading import notice_answered
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means
from contactcenter.notices.tokens import question_tagged
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.teamwork.actions import nudge_once
from contactcenter.teamwork.models import Why
from contactcenter.tickets.messages import LONGEST_TEXT
from contactcenter.triage.language import detect


def question_of(mail: ParsedMail, recipient: str) -> int | None:
    """The question whose notice this mail answers, as proved by what only we can write."""
    for address in (recipient, *mail.to, *mail.cc):
        if (referral_id := question_tagged(address, current_centre())) is not None:
            return referral_id
    notice = notice_answered(mail)
    return notice.referral_id if notice is not None and notice.ticket_id is None else None


def hear(receipt: Receipt, referral_id: int, mail: ParsedMail, kind: Classified) -> None:
    person = _sender(mail)
    referral = _question(referral_id, person) if person else None
    if kind.by_machine:
        if referral is not None and referral.is_open:
            nudge_once(referral.ticket_id, referral.asked_by, Why.ABSENT, text=mail.subject[:300])
        return receipts.settle(receipt, Fate.REJECTED, problem="automatic answer to a question")
    problem = _problem(mail, referral)
    if problem or person is None or referral is None:
        receipts.settle(receipt, Fate.REJECTED, problem=problem)
        return _tell_refused(mail, kind, referral_id, person)
    words = reply.visible(mail.text, mail.html)[:LONGEST_TEXT] or _("(Message sans texte)")
    actions.write_by_mail(referral, words, by=person)
    keep_files(referral.ticket_id, mail, receipt.raw or b"")  # for the agent
    return receipts.settle(receipt, Fate.ATTACHED, ticket_id=referral.ticket_id)


def _sender(mail: ParsedMail) -> Person | None:
    return db.session.scalar(
        db.select(Person).where(
            Person.centre_id == current_centre(),
            db.func.lower(Person.email) == mail.from_address.lower(),
            Person.disabled_at.is_(None),
        )
    )


def _question(referral_id: int, person: Person) -> Referral | None:
    """The question, locked, if it was put to a team of this person and may still be shared."""
    if not person.is_referent:
        return None
    return db.session.scalar(
        visible_to(person)
        .where(Referral.id == referral_id, Referral.team_id.in_(team_ids(person)))
        .with_for_update(of=Referral)
    )


def _problem(mail: ParsedMail, referral: Referral | None) -> str:
    """Why it is refused, for the ledger: neither who wrote nor what it is about."""
    if referral is None:
        return "answer to a question from an address that may not"
    if not is_authentic(mail, current_app.config["SETTINGS"].mail_authserv_id):
        return "answer to a question whose sender is not proved"
    return "" if referral.is_open else "answer to a question that is closed"


def _tell_refused(
    mail: ParsedMail, kind: Classified, referral_id: int, person: Person | None
) -> None:
    """Once for each address and question; it says nothing about either."""
    address = mail.from_address
    if not kind.answerable or not address or db.session.scalar(is_ours(address)):
        return
    language = person.language if person else detect(f"{mail.subject}\n{mail.text}") or "fr"
    with speaking(language, this_centre().timezone):
        subject = _("Votre courriel n’a pas été pris en compte")
        body = _(
            "Bonjour,\n\n"
            "Votre courriel ne peut pas être ajouté à la question : répondez dans la page, après"
            " vous être identifié, ou depuis l’adresse de votre compte.\n\n"
            "Ce message est automatique et n’est envoyé qu’une fois.\n"
        )
    notices.write(
        kind="mail_refused",
        means=Means.EMAIL,
        to_address=address,
        subject=subject,
        body=body,
        language=language,
        dedupe_key=f"mail_refused:{referral_id}:{address.lower()}",
    )
