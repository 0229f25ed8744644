"""One line of the story of a request: what happened, in words."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.desk.story import Entry
from contactcenter.desk.ticket_page import TicketPage
from contactcenter.desk.words import PRIORITIES, field
from contactcenter.languages import NAMES
from contactcenter.notices.models import UNDELIVERED
from contactcenter.queues.why_words import why_given


def told(entry: Entry, page: TicketPage) -> str:
    """A sentence for one event; who did it is named, the citizen or the system is not."""
    assert entry.event is not None
    words, why = _TELLERS[entry.event.kind](entry, page), entry.event.reason
    if why and entry.who and entry.event.kind in _SAY_WHY:
        return str(_("%(told)s Raison : %(why)s.", told=words, why=why.rstrip(".")))
    return words


def _assigned(entry: Entry, page: TicketPage) -> str:
    assert entry.event is not None
    to = entry.event.detail.get("assigned_to")
    if to is None:
        return str(_("%(who)s rend la demande à l’équipe.", who=entry.who))
    if to == entry.event.person_id:
        return str(_("%(who)s prend la demande à son nom.", who=entry.who))
    name = page.names.get(to, "")
    return str(_("%(who)s confie la demande à %(name)s.", who=entry.who, name=name))


def _corrected(entry: Entry, page: TicketPage) -> str:
    assert entry.event is not None
    detail = entry.event.detail
    name = detail["field"]
    if name == "citizen":
        return str(_("%(who)s corrige %(what)s.", who=_who(entry), what=field(name)))
    if detail["before"] is None:
        after = _value(name, detail["after"], page)
        return str(
            _(
                "%(who)s choisit %(what)s : %(after)s.",
                who=_who(entry),
                what=field(name),
                after=after,
            )
        )
    return str(
        _(
            "%(who)s corrige %(what)s : %(before)s devient %(after)s.",
            who=_who(entry),
            what=field(name),
            before=_value(name, detail["before"], page),
            after=_value(name, detail["after"], page),
        )
    )


def _value(name: str, value: str | None, page: TicketPage) -> str:
    if value is None:
        return str(_("rien"))
    if name == "topic":
        return page.topics.all.get(int(value), value)
    if name == "queue":
        queue = page.queues.get(int(value))
        return queue.name if queue else value
    if name == "language":
        return NAMES.get(value, value)
    return str(PRIORITIES.get(value, value))


def _reopened(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    if entry.event.reason == UNDELIVERED:
        return str(_("La demande se rouvre : notre réponse n’est pas arrivée."))
    if not entry.who:
        return str(_("La demande se rouvre : l’usager a écrit."))
    if entry.event.reason:
        return str(_("%(who)s rouvre la demande : %(why)s", who=entry.who, why=entry.event.reason))
    return str(_("%(who)s rouvre la demande.", who=entry.who))


def _resolved(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    if not entry.who and entry.event.reason:
        return str(_("La demande se termine : %(why)s", why=entry.event.reason))
    return str(_("%(who)s termine la demande.", who=_who(entry)))


def _closed(entry: Entry, _page: TicketPage) -> str:
    if not entry.who:
        return str(_("La demande est close : terminée depuis trente jours sans autre message."))
    return str(_("%(who)s clôt la demande.", who=entry.who))


def _read(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    why = entry.event.reason or ""
    return str(_("%(who)s, d’une autre équipe, l’ouvre : « %(why)s »", who=entry.who, why=why))


def _merged(entry: Entry, _page: TicketPage) -> str:
    return str(_("%(who)s réunit ici la demande %(merged)s.", who=_who(entry), **_two(entry)))


def _parted(entry: Entry, _page: TicketPage) -> str:
    words = _("%(who)s sépare de nouveau %(merged)s de %(kept)s.", who=_who(entry), **_two(entry))
    return str(words)


def _split(entry: Entry, page: TicketPage) -> str:
    assert entry.event is not None
    detail, who = entry.event.detail, _who(entry)
    if detail["made"] == page.ticket.reference:
        return str(_("%(who)s la sépare de %(source)s.", who=who, source=detail["source"]))
    return str(
        ngettext(
            "%(who)s met %(num)d message dans une autre demande : %(made)s.",
            "%(who)s met %(num)d messages dans une autre demande : %(made)s.",
            detail["messages"],
            who=who,
            made=detail["made"],
        )
    )


def _tagged(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    tag = entry.event.detail["tag"]
    if entry.event.kind == "TicketTagged":
        return str(_("%(who)s pose l’étiquette « %(tag)s ».", who=_who(entry), tag=tag))
    return str(_("%(who)s ôte l’étiquette « %(tag)s ».", who=_who(entry), tag=tag))


def _asked(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    if entry.event.detail.get("is_live"):
        return str(_("%(who)s interroge un expert en direct.", who=_who(entry)))
    return str(_("%(who)s interroge un expert par écrit.", who=_who(entry)))


def _said_solved(entry: Entry, _page: TicketPage) -> str:
    is_solved = entry.event is not None and entry.event.detail.get("is_solved")
    if is_solved:
        return str(_("La personne dit que c’est réglé."))
    return str(_("La personne dit que ce n’est pas réglé."))


def _given(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    why = " ".join(why_given(entry.event.detail["why"]))
    return str(_("Proposée à %(who)s. %(why)s", who=_who(entry), why=why))


def _file_refused(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    name, why = entry.event.detail["name"], entry.event.detail.get("why")
    if why == "empty":
        return _("La pièce « %(name)s » est arrivée vide : demandez-la de nouveau.", name=name)
    if why == "picture":
        return _(
            "Une pièce venue par SMS (%(name)s) n’a pas pu être gardée : redemandez-la.", name=name
        )
    if why is None:  # of before the whole mail was kept
        return _("La pièce « %(name)s » n’a pas été gardée : demandez-la de nouveau.", name=name)
    return _(
        "La pièce « %(name)s » est trop lourde ou en trop : elle est dans le courriel entier,"
        " gardé parmi les pièces (message.eml).",
        name=name,
    )


def _mail_cut(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    name = entry.event.detail["name"]
    return _(
        "Le texte du courriel est trop long : il est entier dans la pièce « %(name)s ».", name=name
    )


def _two(entry: Entry) -> dict[str, str]:
    assert entry.event is not None
    return {name: entry.event.detail[name] for name in ("kept", "merged")}


def _receipt(entry: Entry, _page: TicketPage) -> str:
    assert entry.event is not None
    if entry.event.detail["means"] == "paper":
        return _("%(who)s remet à l’usager le reçu de ce qu’il permet.", who=entry.who)
    return _("L’usager reçoit par écrit le reçu de ce qu’il permet.")


def _of_permission(words: Callable[[str, str], str]) -> Callable[[Entry, TicketPage], str]:
    """What somebody did with the permission to share with an organisation."""
    return lambda entry, page: words(_who(entry), _organisation(entry, page))


def _organisation(entry: Entry, page: TicketPage) -> str:
    """With whom a permission lets us share."""
    assert entry.event is not None
    named = {mandate.id: organisation.name for mandate, organisation in page.experts.mandates}
    return named.get(entry.event.detail["mandate_id"], str(_("un partenaire")))


def _says(words: Callable[[str], str]) -> Callable[[Entry, TicketPage], str]:
    return lambda entry, _page: str(words(_who(entry)))


def _who(entry: Entry) -> str:
    return entry.who or str(_("Le centre"))


# Those whose own words leave the reason out.
_SAY_WHY = frozenset(
    {
        "TicketAssigned",
        "TicketCorrected",
        "CitizenAwaited",
        "TicketResolved",
        "TicketClosed",
        "MandateRevoked",
    }
)

_TELLERS: Mapping[str, Callable[[Entry, TicketPage], str]] = {
    "TicketAssigned": _assigned,
    "TicketCorrected": _corrected,
    "CitizenAwaited": _says(lambda who: _("%(who)s attend l’usager.", who=who)),
    "TicketResolved": _resolved,
    "TicketReopened": _reopened,
    "TicketClosed": _closed,
    "TicketRead": _read,
    "TicketsMerged": _merged,
    "TicketsParted": _parted,
    "TicketSplit": _split,
    "TicketTagged": _tagged,
    "TicketUntagged": _tagged,
    "MandateRecorded": _of_permission(
        lambda who, whom: _(
            "%(who)s note la permission de partager avec %(organisation)s.",
            who=who,
            organisation=whom,
        )
    ),
    "MandateReceiptGiven": _receipt,
    "MandateRevoked": _of_permission(
        lambda who, whom: _(
            "%(who)s retire la permission de partager avec %(organisation)s.",
            who=who,
            organisation=whom,
        )
    ),
    "ReferralAsked": _asked,
    "ReferralTaken": _says(lambda _who: _("L’expert a pris la question.")),
    "ReferralHandedOn": _says(lambda _who: _("L’expert confie la question à un collègue.")),
    "ReferralRerouted": _says(lambda _who: _("La question est partie vers l’équipe suivante.")),
    "ReferralPutAgain": _says(lambda who: _("%(who)s remet la question à l’expert.", who=who)),
    "ReferralWithdrawn": _says(lambda who: _("%(who)s retire la question à l’expert.", who=who)),
    "ReferralExpired": _says(lambda _who: _("La question à l’expert a expiré sans réponse.")),
    "SolvedSaid": _said_solved,
    "VisitReserved": _given,
    "VisitHeld": _given,
    "FileRefused": _file_refused,
    "MailCut": _mail_cut,
    "TalkTransferred": _says(lambda who: _("%(who)s transfère l’appel.", who=who)),
    "LateSidePressed": _says(
        lambda _who: _("La réponse attendue a été rappelée à l’équipe experte.")
    ),
}
