"""The names of what is counted, as tables: each is said in the language of who reads."""

from flask_babel import lazy_gettext as _l

from contactcenter.queues.models import PriorityClass, Source
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel

CHANNELS = {
    Channel.COUNTER: _l("Guichet"),
    Channel.PHONE: _l("Téléphone"),
    Channel.EMAIL: _l("Courriel"),
    Channel.LETTER: _l("Lettre"),
    Channel.WEB: _l("Site"),
    Channel.SMS: _l("SMS"),
    Channel.API: _l("Autres programmes"),
}

# How a visit came into its queue.
SOURCES = {
    Source.NEW: _l("Nouvelle"),
    Source.TRANSFER: _l("Transférée d’une autre file"),
    Source.OVERFLOW: _l("Débordement d’une autre file"),
    Source.CALLBACK: _l("Rappel promis"),
    Source.RETURN: _l("Revenue après une pause"),
}

PRIORITIES = {
    PriorityClass.NORMAL: _l("Sans priorité"),
    PriorityClass.PRIORITY: _l("Prioritaires"),
}

LANGUAGES = {
    "fr": _l("Français"),
    "nl": _l("Néerlandais"),
    "en": _l("Anglais"),
    "de": _l("Allemand"),
}

# By what a report tells groups apart.
GROUPINGS = {
    "queue": _l("File"),
    "team": _l("Équipe"),
    "site": _l("Lieu"),
    "channel": _l("Canal"),
    "topic": _l("Motif"),
    "language": _l("Langue"),
    "priority_class": _l("Priorité"),
}

# Of a report as a table.
COLUMNS = {
    "offered": _l("Visites"),
    "answered": _l("Servies"),
    "on_time": _l("Servies à temps"),
    "owed": _l("À qui un service était dû"),
    "gave_up": _l("Parties avant"),
    "stayed": _l("Servies ou parties"),
    "lost": _l("Jamais servies"),
    "mean_wait": _l("Attente moyenne en secondes"),
}

# Of the calls that came: what became of them before any queue.
MENU_CALLS = {
    "ivr_calls": _l("Appels reçus"),
    "ivr_contained": _l("Réponse entendue dans le menu"),
    "ivr_abandoned": _l("Raccrochés dans le menu"),
}

# The visits of each ending, together.
OUTCOMES = {
    Outcome.ANSWERED.value: _l("Servis"),
    Outcome.ABANDONED.value: _l("Partis avant"),
    Outcome.ABANDONED_SHORT.value: _l("Partis aussitôt"),
    Outcome.TIMEOUT.value: _l("Attente trop longue"),
    Outcome.NO_AGENT.value: _l("Personne ne servait"),
    Outcome.FULL.value: _l("File pleine"),
    Outcome.DIVERTED.value: _l("Envoyés ailleurs"),
    Outcome.CLOSED.value: _l("Venus hors des heures"),
    Outcome.KEY_EXIT.value: _l("Sortis par une touche"),
    Outcome.CALLBACK.value: _l("Ont choisi le rappel"),
    Outcome.MOVED.value: _l("Passés dans une autre file"),
    Outcome.ERROR.value: _l("Perdus par une panne"),
    Outcome.CALLBACK_UNREACHED.value: _l("Rappelés, pas joints"),
    Outcome.CALLBACK_BROKEN.value: _l("Rappel promis, pas fait"),
    Outcome.WITHDRAWN.value: _l("Retirés par le demandeur"),
}

# How one stay ended.
ENDINGS = {
    Outcome.ANSWERED.value: _l("Servi"),
    Outcome.ABANDONED.value: _l("Parti avant son tour"),
    Outcome.ABANDONED_SHORT.value: _l("Parti aussitôt"),
    Outcome.TIMEOUT.value: _l("Attente trop longue"),
    Outcome.NO_AGENT.value: _l("Personne ne servait"),
    Outcome.FULL.value: _l("File pleine"),
    Outcome.DIVERTED.value: _l("Envoyé ailleurs"),
    Outcome.CLOSED.value: _l("Venu hors des heures"),
    Outcome.KEY_EXIT.value: _l("Sorti par une touche"),
    Outcome.CALLBACK.value: _l("A choisi le rappel"),
    Outcome.MOVED.value: _l("Passé dans une autre file"),
    Outcome.ERROR.value: _l("Perdu par une panne"),
    Outcome.CALLBACK_UNREACHED.value: _l("Rappelé, pas joint"),
    Outcome.CALLBACK_BROKEN.value: _l("Rappel promis, pas fait"),
    Outcome.WITHDRAWN.value: _l("Retiré par le demandeur"),
}

# The figures whose visits can be opened.
FIGURES = {
    "offered": _l("Visites"),
    "arrived": _l("Arrivés"),
    "returned": _l("De retour"),
    "answered": _l("Visites servies"),
    "served": _l("Servis"),
    "on_time": _l("Servis à temps"),
    "owed": _l("À qui un service était dû"),
    "overdue": _l("En attente, objectif dépassé"),
    "due": _l("À qui un service est dû"),
    "gave_up": _l("Partis avant"),
    "stayed": _l("Servis ou partis"),
    "left": _l("Partis, aussitôt ou plus tard"),
    "ended_well": _l("Servis ou partis dans le délai"),
    "decided": _l("Servis ou partis, aussitôt ou plus tard"),
    "decided_late": _l("Servis ou partis, sans les partis aussitôt"),
    "short": _l("Partis aussitôt"),
    "refused": _l("Refusés à l’entrée"),
    "lost": _l("Jamais servis"),
    "at_risk": _l("Visites, sans les partis aussitôt"),
    "waiting": _l("En attente"),
    "in_line": _l("Entrés dans la file"),
    "handled": _l("Service terminé"),
    "ended": _l("Visites dont l’issue est connue"),
    "in_20s": _l("Servies en 20 secondes"),
    "left_in_20s": _l("Parties en 20 secondes"),
    "in_20s_or_left": _l("Servies ou parties en 20 secondes"),
    "overdue_20s": _l("À qui un service était dû, ou qui attend depuis plus de 20 secondes"),
    "decided_after_20s": _l("Servies, ou parties après 20 secondes"),
    "decided_or_refused": _l("Servies, parties ou refusées à l’entrée"),
    "stayed_or_short": _l("Servies ou parties, les aussitôt comprises"),
    "lost_after_transfer": _l("Perdues après un transfert"),
    "no_show": _l("Absentes à l’appel"),
    "left_by_themselves": _l("Parties d’elles-mêmes"),
    "transferred": _l("Transférées"),
    "in_progress": _l("En cours de service"),
    "settled": _l("Servies jusqu’au bout ici"),
    "held": _l("Mises en attente pendant l’appel"),
    **{f"source-{source}": words for source, words in SOURCES.items()},
    **{f"outcome-{name}": words for name, words in OUTCOMES.items()},
}
