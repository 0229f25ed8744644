"""The pages of giving work out: the rule of each queue, and what each person can do."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.queries import people_of
from contactcenter.administration import choices
from contactcenter.administration.entries import KINDS
from contactcenter.administration.routing_forms import RoutingForm
from contactcenter.administration.work_form import day_ends, last_day, read_loan, read_work
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.queues import loan_effects, loans, routing_actions
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.queries import queues_of
from contactcenter.queues.routing_models import LEVELS, Loan, PersonSkill, QueueLevel, WorkLimit

blueprint = Blueprint("routing", __name__)


@blueprint.get("/directory/queues/<int:queue_id>/routing")
@requires(Permission.EDIT_DIRECTORY)
def show_rule(queue_id: int) -> ResponseReturnValue:
    queue = _queue(queue_id)
    return _rule_page(queue, RoutingForm.of(routing_actions.rule_of(queue)))


@blueprint.post("/directory/queues/<int:queue_id>/routing")
@requires(Permission.EDIT_DIRECTORY)
def update_rule(queue_id: int) -> ResponseReturnValue:
    queue, form = _queue(queue_id), RoutingForm()
    if form.validate_on_submit() and form.overflow_to.data == queue.id:
        form.overflow_to.errors = [_("Choisissez une autre file que celle-ci.")]
    if form.errors:
        return _rule_page(queue, form), 422
    routing_actions.keep_rule(queue, form.values(), by=g.person)
    flash(_("%(name)s : c’est gardé.", name=queue.name))
    return redirect(url_for("administration.list_entries", kind="queues"), 303)


@blueprint.get("/people/<int:person_id>/work")
@requires(Permission.MANAGE_PEOPLE)
def show_work(person_id: int) -> ResponseReturnValue:
    return _work_page(_person(person_id))


@blueprint.post("/people/<int:person_id>/work")
@requires(Permission.MANAGE_PEOPLE)
def update_work(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    try:
        work = read_work(
            request.form,
            skill_ids=known_routing().names,
            queue_ids=_served(person),
            timezone=g.centre.timezone,
        )
    except Invalid as wrong:
        return _work_page(person, wrong), 422
    routing_actions.keep_work(person, work, by=g.person)
    flash(_("%(name)s : c’est gardé.", name=person.name))
    return redirect(url_for("routing.show_work", person_id=person.id), 303)


@blueprint.post("/people/<int:person_id>/loans")
@requires(Permission.MANAGE_PEOPLE)
def create_loan(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    try:
        lent = read_loan(request.form, queue_ids=choices.queues())
        ends_at = day_ends(lent.until_on, g.centre.timezone)
        loans.lend(
            person,
            _queue(lent.queue_id),
            level=lent.level,
            begins_at=clock.now(),
            ends_at=ends_at,
            by=g.person,
        )
    except Invalid as wrong:
        return _work_page(person, wrong), 422
    flash(_("Prêt noté : l’accès finit avec lui."))
    return redirect(url_for("routing.show_work", person_id=person.id), 303)


@blueprint.post("/people/<int:person_id>/loans/<int:loan_id>/end")
@requires(Permission.MANAGE_PEOPLE)
def end_loan(person_id: int, loan_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    loan = db.session.scalar(
        select(Loan)
        .where(Loan.centre_id == g.centre.id, Loan.person_id == person.id, Loan.id == loan_id)
        .with_for_update()
    )
    if loan is None:
        raise NotFound
    loans.give_back(loan, by=g.person)
    flash(_("Le prêt est fini."))
    return redirect(url_for("routing.show_work", person_id=person.id), 303)


def _queue(queue_id: int) -> Queue:
    """One where citizens wait: a team's own queues are given out by the team."""
    queue = db.session.get(Queue, (g.centre.id, queue_id))
    if queue is None or queue.team_id is not None:
        raise NotFound
    return queue


def _person(person_id: int) -> Person:
    """One of the centre's own staff."""
    person = db.session.scalar(people_of(g.centre.id).where(Person.id == person_id))
    if person is None or person.is_referent:
        raise NotFound
    return person


def _served(person: Person) -> dict[int, str]:
    return {queue.id: queue.name for queue in db.session.scalars(queues_of(person))}


def _rule_page(queue: Queue, form: RoutingForm) -> str:
    routing = known_routing()
    asked = routing.of_queue.get(queue.id, ())
    return render_template(
        "administration/routing.html",
        kinds=KINDS,
        kind=KINDS["queues"],
        queue=queue,
        form=form,
        skills=[(each, routing.names[each]) for each in sorted(asked)],
    )


def _work_page(person: Person, wrong: Invalid | None = None) -> str:
    """What was sent stands there again when it could not be kept."""
    routing = known_routing()
    return render_template(
        "administration/work.html",
        entry=person,
        wrong=wrong,
        sent=request.form if wrong else _kept(person),
        skills=sorted(routing.names.items(), key=lambda each: each[1].casefold()),
        queues=_served(person),
        others=choices.queues(),
        levels=LEVELS,
        loans=db.session.execute(loans.loans_of(person)).all(),
        effects=loan_effects.effects(person, include_rehearsal=g.centre.rehearsing),
    )


def _kept(person: Person) -> dict[str, str]:
    """What is noted, as the page sends it."""
    sent = {f"skill-{each.skill_id}": str(each.level) for each in _rows(PersonSkill, person)}
    for each in _rows(PersonSkill, person):
        if each.until_at is not None:
            last = last_day(each.until_at, g.centre.timezone)
            sent[f"until-{each.skill_id}"] = last.isoformat()
    sent |= {f"queue-{each.queue_id}": str(each.level) for each in _rows(QueueLevel, person)}
    limits = {each.kind: each.most for each in _rows(WorkLimit, person)}
    if limits.get(QueueKind.PHONE) != 0:
        sent["calls"] = "y"
    if QueueKind.WRITTEN in limits:
        sent["written"] = str(limits[QueueKind.WRITTEN])
    return sent


def _rows(table: Any, person: Person) -> list[Any]:
    of_person = (table.centre_id == person.centre_id, table.person_id == person.id)
    return list(db.session.scalars(select(table).where(*of_person)))
