"""An article drawn from what was answered once, without anything of whom it was answered."""

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.knowledge import actions
from contactcenter.knowledge.actions import Source, Words
from contactcenter.knowledge.models import Article
from contactcenter.knowledge.queries import drawn_from
from contactcenter.knowledge.rules import without
from contactcenter.knowledge.sources import known_of_ticket
from contactcenter.tickets.models import Ticket


def draw(
    topic: Topic,
    answer: str,
    language: str,
    *,
    source: Source,
    by: Person,
    team: Team | None = None,
) -> Article:
    """A draft of the answer; the question is left to be written by hand.

    Drawn twice from the same question it is the same article. With the team that answered, its
    organisation reads it too. The caller holds the lock of the ticket or of the question.
    """
    known = db.session.scalar(drawn_from(by, source.ticket_id, source.referral_id))
    if known is not None:
        return known
    ticket = db.session.get(Ticket, (by.centre_id, source.ticket_id))
    said = without(answer, known_of_ticket(ticket)) if ticket else answer
    return actions.draft(
        topic,
        language,
        Words(topic.label_in(language), "", said[: actions.LONGEST_ANSWER]),
        by=by,
        source=source,
        team=team,
        is_shared=team is not None,
    )
