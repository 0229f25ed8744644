"""Handing a question to a named colleague of the same team: with a word, and the clock runs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import actions, ladder
from contactcenter.escalation.coverage import today_at
from contactcenter.escalation.events import ReferralHandedOn, ReferralNoted
from contactcenter.escalation.models import Referral, ReferralMessage, Side
from contactcenter.escalation.staffing_queries import absent_among, answering_for
from contactcenter.events import announce

HANDED = "handed"  # the kind of the words that go with it


@dataclass(frozen=True)
class Colleague:
    """Someone of the team; away until a day, and who stands in, if it is known."""

    person: Person
    away_until: date | None = None
    substitute: Person | None = None


class NotThere(Invalid):
    """Whom it was meant for is away; who stands in for them is offered."""

    def __init__(self, colleague: Colleague) -> None:
        name, stands_in = colleague.person.name, colleague.substitute
        if stands_in is None:
            words = _("%(name)s n’est pas là : choisissez quelqu’un d’autre.", name=name)
        else:
            words = _(
                "%(name)s n’est pas là ; %(substitute)s remplace cette personne.",
                name=name,
                substitute=stands_in.name,
            )
        super().__init__(words, "to")
        self.substitute = stands_in


def hand(
    referral: Referral, to_id: int, words: str, *, by: Person, is_one_of_many: bool = False
) -> None:
    """Give it to a colleague, who sees it first; its deadline stays as it is.

    What nobody had taken is taken by it. Raises Invalid for who does not answer for the team,
    NotThere for who is away, Conflict while a citizen is there.
    """
    actions.refuse_closed(referral)
    if ladder.awaits_live(referral):
        raise Conflict(_("Un usager attend : la question est à qui la prend."))
    to = _there(referral, to_id)
    if referral.taken_by == to.id:
        return _add_words(referral, to, words, by)
    if referral.taken_by is None:
        actions.take(referral, by=by)
    before, referral.taken_by = referral.taken_by, to.id
    referral.handed_at = clock.now() if to.id != by.id else None
    _keep_words(referral, to, words, by)
    announce(
        ReferralHandedOn(
            **actions.named(referral),
            from_person_id=before,
            to_person_id=to.id,
            person_id=by.id,
            is_one_of_many=is_one_of_many,
        )
    )
    return None


def colleagues(referral: Referral) -> Sequence[Colleague]:
    """Who answers for the team of a question, and who of them is away today."""
    team = db.session.get_one(Team, (referral.centre_id, referral.team_id))
    people = db.session.scalars(answering_for(team)).all()
    rows = db.session.execute(absent_among([each.id for each in people], today_at(team))).all()
    away = {row.Absence.person_id: (row.Absence.to_on, row.Person) for row in rows}
    return [Colleague(person, *away.get(person.id, (None, None))) for person in people]


def _there(referral: Referral, to_id: int) -> Person:
    found = next((each for each in colleagues(referral) if each.person.id == to_id), None)
    if found is None:
        raise Invalid(_("Choisissez une personne de cette équipe."), "to")
    if found.away_until is not None:
        raise NotThere(found)
    return found.person


def _add_words(referral: Referral, to: Person, words: str, by: Person) -> None:
    """Someone was faster: it is theirs already, and what is said of it goes with it."""
    if words.strip():
        _keep_words(referral, to, words, by)
        announce(ReferralNoted(**actions.named(referral), person_id=by.id))


def _keep_words(referral: Referral, to: Person, words: str, by: Person) -> None:
    """For the team only: to whom, and the words if there are any."""
    text = "\n".join([_("Pour %(name)s.", name=to.name), words.strip()]).strip()
    db.session.add(
        ReferralMessage(
            referral_id=referral.id,
            side=Side.REFERENT,
            kind=HANDED,
            text=text[: actions.LONGEST_TEXT],
            is_private=True,
            author_id=by.id,
            written_at=clock.now(),
        )
    )
