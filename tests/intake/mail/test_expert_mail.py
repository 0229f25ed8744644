"""An expert answers a notice by mail, through the real door: token and sender, or a neutral no."""

import smtplib

import pytest

from config import Settings
from contactcenter.attachments.models import Attachment
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import actions
from contactcenter.escalation.models import Referral, ReferralMessage, ReferralStatus
from contactcenter.intake.mail.message import read
from contactcenter.intake.mail.sender_checks import is_authentic
from contactcenter.notices import mail as mails
from contactcenter.notices.models import Notice
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.teamwork.models import Nudge, Why
from contactcenter.tickets.models import Ticket
from tests.intake.mail.letters import letter, mail, pieces

ANSWER = """Oui, cet avis est définitif.

Le lun. 23 nov. 2026 à 10:00, Centre <contact@orme.example> a écrit :
> Une question attend votre équipe
"""


@pytest.fixture
def notice(app, world, asked_id, worker):
    """The notice of the question as it left, for the referent."""
    worker.run_all()
    with app.app_context(), within(Scope(world.centre_id)):
        wanted = db.select(Notice).where(
            Notice.kind == "referral_asked", Notice.to_address == world.referent.email
        )
        return mails.compose(db.session.scalars(wanted).one())


@pytest.fixture
def post(listener, world, worker, notice):
    """Answer the notice through the door."""

    def send(raw: bytes, to: str | None = None) -> None:
        with smtplib.LMTP("127.0.0.1", listener) as client:
            client.sendmail("bounce@x.example", [to or str(notice["Reply-To"])], raw)
        worker.run_all()

    return send


def by_mail(kept) -> list[str]:
    return [each.text for each in kept(ReferralMessage, ReferralMessage.kind == actions.BY_MAIL)]


def refusals(kept) -> list[Notice]:
    return kept(Notice, Notice.kind == "mail_refused")


def test_the_notice_says_where_to_answer_and_nothing_of_the_case(notice, asked_id):
    assert f"+r{asked_id}-" in notice["Reply-To"]
    assert "Lambertin" not in notice.as_string()
    assert "impôt" not in notice["Subject"]


def test_an_experts_mail_reaches_the_agent_once_without_what_it_quotes(
    post, kept, world, sign_in, matter
):
    raw = mail(ANSWER, sender=world.referent.email)
    post(raw)
    post(raw)
    assert by_mail(kept) == ["Oui, cet avis est définitif."]
    assert [each.fate for each in kept(Receipt)] == [Fate.ATTACHED]
    (referral,) = kept(Referral)
    assert (referral.status, referral.taken_by) == (ReferralStatus.TAKEN, world.referent.id)
    assert len(kept(Ticket)) == 1
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals").text
    assert "Oui, cet avis est définitif." in page
    assert "C’est la réponse" in page


def test_the_agent_takes_it_for_the_answer(post, kept, world, sign_in, asked_id):
    post(mail(ANSWER, sender=world.referent.email))
    (message,) = kept(ReferralMessage, ReferralMessage.kind == actions.BY_MAIL)
    path = f"/referrals/{asked_id}/acceptance"
    assert sign_in(world.outsider).post(path, data={"message": message.id}).status_code == 404
    assert sign_in(world.agent).post(path, data={"message": message.id}).status_code == 303
    (referral,) = kept(Referral)
    assert (referral.status, referral.closing_text) == (
        ReferralStatus.ANSWERED,
        "Oui, cet avis est définitif.",
    )


def test_papers_that_come_along_are_kept(post, kept, world, matter):
    paper = (
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename=decision.pdf\n\n"
        "%PDF-1.4 essai"
    )
    words = "Content-Type: text/plain; charset=utf-8\n\nVoir la décision."
    post(pieces(words, paper, from_=world.referent.email))
    names = [each.name for each in kept(Attachment, Attachment.ticket_id == matter.ticket_id)]
    assert "decision.pdf" in names


@pytest.mark.parametrize("who", ["other_referent", "agent", None])
def test_anyone_else_is_refused_with_a_trace_and_one_neutral_answer(post, kept, world, who):
    sender = getattr(world, who).email if who else "intrus@ailleurs.example"
    for number in range(2):
        post(mail(ANSWER, sender=sender, Message_ID=f"<{number}@ailleurs.example>"))
    assert by_mail(kept) == []
    assert {each.fate for each in kept(Receipt)} == {Fate.REJECTED}
    (told,) = refusals(kept)
    assert told.to_address == sender
    assert "Lambertin" not in told.body
    assert len(kept(Ticket)) == 1


