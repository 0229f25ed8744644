"""Who read what was shared: each reading by an expert is written down."""

from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.attachments.models import Attachment
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation.actions import named
from contactcenter.escalation.events import PaperRead, ReferralRead
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import papers_of, read_since
from contactcenter.events import announce


def read(referral: Referral, *, by: Person) -> None:
    """Write down that a referent opened the question: once a day and person is enough."""
    if referral.taken_by == by.id:
        referral.handed_at = None
    since = clock.now() - timedelta(days=1)
    if db.session.scalar(read_since(referral, by, since).limit(1)) is None:
        announce(ReferralRead(**named(referral), person_id=by.id))


def read_paper(referral: Referral, attachment_id: int, *, by: Person) -> Attachment:
    """Hand out a paper that was sent along, and write down who read it. Raises NotFound."""
    paper = db.session.scalar(papers_of(referral).where(Attachment.id == attachment_id))
    if paper is None:
        raise NotFound(_("Ce papier n’existe pas, ou n’a pas été envoyé à votre équipe."))
    announce(PaperRead(**named(referral), attachment_id=paper.id, person_id=by.id))
    return paper
