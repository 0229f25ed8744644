"""The words of the trade, each explained in one or two plain sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Word:
    code: str  # also its place on the page of words
    term: LazyString
    meaning: LazyString


def in_order() -> Sequence[Word]:
    """All of them, in the alphabetical order of the reader's language."""
    return sorted(WORDS.values(), key=lambda word: _without_accents(str(word.term)))


def _without_accents(text: str) -> str:
    return normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


_ALL = (
    Word(
        "citizen",
        _l("Usager"),
        _l(
            "La personne qui demande, au guichet, au téléphone, par écrit ou sur le site. Elle peut"
            " rester sans nom : elle est servie de la même façon."
        ),
    ),
    Word(
        "agent",
        _l("Agent"),
        _l("Qui reçoit, écoute et répond en premier. L’agent reste l’interlocuteur de l’usager."),
    ),
    Word(
        "referent",
        _l("Référent, ou expert"),
        _l(
            "Une personne d’une administration partenaire qui répond aux questions des agents sur"
            " son domaine. Elle ne voit que les questions posées à son équipe."
        ),
    ),
    Word(
        "manager",
        _l("Responsable"),
        _l("Qui surveille les files, fait rappeler les personnes jamais servies et règle le tri."),
    ),
    Word(
        "request",
        _l("Demande"),
        _l(
            "L’affaire d’un usager, du premier contact à sa fin. Elle a une référence et peut"
            " réunir des visites, des appels, des courriels et des lettres."
        ),
    ),
    Word(
        "topic",
        _l("Motif"),
        _l(
            "Ce dont on parle : un passeport, un avis d’impôt, une aide. Le motif donne la file,"
            " les papiers à apporter et les équipes d’experts."
        ),
    ),
    Word(
        "queue",
        _l("File d’attente"),
        _l(
            "Là où l’on attend des personnes capables de servir : un lieu, une ligne téléphonique,"
            " le courrier, une équipe d’experts."
        ),
    ),
    Word(
        "visit",
        _l("Visite"),
        _l(
            "Un passage dans une file, par quelque moyen que ce soit. Une visite finit d’une seule"
            " façon : servie, partie avant, refusée. Les chiffres comptent des visites."
        ),
    ),
    Word(
        "abandon",
        _l("Abandon, ou parti avant"),
        _l(
            "Quelqu’un a attendu puis est parti sans être servi. Qui part très vite, selon ce que"
            " dit la file, est compté à part."
        ),
    ),
    Word(
        "never_served",
        _l("Jamais servi"),
        _l(
            "Parti avant son tour, refusé ou renvoyé, et pas servi depuis. La personne reste à"
            " rappeler tant que personne ne l’a jointe."
        ),
    ),
    Word(
        "service_level",
        _l("Niveau de service"),
        _l(
            "La part des personnes servies dans le temps visé. Les partis et les refusés comptent"
            " dans le total : ils ne font pas monter le chiffre."
        ),
    ),
    Word(
        "saturation",
        _l("Saturation"),
        _l(
            "Ce que peut encore porter une file : fluide, chargée quand il n’y a plus de marge,"
            " saturée quand il arrive plus qu’on ne peut servir, bloquée quand personne ne sert."
        ),
    ),
    Word(
        "referral",
        _l("Question à un expert"),
        _l(
            "Une question posée à une équipe sur une demande, avec son délai. La demande reste chez"
            " l’agent, qui répond à l’usager."
        ),
    ),
    Word(
        "mandate",
        _l("Accord de l’usager"),
        _l(
            "La permission de montrer ses données à une administration, pour un usage et un temps."
            " L’usager peut la reprendre."
        ),
    ),
    Word(
        "deadline",
        _l("Délai"),
        _l("Le temps pour répondre. Il ne court que pendant les heures d’ouverture de l’équipe."),
    ),
    Word(
        "ladder",
        _l("Relance"),
        _l(
            "Ce qui est fait quand une réponse tarde : d’abord prévenir l’équipe, puis son"
            " responsable, puis le centre, après des temps réglés d’avance."
        ),
    ),
    Word(
        "duty",
        _l("Permanence"),
        _l("Les heures où un expert peut répondre en direct, pendant que l’usager est là."),
    ),
    Word(
        "note",
        _l("Note interne"),
        _l("Un mot pour l’équipe, sur papier brun. Il ne part jamais vers l’usager."),
    ),
    Word(
        "snooze",
        _l("Remise à plus tard"),
        _l("La demande quitte la liste jusqu’à un moment choisi, puis revient d’elle-même."),
    ),
    Word(
        "triage",
        _l("Tri"),
        _l(
            "Donner à une demande qui arrive son motif, sa file, sa priorité et sa langue, par des"
            " règles que l’on peut lire. L’agent corrige, et sa correction est retenue."
        ),
    ),
    Word(
        "ready_reply",
        _l("Réponse type"),
        _l("Un texte prêt, que l’on relit et complète avant de l’envoyer."),
    ),
    Word(
        "article",
        _l("Fiche"),
        _l(
            "Une réponse écrite une fois pour toutes, sans rien de la personne, relue à une date"
            " dite. Elle est proposée quand la même question revient."
        ),
    ),
    Word(
        "incident",
        _l("Incident"),
        _l(
            "Une seule chose qui va mal pour beaucoup d’usagers. On demande une fois à l’expert, et"
            " une même réponse part à tous, par la voie de chacun."
        ),
    ),
    Word(
        "follow_up",
        _l("Code de suivi"),
        _l("Le code remis à l’usager pour voir où en est sa demande, sans compte."),
    ),
)

WORDS: Mapping[str, Word] = {word.code: word for word in _ALL}
