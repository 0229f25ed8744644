"""What an agent writes on a request: replies, notes, drafts; and who else is there."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import placeholders, presence, writing
from contactcenter.desk.filters import number
from contactcenter.desk.forms import NoteForm, ReplyForm
from contactcenter.desk.listing import Asked
from contactcenter.desk.macro_routes import carry_out_acts
from contactcenter.desk.seen import citizen_of, visible
from contactcenter.desk.teamwork import called_in
from contactcenter.desk.ticket_routes import back, carry_out, finish_undoable, onward, page_of
from contactcenter.desk.words import speak
from contactcenter.desk.writing import Seen
from contactcenter.errors import Conflict
from contactcenter.fields import whole_number
from contactcenter.replies import actions as replies
from contactcenter.replies.macro_queries import called, usable_by
from contactcenter.replies.models import HeldReply, Kind, Macro, Then
from contactcenter.replies.queries import draft_of, held_of, hold_of, said_by, said_meanwhile
from contactcenter.replies.rules import left_in
from contactcenter.replies.ways import LEAVES, Way, way_of_reply
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, Ticket
from contactcenter.tickets.queries import notes_since

blueprint = Blueprint("writing", __name__)

WRITTEN = "text"  # where one writes: who comes back to it has the keyboard there
speak(blueprint)


@dataclass(frozen=True)
class Meanwhile:
    """What others added while someone wrote."""

    messages: list[Message] = field(default_factory=list)
    leaving: list[HeldReply] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.messages or self.leaving)


@blueprint.post("/tickets/<reference>/replies")
@requires(Permission.WORK_TICKETS)
def create_reply(reference: str) -> ResponseReturnValue:
    """Send a reply, unless something is in its way: then the page says what, and keeps the text."""
    ticket, form = tickets.lock(reference, person=g.person), ReplyForm()
    if not form.validate():
        return page_of(ticket, reply=form), 422
    seen = Seen.parse(form.seen.data or "")
    if _is_sent_already(ticket, form.text.data, seen):
        flash(_("Cette réponse était déjà envoyée : elle n’est pas partie deux fois."))
        return back(reference)
    if not ticket.is_open:
        return _finished(ticket, form)
    if empty := left_in(form.text.data):
        form.text.errors = [placeholders.refusal(empty)]
        return page_of(ticket, reply=form), 422
    if meanwhile := _meanwhile(ticket, seen):
        return page_of(ticket, reply=form, meanwhile=meanwhile), 409
    return _send(ticket, form)


@blueprint.post("/tickets/<reference>/held-replies/<int:held_id>/recall")
@requires(Permission.WORK_TICKETS)
def create_recall(reference: str, held_id: int) -> ResponseReturnValue:
    """Call back one's own reply: the text is in the place one writes in again."""
    ticket = tickets.lock(reference, person=g.person)
    try:
        replies.recall(ticket, held_id, by=g.person)
    except Conflict as too_late:
        flash(str(too_late), "error")
        return back(reference)
    flash(_("Envoi annulé : rien n’est parti, votre texte est là."))
    return back(reference, _anchor=WRITTEN)


@blueprint.post("/tickets/<reference>/notes")
@requires(Permission.WORK_TICKETS)
def create_note(reference: str) -> ResponseReturnValue:
    ticket, form = tickets.lock(reference, person=g.person), NoteForm()
    if not form.validate():
        return page_of(ticket, note=form), 422
    if not _is_noted_already(ticket, form):
        tickets.note(ticket, form.text.data, by=g.person)
    replies.drop_draft(ticket, kind=Kind.NOTE, by=g.person)
    _say_kept(ticket, form.text.data)
    return back(reference)


@blueprint.post("/tickets/<reference>/drafts")
@requires(Permission.WORK_TICKETS)
def create_draft(reference: str) -> ResponseReturnValue:
    """Keep what is typed; the page does so by itself while one types."""
    ticket = tickets.lock(reference, person=g.person)
    kind = Kind.NOTE if request.form.get("kind") == "note" else Kind.REPLY
    text, named = request.form.get("text", ""), request.form.get("draft", type=whole_number)
    if request.headers.get("X-Draft"):
        named = named or 0
    try:
        draft = replies.keep_draft(ticket, text, kind=kind, by=g.person, draft_id=named)
    except Conflict as taken:
        if request.headers.get("X-Draft"):
            return {"problem": str(taken)}, 409
        raise
    if request.headers.get("X-Draft"):
        return {"draft": draft.id if draft else None}
    if request.form.get("next") == "macros":
        return redirect(url_for("macros.choose_macro", reference=reference), 303)
    return back(reference)


