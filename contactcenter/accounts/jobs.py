"""Sessions and invitations that ended are forgotten after a while."""

from datetime import timedelta

from sqlalchemy import delete, func

from contactcenter import clock
from contactcenter.accounts.models import Invitation, SignedInSession
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep

KEPT = timedelta(days=30)


@sweep(every_seconds=3600)
def forget_ended() -> None:
    before = clock.now() - KEPT
    session_ended = func.least(SignedInSession.expires_at, SignedInSession.revoked_at)
    invitation_ended = func.least(Invitation.expires_at, Invitation.used_at)
    for table, ended_at in ((SignedInSession, session_ended), (Invitation, invitation_ended)):
        db.session.execute(
            delete(table)
            .where(table.centre_id == current_centre(), ended_at < before)
            .execution_options(synchronize_session=False)
        )
