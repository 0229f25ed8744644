"""The words of the figures that are counts and shares, and the order of them all."""

from flask_babel import lazy_gettext as _l

from contactcenter.queues.models import UNHURRIED, QueueKind
from contactcenter.reports import time_words
from contactcenter.reports.figure_forms import Part, Told, number
from contactcenter.reports.name_words import MENU_CALLS, OUTCOMES, SOURCES


def parts(kind: QueueKind) -> tuple[Part, ...]:
    """For a queue of that kind: 20 seconds mean nothing to a letter, nor a menu at a counter."""
    in_20_seconds = (IN_20_SECONDS,) if kind not in UNHURRIED else ()
    menu = (MENU,) if kind is QueueKind.PHONE else ()
    return (DEMAND, ENDINGS, ON_TIME, *in_20_seconds, LEAVING, *menu, *time_words.PARTS)


DEMAND = Part(
    _l("Ce qui est venu"),
    (
        Told("legs_offered", _l("Visites"), _l("Toutes les issues et ce qui attend."), "offered"),
        Told(
            "contacts",
            _l("Contacts"),
            _l("Un appel ou une venue, même passé par plusieurs files."),
            "offered",
            value=number("contacts"),
        ),
        Told(
            "demands",
            _l("Demandes nouvelles"),
            _l("Qui revient dans la demi-heure sans avoir été servi ne compte qu’une fois."),
            "arrived",
            value=number("demands"),
        ),
        *(
            Told("offered_by_source", words, "", f"source-{source}", "offered", key=source)
            for source, words in SOURCES.items()
        ),
        Told(
            "blocked",
            _l("Refusées à l’entrée"),
            _l("File pleine ou personne ne servait : jamais entrées dans la file."),
            "refused",
        ),
        Told(
            "blocked_rate",
            _l("Part refusée"),
            _l("Parmi les visites dont l’issue est connue."),
            "refused",
            "ended",
        ),
        Told("still_waiting", _l("En attente"), "", "waiting"),
    ),
)

# Who came outside hours is counted apart.
ENDINGS = Part(
    _l("Les issues"),
    tuple(
        Told(
            "outcomes",
            words,
            "",
            f"outcome-{name}",
            None if name == "closed" else "offered",
            key=name,
        )
        for name, words in OUTCOMES.items()
    ),
)

ON_TIME = Part(
    _l("Dans l’objectif de la file"),
    (
        Told(
            "service_level",
            _l("Servies à temps"),
            _l("Parmi toutes celles à qui un service était dû, parties et refusées comprises."),
            "on_time",
            "owed",
        ),
        Told(
            "service_level_now",
            _l("Servies à temps, à cet instant"),
            _l("Celles qui attendent déjà depuis plus que l’objectif comptent comme en retard."),
            "on_time",
            "due",
        ),
    ),
)

IN_20_SECONDS = Part(
    _l("En 20 secondes, selon les formules en usage"),
    (
        Told(
            "sl20_headline",
            _l("La nôtre"),
            _l("Parmi tous ceux à qui un service était dû."),
            "in_20s",
            "owed",
        ),
        Told(
            "sl20_now",
            _l("La nôtre, à cet instant"),
            _l("Qui attend depuis plus de 20 secondes compte comme en retard."),
            "in_20s",
            "overdue_20s",
        ),
        Told(
            "sl20_A_answered_over_answered_plus_abandoned",
            _l("Parmi servis et partis"),
            "",
            "in_20s",
            "decided",
        ),
        Told(
            "sl20_B_excluding_short_abandons",
            _l("Parmi servis et partis, sans les partis aussitôt"),
            "",
            "in_20s",
            "decided_late",
        ),
        Told("sl20_C_over_answered", _l("Parmi les seuls servis"), "", "in_20s", "answered"),
        Told(
            "sl20_E_excluding_abandons_within_T",
            _l("Parmi servis et partis après 20 secondes"),
            "",
            "in_20s",
            "decided_after_20s",
        ),
        Told(
            "sl20_F_blocked_in_denominator",
            _l("Parmi servis, partis et refusés à l’entrée"),
            "",
            "in_20s",
            "decided_or_refused",
        ),
        Told(
            "sl20_D_abandoned_in_T_count_as_good",
            _l("Qui part dans les 20 secondes compte comme bien servi"),
            "",
            "in_20s_or_left",
            "decided",
        ),
        Told("answered_within_20s", _l("Servis en 20 secondes"), "", "in_20s"),
        Told("abandoned_within_20s", _l("Partis en 20 secondes"), "", "left_in_20s"),
    ),
)

LEAVING = Part(
    _l("Qui n’a pas été servi"),
    (
        Told(
            "abandon_rate_excl_short",
            _l("Parties avant leur tour"),
            _l("Parmi celles qui ont attendu jusqu’au bout, sans les parties aussitôt."),
            "gave_up",
            "stayed",
        ),
        Told(
            "abandon_rate",
            _l("Parties, aussitôt comprises"),
            _l("Parmi celles qui ont attendu jusqu’au bout ou sont parties aussitôt."),
            "left",
            "stayed_or_short",
        ),
        Told("abandoned", _l("Parties, aussitôt ou plus tard"), "", "left"),
        Told("short_abandoned_le5s", _l("Parties aussitôt"), "", "short"),
        Told(
            "no_show",
            _l("Absentes à l’appel"),
            _l("Au guichet : appelées, personne n’est venu ; leur départ est entre les deux."),
            "no_show",
            "gave_up",
        ),
        Told(
            "left_by_themselves",
            _l("Parties d’elles-mêmes"),
            _l("Elles ont raccroché ou annulé : l’heure du départ est connue."),
            "left_by_themselves",
            "gave_up",
        ),
        Told("lost", _l("Jamais servies"), "", "lost"),
        Told(
            "lost_rate",
            _l("Part jamais servie"),
            _l("Parties, refusées, renvoyées ou perdues par une panne, sans les aussitôt."),
            "lost",
            "at_risk",
        ),
        Told(
            "lost_after_transfer",
            _l("Perdues après un transfert"),
            "",
            "lost_after_transfer",
            "lost",
        ),
        Told(
            "unserved_people",
            _l("Personnes pas servies le lendemain encore"),
            _l("Par personne et non par essai : perdues, et pas servies dans les 24 heures."),
            "lost",
            value=number("unserved_people"),
        ),
    ),
)

_OF_ALL_LINES = {
    "ivr_calls": _l("Sur toutes les lignes du centre, quelle que soit la file choisie ensuite."),
    "ivr_contained": _l("Ont entendu où en est leur demande, sans attendre personne."),
    "ivr_abandoned": _l("Sans réponse et sans choisir ; une annonce n’est pas une réponse."),
}
MENU = Part(
    _l("Au téléphone, avant toute file"),
    tuple(
        Told(name, words, _OF_ALL_LINES[name], value=number(name))
        for name, words in MENU_CALLS.items()
    ),
)
