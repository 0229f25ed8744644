"""What is known of the citizens whose requests an article was drawn from."""

from collections.abc import Iterator, Sequence

from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.knowledge.models import Article, ArticleVersion
from contactcenter.knowledge.queries import sources
from contactcenter.knowledge.rules import Known, Trace, known_of, traces
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import going_on_with


def known_of_ticket(ticket: Ticket) -> Known:
    """As far as this scope may see the citizens; the reference tells of the request itself.

    Of all requests that were joined with it: their words stand together, perhaps of two persons.
    """
    joined = db.session.scalars(going_on_with(ticket)).all()
    return _together([_known_of_one(each) for each in joined])


def known_of_article(article: Article) -> Known:
    return _together([known_of_ticket(ticket) for ticket in _tickets(article)])


def _known_of_one(ticket: Ticket) -> Known:
    citizen = _citizen(ticket)
    if citizen is None:
        return known_of((), (ticket.reference,), (), ())
    return known_of(
        (citizen.name,),
        (ticket.reference, citizen.phone or ""),
        (citizen.email or "",),
        citizen.address.splitlines(),
    )


def _together(found: Sequence[Known]) -> Known:
    return Known(
        tuple(name for each in found for name in each.names),
        tuple(number for each in found for number in each.numbers),
        tuple(mail for each in found for mail in each.mails),
        tuple(address for each in found for address in each.addresses),
    )


def may_check(article: Article, person: Person) -> bool:
    """Whether this person's scope shows who the requests were about, so that a check can tell.

    What an expert was asked without identity shows nobody: only the centre can check it.
    """
    if not person.is_referent:
        return True
    behind = db.session.scalars(sources(article)).all()
    tickets = _tickets(article)
    return len(tickets) == len(behind) and all(
        ticket.citizen_id is None or _citizen(ticket) is not None for ticket in tickets
    )


def traces_in(article: Article, versions: Sequence[ArticleVersion]) -> list[Trace]:
    known = known_of_article(article)
    return list(dict.fromkeys(each for text in _texts(versions) for each in traces(text, known)))


def _texts(versions: Sequence[ArticleVersion]) -> Iterator[str]:
    for version in versions:
        yield from (version.title, version.question, version.answer, *version.papers)


def _tickets(article: Article) -> list[Ticket]:
    behind = db.session.scalars(sources(article))
    found = [db.session.get(Ticket, (each.centre_id, each.ticket_id)) for each in behind]
    return [each for each in found if each is not None]


def _citizen(ticket: Ticket) -> Citizen | None:
    if ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
