"""The form of a triage rule: when it applies, and what it then does."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from contactcenter.accounts.fields import choices_of
from contactcenter.administration import choices
from contactcenter.administration.fields import EntryField
from contactcenter.languages import NAMES
from contactcenter.tickets.models import Channel, Priority
from contactcenter.triage.rulebook import Content

ANY = _l("Peu importe")
SAME = _l("Ne pas y toucher")
CHANNELS = {
    Channel.COUNTER: _l("Guichet"),
    Channel.PHONE: _l("Téléphone"),
    Channel.EMAIL: _l("Courriel"),
    Channel.LETTER: _l("Lettre"),
    Channel.WEB: _l("Formulaire du site"),
    Channel.SMS: _l("SMS"),
    Channel.API: _l("Autre programme"),
}
PRIORITIES = {Priority.NORMAL: _l("Ordinaire"), Priority.HIGH: _l("Passe avant")}
KNOWN = {"yes": _l("A déjà demandé quelque chose"), "no": _l("Demande pour la première fois")}
_KNOWN = {"yes": True, "no": False}


class WordsField(TextAreaField):
    """Words or expressions, one a line; its data is a list of them."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (valuelist[0] if valuelist else "").splitlines()
        self.data = list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _choice(label: Any, offered: dict[Any, Any], none: Any, **more: Any) -> SelectField:
    listed = choices_of({"": none, **offered})
    return SelectField(label, choices=listed, default="", **more)


class RuleForm(FlaskForm):
    seen = HiddenField()
    name = StringField(
        _l("Nom de la règle"),
        description=_l("Il est montré sur chaque demande comme raison, par exemple : expulsions."),
    )
    words = WordsField(
        _l("La demande dit un de ces mots"),
        description=_l(
            "Un mot ou une expression par ligne, dans les langues que vous voulez. Les accents et"
            " les terminaisons ne comptent pas : expulsion trouve aussi expulsions."
        ),
        render_kw={"rows": 5},
    )
    topic_id = EntryField(_l("Son motif est"), offer=choices.topics, none=ANY)
    channel = _choice(_l("Elle arrive par"), CHANNELS, ANY)
    site_id = EntryField(_l("Elle arrive à"), offer=choices.sites, none=ANY)
    language = _choice(_l("Elle est écrite en"), NAMES, ANY)
    sender_domain = StringField(
        _l("Le courriel vient du domaine"),
        [Length(max=200)],
        filters=[lambda text: (text or "").strip().lower().lstrip("@") or None],
        description=_l("Par exemple commune.example, avec tout ce qui est en dessous."),
    )
    citizen_known = _choice(_l("La personne"), KNOWN, ANY)
    sets_topic_id = EntryField(_l("Donner le motif"), offer=choices.topics, none=SAME)
    sets_queue_id = EntryField(_l("Mettre dans la file"), offer=choices.written_queues, none=SAME)
    sets_priority = _choice(_l("Donner la priorité"), PRIORITIES, SAME)
    sets_language = _choice(_l("Répondre en"), NAMES, SAME)
    sets_team_id = EntryField(
        _l("Proposer l’équipe experte"), offer=choices.teams, none=SAME,
        description=_l("Celle à qui demander d’abord, si la demande doit aller chez un expert."),
    )  # fmt: skip

    @property
    def conditions(self) -> list[Field]:
        names = ("words", "topic_id", "channel", "site_id", "language", "sender_domain")
        return [self[name] for name in (*names, "citizen_known")]

    @property
    def acts(self) -> list[Field]:
        return [field for field in self if field.name.startswith("sets_")]

    def content(self) -> dict[str, Any]:
        """What to keep as the rule."""
        sets = {field.name.removeprefix("sets_"): field.data for field in self.acts if field.data}
        return {
            "name": (self.name.data or "").strip(),
            "words": self.words.data or [],
            "topic_id": self.topic_id.data,
            "channel": self.channel.data or None,
            "site_id": self.site_id.data,
            "language": self.language.data or None,
            "sender_domain": self.sender_domain.data,
            "citizen_known": _KNOWN.get(self.citizen_known.data or ""),
            "sets": sets,
        }


def filled(content: Content) -> RuleForm:
    known = {True: "yes", False: "no", None: ""}
    names = ("name", "words", "topic_id", "channel", "site_id", "language", "sender_domain")
    return RuleForm(
        formdata=None,
        data={
            **{name: content[name] for name in names},
            "citizen_known": known[content["citizen_known"]],
            **{f"sets_{name}": value for name, value in content["sets"].items()},
        },
    )


def names() -> dict[str, dict[str, Any]]:
    """The words for what rules name, by kind and then by value as text; gone ones are missing."""
    g.setdefault("names_of_rules", None)
    if g.names_of_rules is None:
        g.names_of_rules = {
            "topic": _by_text(choices.topics()),
            "queue": _by_text(choices.queues()),
            "team": _by_text(choices.teams()),
            "site": _by_text(choices.sites()),
            "priority": _by_text(PRIORITIES),
            "language": dict(NAMES),
            "channel": _by_text(CHANNELS),
        }
    known: dict[str, dict[str, Any]] = g.names_of_rules
    return known


def _by_text(named: dict[Any, Any]) -> dict[str, Any]:
    return {str(value): words for value, words in named.items()}
