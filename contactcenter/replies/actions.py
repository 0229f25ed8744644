"""The verbs of what is being written: keep a draft, take it over, hold a reply, call it back."""

from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.replies import macro_actions
from contactcenter.replies.events import AnswerLeaves, DraftTaken, ReplyHeld, ReplyRecalled
from contactcenter.replies.models import Draft, HeldReply, Kind, Then
from contactcenter.replies.queries import draft_of, forgotten_drafts, said_meanwhile
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.messages import LONGEST_TEXT
from contactcenter.tickets.models import Message, MessageKind, Status, Ticket

JUST_SENT = timedelta(seconds=30)
KEPT_FOR = timedelta(days=60)


def keep_draft(
    ticket: Ticket,
    text: str,
    *,
    kind: Kind,
    by: Person,
    draft_id: int | None = None,
    macro_id: int | None = None,
) -> Draft | None:
    """Keep what is typed so far; no text is no draft, and None.

    `draft_id` is the draft the page has been writing, 0 if none yet: if a colleague took it over
    meanwhile, this raises Conflict and keeps nothing; and of a draft that the page does not know,
    such as a reply called back since, no word is lost. A late save of what was just sent is no
    draft either.
    """
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Ce texte est trop long : joignez-le comme fichier."), "text")
    _refuse_taken(ticket, draft_id, by)
    draft = _own(ticket, by, kind)
    if draft is not None and draft_id not in (None, draft.id):
        text = _with(draft.text, text)[:LONGEST_TEXT]
    if not text.strip() or (draft is None and _was_just_sent(ticket, text, by)):
        if draft is not None:
            _forget(draft)
        return None
    if draft is None:
        draft = Draft(ticket_id=ticket.id, person_id=by.id, kind=kind)
        db.session.add(draft)
        live.touch(f"presence:{ticket.id}")
    draft.text, draft.saved_at = text, clock.now()
    draft.macro_id = macro_id if macro_id is not None else draft.macro_id
    db.session.flush()  # the page names it at its next save
    return draft


def drop_draft(ticket: Ticket, *, kind: Kind, by: Person) -> None:
    """Forget it: it was sent or kept as a note."""
    draft = _own(ticket, by, kind)
    if draft is not None:
        _forget(draft)


def without_macro(ticket: Ticket, *, by: Person) -> None:
    """Keep the words of a ready-made reply and leave what would have followed from it."""
    draft = _own(ticket, by, Kind.REPLY)
    if draft is not None:
        draft.macro_id = None


def take_over(ticket: Ticket, draft_id: int, *, by: Person) -> Draft:
    """Go on with a colleague's draft; what one had begun oneself stays, above it."""
    taken = db.session.get(Draft, (ticket.centre_id, draft_id), with_for_update=True)
    if taken is None or taken.ticket_id != ticket.id:
        raise NotFound(_("Ce brouillon n’existe plus : il a été envoyé ou effacé."))
    if taken.person_id == by.id:
        return taken
    from_id, own = taken.person_id, _own(ticket, by, taken.kind)
    if own is not None:
        taken.text = _joined(own.text, taken.text)[:LONGEST_TEXT]
        db.session.delete(own)
        db.session.flush()  # one draft a person: ours goes before theirs becomes ours
    taken.person_id, taken.saved_at = by.id, clock.now()
    live.touch(f"presence:{ticket.id}")
    announce(DraftTaken(ticket_id=ticket.id, person_id=by.id, from_id=from_id))
    return taken


def hold(
    ticket_id: int,
    text: str,
    *,
    by: Person,
    seconds: float,
    then: Then | None = None,
    macro_id: int | None = None,
    referral_id: int | None = None,
) -> HeldReply:
    """Send a reply off in `seconds`; until then it can be called back and nothing was said."""
    now = clock.now()
    held = HeldReply(
        ticket_id=ticket_id,
        referral_id=referral_id,
        person_id=by.id,
        text=text,
        then=then,
        macro_id=macro_id,
        written_at=now,
        leaves_at=now + timedelta(seconds=seconds),
    )
    db.session.add(held)
    db.session.flush()  # its job and its event name it
    outbox.stage("replies.release", due_at=held.leaves_at, held_id=held.id)
    announce(ReplyHeld(ticket_id=ticket_id, person_id=by.id, held_id=held.id))
    return held


def recall(ticket: Ticket, held_id: int, *, by: Person) -> None:
    """Call back one's own reply: its words become one's draft again. Raises Conflict if it left."""
    held = db.session.get(HeldReply, (ticket.centre_id, held_id), with_for_update=True)
    if held is None or held.ticket_id != ticket.id or held.person_id != by.id:
        raise Conflict(_("Trop tard : cette réponse est partie."))
    newer = _own(ticket, by, Kind.REPLY)
    text = _joined(held.text, newer.text) if newer else held.text
    if newer is not None:
        db.session.delete(newer)  # a late save of it is told from what comes back
    db.session.delete(held)
    db.session.flush()  # what is still held is not taken for a late save of it
    keep_draft(ticket, text[:LONGEST_TEXT], kind=Kind.REPLY, by=by, macro_id=held.macro_id)
    announce(ReplyRecalled(ticket_id=ticket.id, person_id=by.id, held_id=held_id))


