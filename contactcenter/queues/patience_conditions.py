"""What a visit tells of patience, for every page that speaks of it: one reading, not one a page."""

from sqlalchemy import and_, case, func, or_

from contactcenter.queues.conditions import WAIT, WAIT_ENDED
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import LEFT_EARLY, STAYED_TO_THE_END, Outcome
from contactcenter.tickets.models import Channel

# In line until something other than an answer or their own patience ended it.
TAKEN_OUT = frozenset({Outcome.MOVED, Outcome.KEY_EXIT, Outcome.CALLBACK})

STOOD = Visit.outcome.in_(sorted(STAYED_TO_THE_END | TAKEN_OUT | LEFT_EARLY))
LEFT = Visit.outcome.in_(sorted(LEFT_EARLY))
_SILENT_DOOR = or_(
    and_(Visit.channel == Channel.COUNTER, Visit.calls > 0),
    Visit.channel.in_((Channel.EMAIL, Channel.LETTER, Channel.WEB)),
)
# Missing when called, or found gone in writing: they left at some time before.
GONE = and_(LEFT, Visit.outcome != Outcome.WITHDRAWN, _SILENT_DOOR)
STOOD_FOR = case((GONE, func.coalesce(Visit.called_at, WAIT_ENDED) - Visit.entered_at), else_=WAIT)
# Who was found gone left half-way, for all that is known.
PATIENT_SECONDS = func.extract("epoch", STOOD_FOR) * case((GONE, 0.5), else_=1.0)
