"""Acts on many requests, or on many questions to experts, in words."""

from flask_babel import lazy_gettext as _l

from contactcenter.worklists.models import Act

ON_REQUESTS = {
    Act.ASSIGN: _l("Confier"),
    Act.TOPIC: _l("Changer le motif"),
    Act.PRIORITY: _l("Changer la priorité"),
    Act.QUEUE: _l("Changer de file"),
    Act.WAIT: _l("Attendre l’usager"),
    Act.RESOLVE: _l("Terminer"),
    Act.CLOSE: _l("Clore"),
    Act.SNOOZE: _l("Remettre à plus tard"),
    Act.TAG: _l("Poser une étiquette"),
    Act.UNTAG: _l("Ôter une étiquette"),
}
ON_QUESTIONS = {
    Act.TAKE: _l("Prendre les questions"),
    Act.HAND: _l("Confier les questions"),
    Act.REFUSE: _l("Refuser les questions"),
}
ACTS = ON_REQUESTS | ON_QUESTIONS