def take_back(held_id: int, *, referral_id: int, by: Person) -> str:
    """Call back one's own answer to a question: its words. Raises Conflict if it left."""
    held = db.session.get(HeldReply, (current_centre(), held_id), with_for_update=True)
    if held is None or held.referral_id != referral_id or held.person_id != by.id:
        raise Conflict(_("Trop tard : cette réponse est partie."))
    db.session.delete(held)
    announce(ReplyRecalled(ticket_id=held.ticket_id, person_id=by.id, held_id=held_id))
    return held.text


def release(held_id: int) -> None:
    """Let a held reply leave, once; one that was called back is gone."""
    held = db.session.get(HeldReply, (current_centre(), held_id))
    if held is None:
        return
    # The ticket first, as everyone else does: who calls back and who sends wait for each other.
    db.session.refresh(tickets.get(held.ticket_id), with_for_update=True)
    held = db.session.get(
        HeldReply, (current_centre(), held_id), with_for_update=True, populate_existing=True
    )
    if held is None:
        return
    ticket = tickets.get(held.ticket_id)
    if held.referral_id is not None:
        _leave_for_expert(held)
        return
    by = db.session.get_one(Person, (held.centre_id, held.person_id))
    db.session.delete(held)
    say(
        ticket,
        held.text,
        by=by,
        macro_id=held.macro_id,
        then=None if citizen_wrote(ticket, held) else held.then,
    )


def _leave_for_expert(held: HeldReply) -> None:
    """What becomes of it is told by the question it answers."""
    announce(
        AnswerLeaves(
            ticket_id=held.ticket_id,
            held_id=held.id,
            referral_id=held.referral_id or 0,
            person_id=held.person_id,
        )
    )
    db.session.delete(held)


def say(
    ticket: Ticket, text: str, *, by: Person, then: Then | None = None, macro_id: int | None = None
) -> None:
    """Reply now, with all that follows from it. A ticket that someone has finished stays so."""
    tickets.reply(ticket, text, by=by)
    macro_actions.apply(macro_id, ticket, by=by)
    follow(ticket, then, by=by)


def note_said(
    ticket: Ticket, text: str, *, by: Person, then: Then | None = None, macro_id: int | None = None
) -> None:
    """Write down what was said in person or on the phone, with all that follows from it."""
    tickets.record(ticket, text, by=by)
    macro_actions.apply(macro_id, ticket, by=by)
    follow(ticket, then, by=by)


def follow(ticket: Ticket, then: Then | None, *, by: Person) -> None:
    """Do what was asked to follow, where a colleague has not done it already."""
    if then is Then.RESOLVE and ticket.is_open:
        tickets.resolve(ticket, by=by)
    elif then is Then.WAIT and ticket.status is Status.OPEN:
        tickets.await_citizen(ticket, by=by)


def forget_old_drafts() -> None:
    """Drop what nobody has gone on with for long."""
    for draft in db.session.scalars(
        forgotten_drafts(clock.now() - KEPT_FOR, current_centre()).limit(200)
    ):
        db.session.delete(draft)


def _forget(draft: Draft) -> None:
    db.session.delete(draft)
    live.touch(f"presence:{draft.ticket_id}")


def _own(ticket: Ticket, person: Person, kind: Kind) -> Draft | None:
    return db.session.scalar(draft_of(ticket, person, kind).with_for_update())


def _refuse_taken(ticket: Ticket, draft_id: int | None, by: Person) -> None:
    if draft_id is None:
        return
    draft = db.session.get(Draft, (ticket.centre_id, draft_id))
    if draft is not None and draft.person_id != by.id:
        taker = db.session.get_one(Person, (ticket.centre_id, draft.person_id))
        raise Conflict(_("%(name)s a repris votre brouillon.", name=taker.name))


def _was_just_sent(ticket: Ticket, text: str, by: Person) -> bool:
    """A save that left the browser before the send and arrives after it."""
    since = clock.now() - JUST_SENT
    held = db.select(HeldReply.text).where(
        HeldReply.centre_id == ticket.centre_id,
        HeldReply.ticket_id == ticket.id,
        HeldReply.person_id == by.id,
        HeldReply.written_at > since,
    )
    said = db.select(Message.text).where(
        Message.centre_id == ticket.centre_id,
        Message.ticket_id == ticket.id,
        Message.author_id == by.id,
        Message.written_at > since,
    )
    texts = [*db.session.scalars(held), *db.session.scalars(said)]
    return any(sent.strip().startswith(text.strip()) for sent in texts)


def citizen_wrote(ticket: Ticket, held: HeldReply) -> bool:
    """Whether the citizen added something after this was written."""
    author = db.session.get_one(Person, (held.centre_id, held.person_id))
    newer = said_meanwhile(ticket, author, 0).where(
        Message.kind == MessageKind.CITIZEN, Message.written_at > held.written_at
    )
    return db.session.scalar(newer.limit(1)) is not None


def _with(kept: str, late: str) -> str:
    return kept if late.strip() in kept else _joined(kept, late)


def _joined(first: str, second: str) -> str:
    """Two texts, one under the other; the same text is not repeated."""
    if first.strip() == second.strip():
        return first
    return f"{first.rstrip()}\n\n{second.lstrip()}".strip()