@blueprint.post("/tickets/<reference>/drafts/<int:draft_id>/takeover")
@requires(Permission.WORK_TICKETS)
def create_takeover(reference: str, draft_id: int) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    draft = replies.take_over(ticket, draft_id, by=g.person)
    flash(_("Le brouillon est à vous : son auteur en est prévenu."))
    return back(reference, write="note" if draft.kind is Kind.NOTE else None, _anchor=WRITTEN)


@blueprint.post("/tickets/<reference>/drafts/macro")
@requires(Permission.WORK_TICKETS)
def create_macro_draft(reference: str) -> ResponseReturnValue:
    """Put a ready-made reply under what is typed; what it lacks is named.

    One without words does what it does at once; the message has the way back.
    """
    ticket = tickets.lock(reference, person=g.person)
    macro, typed = _macro(), _typed(ticket)
    if macro is None:
        replies.keep_draft(ticket, typed, kind=Kind.REPLY, by=g.person)
        flash(_("Aucune réponse type n’a ce nom ni cette clé."), "error")
        return back(reference)
    if not macro.texts:
        replies.keep_draft(ticket, typed, kind=Kind.REPLY, by=g.person)
        return carry_out_acts(ticket, macro)
    filled = placeholders.filled(macro, ticket, g.person, g.centre.name)
    text = "\n\n".join(each for each in (typed.rstrip(), filled.text) if each)
    replies.keep_draft(ticket, text, kind=Kind.REPLY, by=g.person, macro_id=macro.id)
    if filled.empty:
        flash(placeholders.refusal(filled.empty), "error")
    return back(reference, _anchor=WRITTEN)


@blueprint.post("/tickets/<reference>/drafts/plain")
@requires(Permission.WORK_TICKETS)
def create_plain_draft(reference: str) -> ResponseReturnValue:
    """Keep the words of a ready-made reply without what would follow from it."""
    ticket = tickets.lock(reference, person=g.person)
    replies.keep_draft(ticket, request.form.get("text", ""), kind=Kind.REPLY, by=g.person)
    replies.without_macro(ticket, by=g.person)
    return back(reference, _anchor=WRITTEN)


@blueprint.get("/tickets/<reference>/presence")
@requires(Permission.WORK_TICKETS)
def show_presence(reference: str) -> ResponseReturnValue:
    return _presence(visible(reference))


@blueprint.post("/tickets/<reference>/presence")
@requires(Permission.WORK_TICKETS)
def create_presence(reference: str) -> ResponseReturnValue:
    """An open page says that it is still there, or that it closes."""
    ticket = visible(reference)
    if request.form.get("state") == "closed":
        presence.leave(ticket, g.person)
    else:
        presence.look(ticket, g.person, is_writing=request.form.get("state") == "writing")
    return _presence(ticket)


def _presence(ticket: Ticket) -> str:
    return render_template(
        "desk/_presence.html",
        ticket=ticket,
        writing=writing.gather(ticket, g.person),
        asked=Asked.from_address(),
    )


def _is_sent_already(ticket: Ticket, text: str, seen: Seen) -> bool:
    """The same page sent twice, because its first answer was lost on the way."""
    said = db.session.scalars(said_by(ticket, g.person, seen.message_id))
    held = db.session.scalars(held_of(ticket).where(HeldReply.person_id == g.person.id))
    texts = [*(message.text for message in said), *(reply.text for reply in held)]
    return text.strip() in (each.strip() for each in texts)


def _say_kept(ticket: Ticket, note: str) -> None:
    """The note is kept; whom it tells, and what it calls that nobody is."""
    told, nobody = called_in(note, ticket, but=g.person)
    names = ", ".join(told)
    flash(
        ngettext(
            "Note gardée. %(names)s la trouvera dans « Pour moi ».",
            "Note gardée. %(names)s la trouveront dans « Pour moi ».",
            len(told),
            names=names,
        )
        if told
        else _("Note gardée, pour l’équipe seule.")
    )
    for name in nobody:
        flash(
            _(
                "« @%(name)s » ne désigne personne de l’équipe à lui seul : "
                "personne n’est prévenu. Écrivez le nom entier.",
                name=name,
            ),
            "error",
        )


