"""What a rule must be to be kept: it can apply, it does something, and it turns no one round."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from contactcenter.errors import Invalid
from contactcenter.tickets.models import Channel
from contactcenter.triage.catalogue import Catalogue
from contactcenter.triage.rules import Rule, is_covered, sends_back, wanted

MOST_WORDS = 200
LONGEST_NAME = 120
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def check(rule: Rule, others: Iterable[Rule], known: Catalogue) -> None:
    """Raises Invalid naming the field that does not fit; `others` are the rules beside it."""
    _check_name(rule, others)
    _check_words(rule)
    _check_sender(rule)
    _check_acts(rule, known)
    for other in others:
        if sends_back(rule, other):
            raise Invalid(
                _(
                    "Cette règle et « %(name)s » se renvoient les mêmes demandes d’une langue à"
                    " l’autre. Changez la langue demandée ou la langue donnée.",
                    name=other.name,
                ),
                "sets_language",
            )


def covered_by(rule: Rule, earlier: Sequence[Rule]) -> Rule | None:
    """The earlier rule that already says all that this one would: it will never be heard."""
    return next((each for each in earlier if is_covered(rule, each)), None)


def has_gone(rule: Rule, known: Catalogue) -> bool:
    """Whether a rule names a topic, queue or team that is no longer in use."""
    topics = {rule.topic_id, rule.sets.get("topic_id")} - {None}
    return (
        any(not _is_topic(topic_id, known) for topic_id in topics)
        or rule.sets.get("queue_id", None) not in {None, *known.queues}
        or rule.sets.get("team_id", None) not in {None, *known.teams}
    )


def _check_name(rule: Rule, others: Iterable[Rule]) -> None:
    if not rule.name.strip():
        raise Invalid(_("Donnez un nom à la règle : il est montré comme raison."), "name")
    if len(rule.name) > LONGEST_NAME:
        raise Invalid(_("Ce nom est trop long."), "name")
    if any(rule.name.casefold() == other.name.casefold() for other in others):
        raise Invalid(_("Une autre règle porte déjà ce nom."), "name")


def _check_words(rule: Rule) -> None:
    if len(rule.words) > MOST_WORDS:
        raise Invalid(_("Une règle a au plus %(most)s mots.", most=MOST_WORDS), "words")
    empty = [word for word in rule.words if not wanted(word)]
    if empty:
        raise Invalid(
            _(
                "« %(word)s » n’a ni lettre ni chiffre : aucune demande ne peut le dire.",
                word=empty[0],
            ),
            "words",
        )


def _check_sender(rule: Rule) -> None:
    if rule.sender_domain is None:
        return
    if not _DOMAIN.fullmatch(rule.sender_domain):
        raise Invalid(_("Écrivez un domaine, par exemple commune.example."), "sender_domain")
    if rule.channel not in (None, Channel.EMAIL):
        raise Invalid(
            _("Seul un courriel a un domaine : cette règle ne s’appliquerait jamais."),
            "sender_domain",
        )


def _check_acts(rule: Rule, known: Catalogue) -> None:
    if not rule.sets:
        raise Invalid(_("Choisissez au moins une chose à faire."), "sets_topic_id")
    if rule.topic_id is not None and "topic_id" in rule.sets:
        raise Invalid(
            _(
                "Une règle ne change pas un motif déjà connu : celle-ci ne ferait jamais rien."
                " Retirez le motif des conditions ou de ce qu’elle fait."
            ),
            "sets_topic_id",
        )
    if rule.language is not None and rule.sets.get("language") == rule.language:
        raise Invalid(_("La demande est déjà dans cette langue."), "sets_language")
    if has_gone(rule, known):
        raise Invalid(_("Ce motif, cette file ou cette équipe n’existe plus."), "sets_topic_id")


def _is_topic(topic_id: int | None, known: Catalogue) -> bool:
    topic = known.topics.get(topic_id or 0)
    return topic is not None and topic.is_active