def test_a_machine_is_refused_and_gets_no_answer(post, kept, world):
    post(mail("Absent.", sender=world.referent.email, Auto_Submitted="auto-replied"))
    assert (by_mail(kept), refusals(kept)) == ([], [])
    assert [each.fate for each in kept(Receipt)] == [Fate.REJECTED]


def test_a_forged_token_is_a_mail_like_any_other(post, kept, world, notice):
    seal = str(notice["Reply-To"]).partition("-")[2].partition("@")[0]
    forged = str(notice["Reply-To"]).replace(seal, "0" * 20)
    post(mail(ANSWER, sender=world.referent.email), to=forged)
    assert by_mail(kept) == []
    assert len(kept(Ticket)) == 2


def test_a_closed_question_takes_no_more_words(post, kept, app, world, asked_id):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.withdraw(actions.get(asked_id), "Plus besoin.", by=world.agent)
    post(mail(ANSWER, sender=world.referent.email))
    assert (by_mail(kept), len(refusals(kept))) == ([], 1)


def test_where_the_mail_server_is_trusted_its_verdict_counts(
    post, kept, world, settings: Settings, monkeypatch
):
    monkeypatch.setattr(settings, "mail_authserv_id", "mx.centre.example")
    told = "mx.centre.example; dmarc=fail header.from=orme.example"
    post(mail(ANSWER, sender=world.referent.email, Authentication_Results=told))
    assert by_mail(kept) == []
    told = "mx.centre.example; dmarc=pass header.from=orme.example"
    right = mail(
        ANSWER, sender=world.referent.email, Message_ID="<2@x>", Authentication_Results=told
    )
    post(right)
    assert len(by_mail(kept)) == 1


@pytest.mark.parametrize(
    ("results", "is_proved"),
    [
        ("mx.example; dmarc=pass header.from=caf.example", True),
        ("mx.example; dkim=pass (2048) header.d=caf.example", True),
        ("mx.example; spf=pass smtp.mailfrom=a@caf.example; dkim=none", True),
        ("mx.example; spf=pass smtp.mailfrom=a@evil.example", False),
        ('mx.example; spf=pass smtp.mailfrom="a b"@caf.example', True),
        ("mx.example; spf=fail (b(c;d) e) smtp.mailfrom=x; dkim=pass header.d=caf.example", True),
        ('mx.example; spf=fail smtp.mailfrom="x;dmarc=pass"@evil.example', False),
        ('mx.example; spf=fail (from="a(b);dmarc=pass"@evil.example) x=y', False),
        ('mx.example; spf=fail (a"b) smtp.mailfrom="x;dmarc=pass"@evil.example', False),
        (r'mx.example; spf=fail smtp.mailfrom="x\";dmarc=pass"@evil.example', False),
        ("mx.example; spf=fail (a;dmarc=pass", False),
        ('mx.example; spf=pass smtp.mailfrom="x smtp.mailfrom=caf.example"@evil.example', False),
        ("mx.example; spf=pass smtp.mailfrom=evil.example header.from=caf.example", False),
        ("mx.example; dkim=fail header.d=caf.example", False),
        ("mx.example; dkim=pass header.d=afcaf.example", False),
        ("other.example; dmarc=pass header.from=caf.example", False),
        ("mx.example (dmarc=pass); spf=none", False),
        ("", False),
    ],
)
def test_only_the_trusted_servers_verdict_on_the_senders_domain_proves(results, is_proved):
    raw = letter(from_="Agent <a@caf.example>", authentication_results=results)
    assert is_authentic(read(raw), "mx.example") is is_proved
    assert is_authentic(read(raw), "")


def test_an_expert_who_is_away_is_told_to_who_asked(post, kept, world):
    away = {"subject": "Absence du bureau", "Auto_Submitted": "auto-replied"}
    post(mail("Je reviens lundi.", sender=world.referent.email, **away))
    assert [(each.person_id, each.why) for each in kept(Nudge)] == [(world.agent.id, Why.ABSENT)]
