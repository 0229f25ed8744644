"""What a newcomer of each role does first, and the events that show it was done."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.permissions import Role


@dataclass(frozen=True)
class Step:
    """One act: where it is done, and the names of the events of whoever has done it."""

    code: str
    words: LazyString
    tip: LazyString  # one line, shown where the act is done until it is done
    path: str
    events: tuple[str, ...]


_NUMBER = Step(
    "number",
    _l("Donnez un numéro à qui entre"),
    _l("Les premières lettres du motif, puis Entrée : le numéro est donné."),
    "/counter",
    ("NumberGiven",),
)
_CALL = Step(
    "call",
    _l("Appelez la première personne"),
    _l("Ce bouton appelle la personne suivante ; à son arrivée, il la reçoit."),
    "/counter",
    ("VisitReserved",),
)
_REPLY = Step(
    "reply",
    _l("Répondez à une demande"),
    _l("Votre texte est gardé à mesure ; la réponse part quelques secondes après l’envoi."),
    "/tickets",
    ("ReplyHeld", "ReplyWritten"),
)
_NOTE = Step(
    "note",
    _l("Laissez une note interne à l’équipe"),
    _l("Une note reste dans la maison : l’usager ne la voit jamais."),
    "/tickets",
    ("NoteWritten",),
)
_ASK = Step(
    "ask",
    _l("Demandez à un expert"),
    _l("Choisissez l’équipe : l’heure de la réponse attendue est écrite dessous."),
    "/tickets",
    ("ReferralAsked",),
)
_SNOOZE = Step(
    "snooze",
    _l("Remettez une demande à plus tard"),
    _l("Une demande remise à plus tard revient d’elle-même à l’heure choisie."),
    "/tickets",
    ("TicketSnoozed",),
)
_RULE = Step(
    "rule",
    _l("Écrivez une règle de tri"),
    _l("Une règle s’essaie sur le mois passé avant de parler : rien ne change d’ici là."),
    "/rules",
    ("RuleChanged",),
)

FIRST_HOUR: Mapping[Role, tuple[Step, ...]] = {
    Role.AGENT: (_NUMBER, _CALL, _REPLY, _NOTE, _ASK, _SNOOZE),
    Role.REFERENT: (
        Step(
            "read",
            _l("Ouvrez la question la plus pressée"),
            _l("La première de la liste est celle dont le temps finit le plus tôt."),
            "/referrals",
            ("ReferralRead",),
        ),
        Step(
            "take",
            _l("Prenez une question"),
            _l("Prendre une question dit à vos collègues que vous vous en chargez."),
            "/referrals",
            ("ReferralTaken",),
        ),
        Step(
            "ask_back",
            _l("Demandez une précision à l’agent"),
            _l("Il manque un renseignement ? Votre temps s’arrête dès que vous le demandez."),
            "/referrals",
            ("PrecisionAsked",),
        ),
        Step(
            "answer",
            _l("Répondez à l’agent"),
            _l("L’agent lit votre réponse aussitôt et la dit à l’usager avec ses mots."),
            "/referrals",
            ("ReferralAnswered",),
        ),
    ),
    Role.MANAGER: (
        Step(
            "call_back",
            _l("Rappelez une personne jamais servie"),
            _l("Prenez une personne : vous êtes alors seul à la rappeler."),
            "/unserved",
            ("CallBackTaken",),
        ),
        Step(
            "call_back_settled",
            _l("Notez ce que l’appel a donné"),
            _l("Après l’appel, dites si la personne a été jointe : elle sort de la liste."),
            "/unserved",
            ("CallBackSettled",),
        ),
        _REPLY,
        _ASK,
        _RULE,
    ),
    Role.ADMINISTRATOR: (
        Step(
            "directory",
            _l("Ajoutez ou corrigez une entrée de l’annuaire"),
            _l("Ce qui est gardé ici vaut aussitôt sur tous les écrans."),
            "/directory",
            ("DirectoryChanged",),
        ),
        Step(
            "invite",
            _l("Invitez une personne"),
            _l("L’invitation est un lien qui vaut trois jours et ne sert qu’une fois."),
            "/people/new",
            ("PersonInvited",),
        ),
        Step(
            "serve",
            _l("Dites où une personne travaille"),
            _l("Cochez les lieux, les files ou les équipes : la personne n’en voit pas d’autres."),
            "/people",
            ("PersonChanged",),
        ),
        _RULE,
    ),
}
