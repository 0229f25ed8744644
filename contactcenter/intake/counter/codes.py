"""The follow-up code that was given with a visit, to print it again."""

from contactcenter.intake.codes import code_of
from contactcenter.queues.models import Visit
from contactcenter.tickets.references import hash_code


def code_to_print(visit: Visit) -> str | None:
    """The code given with this visit; None if the secret key has changed since."""
    if visit.interaction_id is None:
        return None
    code = code_of(visit.centre_id, visit.interaction_id)
    return code if hash_code(code) == visit.follow_up_hash else None
