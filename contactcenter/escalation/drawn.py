"""An article drawn from an expert's answer, by the one who gave it or a colleague."""

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Conflict
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.knowledge.actions import Source
from contactcenter.knowledge.drawing import draw
from contactcenter.knowledge.models import Article
from contactcenter.knowledge.queries import topics_for


def article_of(referral: Referral, language: str, *, by: Person) -> Article:
    """Of the topic it was asked under, else of the first of one's own. Raises Conflict unless
    the question is answered.
    """
    if referral.status is not ReferralStatus.ANSWERED or not referral.closing_text:
        raise Conflict(_("Seule une question répondue devient une fiche."))
    topic_id = referral.topic_id
    topic = db.session.get(Topic, (referral.centre_id, topic_id)) if topic_id else None
    topic = topic or db.session.scalars(topics_for(by).order_by(Topic.id).limit(1)).first()
    if topic is None:
        raise Conflict(_("Votre organisme n’a pas de motif : demandez-en un au centre."))
    return draw(
        topic,
        referral.closing_text,
        language,
        source=Source(referral.shown_ticket_id, referral.id),
        team=db.session.get_one(Team, (referral.centre_id, referral.team_id)),
        by=by,
    )
