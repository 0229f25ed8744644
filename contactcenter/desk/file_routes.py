"""The papers of a request: those it holds, and the list of those to bring."""

import hashlib

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.downloads import SHOWN, as_download, as_page, as_part, as_saved
from contactcenter.attachments.models import Attachment
from contactcenter.attachments.queries import of_ticket, one_of_ticket
from contactcenter.db import db
from contactcenter.desk.listing import Asked
from contactcenter.desk.seen import topic_of, visible
from contactcenter.desk.words import speak
from contactcenter.errors import Invalid, NotFound
from contactcenter.fields import whole_number
from contactcenter.receipts.actions import read_for_request
from contactcenter.receipts.queries import mail_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.live import wake
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import with_merged

blueprint = Blueprint("files", __name__)
speak(blueprint)


@blueprint.app_context_processor
def _shown() -> dict[str, frozenset[str]]:
    return {"browser_shows": SHOWN}


@blueprint.get("/tickets/<reference>/attachments/<int:attachment_id>")
@requires(Permission.WORK_TICKETS)
def show_attachment(reference: str, attachment_id: int) -> Response:
    attachment = db.session.scalar(one_of_ticket(visible(reference).id, attachment_id))
    if attachment is None:
        raise NotFound(_("Cette pièce n’est pas dans la demande."))
    if "within" in request.args:
        return as_part(attachment)
    return as_page(attachment) if "open" in request.args else as_download(attachment)


@blueprint.post("/tickets/<reference>/attachments")
@requires(Permission.WORK_TICKETS)
def create_attachments(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    uploads = sent_files("files")
    if not uploads:
        raise Invalid(_("Choisissez au moins un fichier."), "files")
    if not _are_joined_already(ticket, uploads):
        attachments.keep_all(ticket.id, uploads, by=g.person)
    wake(ticket.id)
    flash(ngettext("Une pièce jointe.", "%(num)d pièces jointes.", len(uploads)))
    kept = Asked.from_address().kept
    return redirect(url_for("ticket.show_ticket", reference=reference, **kept), 303)


@blueprint.post("/tickets/<reference>/originals/<int:receipt_id>")
@requires(Permission.WORK_TICKETS)
def create_original_reading(reference: str, receipt_id: int) -> Response:
    """A mail of the request as it came, for who may read the request; that they did is kept."""
    receipt = db.session.scalar(mail_of(receipt_id, with_merged(visible(reference))))
    if receipt is None:
        raise NotFound(_("Ce courriel n’est pas dans la demande, ou n’est plus gardé en original."))
    return as_saved(read_for_request(receipt, by_id=g.person.id), f"{reference}-{receipt_id}.eml")


@blueprint.get("/tickets/<reference>/papers")
@requires(Permission.WORK_TICKETS)
def show_papers(reference: str) -> ResponseReturnValue:
    """The list of papers to bring, in the citizen's language, to print and hand over."""
    ticket = visible(reference)
    topic = topic_of(ticket)
    if topic is None or not topic.papers_in(ticket.language):
        raise NotFound(_("Aucun papier n’est demandé pour ce motif."))
    with force_locale(ticket.language):
        return render_template("desk/papers.html", ticket=ticket, topic=topic)


def _are_joined_already(ticket: Ticket, uploads: list[Upload]) -> bool:
    """The same form came twice: the ticket is locked, so what the first one brought is there."""
    seen = request.form.get("joined", type=whole_number)
    if seen is None:
        return False
    joined = of_ticket(ticket.id).where(Attachment.id > seen, Attachment.added_by == g.person.id)
    known = {each.sha256 for each in db.session.scalars(joined)}
    return all(hashlib.sha256(upload.content).hexdigest() in known for upload in uploads)


def sent_files(name: str) -> list[Upload]:
    files = (file for file in request.files.getlist(name) if file.filename)
    return [Upload(file.filename or "", file.read()) for file in files]
