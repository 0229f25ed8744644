"""Short ways to set a scene for the desk's tests."""

import re

from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, MessageKind, Ticket


def opened(app, world, text="", subject="Question", **more):
    """A request by e-mail in the written queue of the small centre, committed and detached."""
    settings = {"channel": Channel.EMAIL, "language": "fr", "site_id": world.site_id} | more
    settings.setdefault("queue_id", world.written_queue_id)
    with app.test_request_context(), within(Scope(world.centre_id)):
        with transaction():
            ticket = tickets.open_ticket(subject, text=text, **settings)
        db.session.refresh(ticket)
        db.session.expunge(ticket)
    return ticket


def heard(app, ticket, text):
    with app.test_request_context(), within(Scope(ticket.centre_id)), transaction():
        tickets.hear(tickets.get(ticket.id), text)


def reload(app, ticket):
    with app.app_context(), within(Scope(ticket.centre_id)):
        return db.session.get_one(Ticket, (ticket.centre_id, ticket.id))


def change(app, ticket, act):
    with app.test_request_context(), within(Scope(ticket.centre_id)), transaction():
        act(tickets.get(ticket.id))


def far(app, world, text="", subject="Question lointaine", **more):
    settings = {"site_id": world.other_site_id, "queue_id": world.referral_queue_id} | more
    return opened(app, world, text, subject, channel=Channel.COUNTER, **settings)


def lambertin(app, world, **more):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        return citizens.create(name="Josette Lambertin", **more).id


def rows(app, world, model):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(model).order_by(model.id)).all()


def said(app, world, kind=MessageKind.REPLY):
    return [each.text for each in rows(app, world, Message) if each.kind is kind]


def act(browser, ticket, noun, **form):
    return browser.post(f"/tickets/{ticket.reference}/{noun}", data=form)


def page(browser, ticket, **query):
    return browser.get(f"/tickets/{ticket.reference}", query_string=query).text


def seen(browser, ticket):
    return page(browser, ticket).split('name="seen" value="')[1].split('"')[0]


def shown(page):
    """References of the rows, in order."""
    body = page.split("data-rows")[1].split("</ul>")[0] if "data-rows" in page else ""
    return re.findall(r'href="/tickets/(\d{4}-\d+)', body)


def listed(browser, **asked):
    answer = browser.get("/tickets", query_string=asked)
    assert answer.status_code == 200
    return shown(answer.text)


def found(browser, words, **more):
    answer = browser.get("/tickets", query_string={"q": words, **more})
    assert answer.status_code == 200
    return answer.text