def _is_noted_already(ticket: Ticket, form: NoteForm) -> bool:
    """The same form came twice: the ticket is locked, so the first one is there to be seen."""
    seen = number(form.seen.data or "")
    if seen is None:
        return False
    since = notes_since(ticket, seen).where(Message.author_id == g.person.id)
    texts = [note.text.strip() for note in db.session.scalars(since)]
    return str(form.text.data).strip() in texts


def _finished(ticket: Ticket, form: ReplyForm) -> ResponseReturnValue:
    """Someone ended the request while one wrote: the text waits for it to be opened again."""
    replies.keep_draft(ticket, form.text.data, kind=Kind.REPLY, by=g.person)
    problem = _(
        "La demande a changé entre-temps : elle est terminée, rien n’est parti. Votre texte est"
        " gardé en brouillon : rouvrez la demande pour l’envoyer."
    )
    return page_of(ticket, problem=problem), 409


def _meanwhile(ticket: Ticket, seen: Seen) -> Meanwhile:
    newer = db.session.scalars(said_meanwhile(ticket, g.person, seen.message_id)).all()
    leaving = held_of(ticket).where(HeldReply.person_id != g.person.id, HeldReply.id > seen.held_id)
    return Meanwhile(list(newer), list(db.session.scalars(leaving)))


def _send(ticket: Ticket, form: ReplyForm) -> ResponseReturnValue:
    """Record what was said, keep a letter to print, or let it leave after the time to undo."""
    way = way_of_reply(ticket, citizen_of(ticket))
    macro, seconds = _macro_of(form), round(hold_of(g.person).total_seconds())
    then = Then(form.then.data) if form.then.data in set(Then) else macro.then if macro else None
    sent: dict[str, Any] = {"then": then, "macro_id": macro.id if macro else None}
    if way in LEAVES and seconds:
        held = replies.hold(ticket.id, form.text.data, by=g.person, seconds=seconds, **sent)
        replies.drop_draft(ticket, kind=Kind.REPLY, by=g.person)
        flash(_held_words(ticket, held, seconds))
        return onward(ticket.reference)

    def say() -> None:
        if way is Way.SAID:
            replies.note_said(ticket, form.text.data, by=g.person, **sent)
        else:
            replies.say(ticket, form.text.data, by=g.person, **sent)
        replies.drop_draft(ticket, kind=Kind.REPLY, by=g.person)

    return carry_out(ticket, say, _told(ticket, then), reply=form)


def _held_words(ticket: Ticket, held: HeldReply, seconds: int) -> Any:
    address = url_for("writing.create_recall", reference=ticket.reference, held_id=held.id)
    return {
        "text": ngettext(
            "La réponse part dans %(num)d seconde.",
            "La réponse part dans %(num)d secondes.",
            seconds,
        ),
        "undo": address,
        "undo_word": _("Annuler l’envoi"),
        "seconds": seconds,
    }


def _told(ticket: Ticket, then: Then | None) -> object:
    if then is Then.RESOLVE:
        return finish_undoable(ticket, _("Réponse gardée, demande terminée."))
    if then is Then.WAIT:
        return _("Réponse gardée. La demande attend l’usager.")
    return _("Réponse gardée.")


def _macro() -> Macro | None:
    """The ready-made reply that was chosen: by its number, its key or its name."""
    if number := request.form.get("macro_id", type=whole_number):
        return db.session.scalar(usable_by(g.person).where(Macro.id == number))
    words = request.form.get("macro", "")
    return db.session.scalar(called(g.person, words)) if words.strip() else None


def _typed(ticket: Ticket) -> str:
    """What stands before a ready-made reply: the text sent along, or one's draft."""
    if "text" in request.form:
        return request.form["text"]
    draft = db.session.scalar(draft_of(ticket, g.person, Kind.REPLY))
    return draft.text if draft else ""


def _macro_of(form: ReplyForm) -> Macro | None:
    """What the reply began with, as the page that was sent said it."""
    number = form.macro_id.data or ""
    if not number.isdecimal() or len(number) > 18:
        return None
    return db.session.scalar(usable_by(g.person).where(Macro.id == int(number)))
