"""The words of the figures that are counts and shares, and the order of them all."""

from flask_babel import gettext as _

from contactcenter.queues.models import Source
from contactcenter.reports import time_words
from contactcenter.reports.figure_forms import Part, Told, number
from contactcenter.reports.words import outcomes, sources


def parts(*, hurried: bool) -> tuple[Part, ...]:
    """`hurried`: people stand in line; 20 seconds mean nothing to a letter."""
    in_20_seconds = (_in_20_seconds(),) if hurried else ()
    return (_demand(), _endings(), _on_time(), *in_20_seconds, _leaving(), *time_words.parts())


def _demand() -> Part:
    of_source = sources()
    return Part(
        _("Ce qui est venu"),
        (
            Told("legs_offered", _("Visites"), _("Toutes les issues et ce qui attend."), "offered"),
            Told(
                "contacts",
                _("Contacts"),
                _("Un appel ou une venue, même passé par plusieurs files."),
                "offered",
                value=number("contacts"),
            ),
            Told(
                "demands",
                _("Demandes nouvelles"),
                _("Qui revient dans la demi-heure sans avoir été servi ne compte qu’une fois."),
                "arrived",
                value=number("demands"),
            ),
            *(
                Told(
                    "offered_by_source",
                    of_source[source],
                    part=f"source-{source.value}",
                    whole="offered",
                    key=source.value,
                )
                for source in Source
            ),
            Told(
                "blocked",
                _("Refusées à l’entrée"),
                _("File pleine ou personne ne servait : jamais entrées dans la file."),
                "refused",
            ),
            Told(
                "blocked_rate",
                _("Part refusée"),
                _("Parmi les visites dont l’issue est connue."),
                "refused",
                "ended",
            ),
            Told("still_waiting", _("En attente"), "", "waiting"),
        ),
    )


def _endings() -> Part:
    told = outcomes()
    rows = (
        Told("outcomes", words, part=f"outcome-{name}", whole=_whole(name), key=name)
        for name, words in told.items()
    )
    return Part(_("Les issues"), tuple(rows))


def _whole(outcome: str) -> str | None:
    """Who came outside hours is counted apart."""
    return None if outcome == "closed" else "offered"


def _on_time() -> Part:
    return Part(
        _("Dans l’objectif de la file"),
        (
            Told(
                "service_level",
                _("Servies à temps"),
                _("Parmi toutes celles à qui un service était dû, parties et refusées comprises."),
                "on_time",
                "owed",
            ),
            Told(
                "service_level_now",
                _("Servies à temps, à cet instant"),
                _("Celles qui attendent déjà depuis plus que l’objectif comptent comme en retard."),
                "on_time",
                "due",
            ),
        ),
    )


def _in_20_seconds() -> Part:
    others = (
        ("sl20_A_answered_over_answered_plus_abandoned", _("Parmi servis et partis"), "decided"),
        (
            "sl20_B_excluding_short_abandons",
            _("Parmi servis et partis, sans les partis aussitôt"),
            "decided_late",
        ),
        ("sl20_C_over_answered", _("Parmi les seuls servis"), "answered"),
        (
            "sl20_E_excluding_abandons_within_T",
            _("Parmi servis et partis après 20 secondes"),
            "decided_after_20s",
        ),
        (
            "sl20_F_blocked_in_denominator",
            _("Parmi servis, partis et refusés à l’entrée"),
            "decided_or_refused",
        ),
    )
    return Part(
        _("En 20 secondes, selon les formules en usage"),
        (
            Told(
                "sl20_headline",
                _("La nôtre"),
                _("Parmi tous ceux à qui un service était dû."),
                "in_20s",
                "owed",
            ),
            Told(
                "sl20_now",
                _("La nôtre, à cet instant"),
                _("Qui attend depuis plus de 20 secondes compte comme en retard."),
                "in_20s",
                "overdue_20s",
            ),
            *(Told(name, words, part="in_20s", whole=whole) for name, words, whole in others),
            Told(
                "sl20_D_abandoned_in_T_count_as_good",
                _("Qui part dans les 20 secondes compte comme bien servi"),
                part="in_20s_or_left",
                whole="decided",
            ),
            Told("answered_within_20s", _("Servis en 20 secondes"), part="in_20s"),
            Told("abandoned_within_20s", _("Partis en 20 secondes"), part="left_in_20s"),
        ),
    )


def _leaving() -> Part:
    return Part(
        _("Qui n’a pas été servi"),
        (
            Told(
                "abandon_rate_excl_short",
                _("Parties avant leur tour"),
                _("Parmi celles qui ont attendu jusqu’au bout, sans les parties aussitôt."),
                "gave_up",
                "stayed",
            ),
            Told(
                "abandon_rate",
                _("Parties, aussitôt comprises"),
                _("Parmi celles qui ont attendu jusqu’au bout ou sont parties aussitôt."),
                "left",
                "stayed_or_short",
            ),
            Told("abandoned", _("Parties, aussitôt ou plus tard"), "", "left"),
            Told("short_abandoned_le5s", _("Parties aussitôt"), "", "short"),
            Told(
                "no_show",
                _("Absentes à l’appel"),
                _("Au guichet : appelées, personne n’est venu ; leur départ est entre les deux."),
                "no_show",
                "gave_up",
            ),
            Told(
                "left_by_themselves",
                _("Parties d’elles-mêmes"),
                _("Elles ont raccroché ou annulé : l’heure du départ est connue."),
                "left_by_themselves",
                "gave_up",
            ),
            Told("lost", _("Jamais servies"), "", "lost"),
            Told(
                "lost_rate",
                _("Part jamais servie"),
                _("Parties, refusées, renvoyées ou perdues par une panne, sans les aussitôt."),
                "lost",
                "at_risk",
            ),
            Told(
                "lost_after_transfer",
                _("Perdues après un transfert"),
                "",
                "lost_after_transfer",
                "lost",
            ),
            Told(
                "unserved_people",
                _("Personnes pas servies le lendemain encore"),
                _("Par personne et non par essai : perdues, et pas servies dans les 24 heures."),
                "lost",
                value=number("unserved_people"),
            ),
        ),
    )
