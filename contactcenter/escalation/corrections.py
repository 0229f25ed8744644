"""What refusals alike say of the directory: proposed to an administrator, who decides."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory import actions as directory
from contactcenter.directory.models import Topic
from contactcenter.directory.queries import teams_of
from contactcenter.errors import Conflict
from contactcenter.escalation.chain_queries import alike, answers_topic, last_settled
from contactcenter.escalation.correction_models import DirectoryCorrection
from contactcenter.escalation.models import Referral, Refusal
from contactcenter.escalation.routing import where
from contactcenter.escalation.shown import request_of

ENOUGH = 3
LOOKS_BACK = timedelta(days=90)


def learn_from(refused: Referral) -> None:
    """Count what this refusal says with those alike; enough of them propose a correction."""
    ticket = request_of(refused)
    if ticket.topic_id is None or refused.refusal is None:
        return
    if refused.refusal is Refusal.NOT_OUR_TERRITORY:
        refused.place = where(ticket).district
        db.session.flush()  # it is counted with the others
        if not refused.place:
            return
    elif refused.refusal is not Refusal.NOT_OUR_FIELD:
        return
    _propose(ticket.topic_id, refused, refused.place)


def settle(correction: DirectoryCorrection, *, accept: bool, by: Person) -> None:
    """Change the directory as proposed, or keep it; the same is proposed again only anew."""
    if correction.settled_at is not None:
        raise Conflict(_("Cette proposition est déjà réglée."))
    correction.settled_at, correction.settled_by = clock.now(), by.id
    correction.is_accepted = accept
    if accept:
        _apply(correction, by)


def _propose(topic_id: int, refused: Referral, district: str) -> None:
    assert refused.refusal is not None
    if db.session.scalar(answers_topic(topic_id, refused.team_id)) is None:
        return  # the directory does not say that this team answers it
    now = clock.now()
    since = db.session.scalar(last_settled(topic_id, refused.team_id, district))
    counted = alike(
        topic_id,
        refused.team_id,
        refused.refusal,
        district,
        max(since or now - LOOKS_BACK, now - LOOKS_BACK),
    )
    refusals = db.session.scalar(counted) or 0
    if refusals < ENOUGH:
        return
    proposed = insert(DirectoryCorrection).values(
        centre_id=current_centre(),
        topic_id=topic_id,
        team_id=refused.team_id,
        district=district,
        refusals=refusals,
        proposed_at=now,
    )
    db.session.execute(
        proposed.on_conflict_do_update(
            index_elements=["centre_id", "topic_id", "team_id", "district"],
            index_where=DirectoryCorrection.settled_at.is_(None),
            set_={"refusals": refusals},
        )
    )


def _apply(correction: DirectoryCorrection, by: Person) -> None:
    topic = db.session.get_one(Topic, (correction.centre_id, correction.topic_id))
    if correction.district:
        directory.leave_out(topic, correction.team_id, correction.district, by=by)
        return
    answering = db.session.scalars(teams_of(topic)).all()
    left = [team_id for team_id in answering if team_id != correction.team_id]
    directory.choose_teams(topic, left, by=by)
