"""Forms of questions. Each keeps what was typed and says what to do."""

from collections.abc import Sequence

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from contactcenter.attachments.models import Attachment
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.escalation import words
from contactcenter.escalation.actions import LONGEST_LINE, LONGEST_TEXT
from contactcenter.escalation.cards import Offer
from contactcenter.escalation.handing import Colleague
from contactcenter.escalation.models import MandateKind, Refusal
from contactcenter.escalation.team_queries import teams_besides
from contactcenter.fields import CheckboxesField
from contactcenter.replies.models import Then

DAYS = (1, 31, 182, 365)
ALREADY = "already"
NAMELESS = "nameless"
AGENT, CITIZEN = "agent", "citizen"  # whom an answer is for
THIS_TOPIC, ALL_TOPICS = "topic", "all"
LARGEST_KEY = 2**63 - 1


def _short(label: str, **more: object) -> StringField:
    too_long = Length(max=LONGEST_LINE, message=_l("Restez au-dessous de 2 000 caractères."))
    return StringField(label, [too_long], **more)


def _text(label: str, missing: str, **more: object) -> TextAreaField:
    too_long = _l("Ce texte est trop long : joignez-le comme fichier.")
    return TextAreaField(
        label, [DataRequired(missing), Length(max=LONGEST_TEXT, message=too_long)], **more
    )


class AskForm(FlaskForm):
    """A question to an expert team, with papers and the permission to share."""

    team = RadioField(_l("Équipe"), [InputRequired(_l("Choisissez une équipe."))], coerce=int)
    question = _text(
        _l("Votre question"),
        _l("Écrivez la question, par exemple : quelle preuve remplace ce papier ?"),
        description=_l("Une seule question, telle que l’expert peut y répondre."),
    )
    blocks = _short(
        _l("Ce qui bloque"),
        description=_l("Ce qui empêche d’avancer : un papier, une règle, un refus."),
    )
    since = _short(
        _l("Depuis quand"), description=_l("Par exemple : depuis le 3 mars, depuis la lettre.")
    )
    tried = _short(
        _l("Déjà essayé"), description=_l("L’expert ne proposera pas ce qui a déjà échoué.")
    )
    right_lost = _short(
        _l("Ce qui se perd sans réponse"),
        description=_l("Par exemple : le versement du 9 décembre, l’électricité, le séjour."),
    )
    right_lost_on = DateField(
        _l("Perdu après le"),
        [Optional()],
        description=_l("Cette date place la question dans la liste de l’expert."),
    )
    papers = CheckboxesField(_l("Papiers de la demande à joindre"), coerce=int)
    files = MultipleFileField(_l("Autres papiers"))
    mandate = RadioField(_l("Accord de l’usager pour partager"), [Optional()])
    witness = StringField(
        _l("Témoin de l’accord oral"),
        [Length(max=200)],
        description=_l("La personne qui l’a entendu : un collègue, un proche présent."),
    )
    valid_days = SelectField(_l("Durée de l’accord"), coerce=int, default=31)
    scope = RadioField(_l("Ce que couvre l’accord"), [Optional()], default=THIS_TOPIC)
    may_tell = BooleanField(
        _l("L’expert peut répondre directement à la personne"),
        description=_l("Sa réponse part au nom du centre ; vous la lisez dans la demande."),
    )
    after = IntegerField([Optional()])
    about = IntegerField(validators=[Optional(), NumberRange(0, LARGEST_KEY)])  # as the page showed

    def offer(
        self,
        offers: Sequence[Offer],
        papers: Sequence[Attachment],
        *,
        topic: str,
        is_mandated: bool,
    ) -> None:
        """What can be chosen for this ticket; `topic` is its label, empty without one."""
        self.team.choices = [
            SelectChoice(offer.team.id, f"{offer.organisation.name}, {offer.team.name}")
            for offer in offers
        ]
        self.papers.choices = [SelectChoice(paper.id, paper.name) for paper in papers]
        self.mandate.choices = [
            *([SelectChoice(ALREADY, _("Déjà inscrit pour cette organisation"))] * is_mandated),
            *(SelectChoice(kind.value, str(label)) for kind, label in words.TO_GET.items()),
            SelectChoice(NAMELESS, _("Sans accord : demander sans dire de qui il s’agit")),
        ]
        self.valid_days.choices = [SelectChoice(days, in_days(days)) for days in DAYS]
        self.scope.choices = scopes(topic)
        if not topic and not self.is_submitted():
            self.scope.data = ALL_TOPICS

    @property
    def mandate_kind(self) -> MandateKind | None:
        chosen = self.mandate.data
        return MandateKind(chosen) if chosen and chosen not in (ALREADY, NAMELESS) else None

    @property
    def waits_for_yes(self) -> bool:
        """The permission is asked for by SMS first."""
        return self.mandate_kind is MandateKind.SMS

    def topic_ids(self, topic_id: int | None) -> list[int]:
        """What the permission is for, on a ticket about this topic; empty is all.

        Raises Invalid when the page showed another topic: nobody allowed this one.
        """
        if self.scope.data == ALL_TOPICS:
            return []
        if self.about.data is not None and self.about.data != (topic_id or 0):
            raise Invalid(
                _("Le motif de la demande a changé entre-temps. Relisez ce que couvre l’accord."),
                "scope",
            )
        return [topic_id] if topic_id else []

    @property
    def is_nameless(self) -> bool:
        """Neither who it is about nor a paper leaves: nobody has to allow it."""
        return bool(self.mandate.data == NAMELESS)


def scopes(topic: str) -> list[SelectChoice]:
    """What a permission may be for: least first."""
    return [
        *([SelectChoice(THIS_TOPIC, _("Ce motif seul : %(topic)s", topic=topic))] * bool(topic)),
        SelectChoice(ALL_TOPICS, _("Tout motif de cette demande")),
    ]


def in_days(days: int) -> str:
    labels = {1: _("Un jour"), 31: _("Un mois"), 182: _("Six mois"), 365: _("Un an")}
    return str(labels[days])


class LiveForm(FlaskForm):
    """A question asked while the citizen is there: a team, and as little else as possible."""

    team = IntegerField(
        validators=[InputRequired(_l("Choisissez une équipe.")), NumberRange(1, LARGEST_KEY)]
    )
    question = StringField(_l("Votre question"), [Length(max=LONGEST_LINE)])
    consent = BooleanField(_l("L’usager, présent, accepte que son dossier soit partagé"))


class AnswerForm(FlaskForm):
    text = _text(_l("Votre réponse à l’agent"), _l("Écrivez votre réponse avant de l’envoyer."))
    standard_procedure = BooleanField(_l("Une démarche courante existe"))
    to = RadioField(
        _l("À qui"),
        choices=[
            SelectChoice(AGENT, _l("À l’agent, qui l’explique à la personne")),
            SelectChoice(CITIZEN, _l("Directement à la personne, au nom du centre")),
        ],
        default=AGENT,
        validate_choice=False,
    )
    then = RadioField(
        _l("Ensuite, si elle part à la personne"),
        choices=[
            SelectChoice(Then.WAIT.value, _l("Attendre ce qu’elle répond")),
            SelectChoice(Then.RESOLVE.value, _l("C’est réglé : terminer la demande")),
        ],
        default=Then.WAIT.value,
        validate_choice=False,
    )

    @property
    def then_what(self) -> Then:
        return Then.RESOLVE if self.then.data == Then.RESOLVE else Then.WAIT


class PrecisionForm(FlaskForm):
    text = _text(
        _l("Ce qu’il vous faut savoir"),
        _l("Écrivez ce qu’il vous faut savoir."),
        description=_l("Votre temps s’arrête jusqu’à la réponse de l’agent."),
    )


class RefusalForm(FlaskForm):
    code = RadioField(_l("Pourquoi"), [InputRequired(_l("Choisissez une raison."))])
    text = _text(
        _l("En quelques mots, pour l’agent"),
        _l("Dites à l’agent pourquoi, et si vous le savez, à qui demander."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.code.choices = [
            SelectChoice(code.value, str(label)) for code, label in words.REFUSALS.items()
        ]

    @property
    def refusal(self) -> Refusal:
        return Refusal(self.code.data)


class NoteForm(FlaskForm):
    text = _text(_l("Votre note interne"), _l("Écrivez la note avant de la garder."))


class SideForm(FlaskForm):
    text = _text(
        _l("Aux autres équipes à qui c’est demandé"),
        _l("Écrivez un mot avant de l’envoyer."),
        description=_l(
            "L’agent ne le voit pas. Ne nommez pas l’usager : une autre équipe n’a pas toujours le"
            " droit de savoir qui c’est."
        ),
    )


class InvitationForm(FlaskForm):
    team = SelectField(_l("Équipe à inviter"), coerce=int, validate_choice=True)
    text = _text(
        _l("Votre question à cette équipe"),
        _l("Écrivez ce que vous lui demandez."),
        description=_l("Sans l’accord de l’usager pour elle, elle ne lit que ces mots."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        others = db.session.execute(teams_besides(g.person.organisation_id)).all()
        self.team.choices = [
            (team.id, f"{organisation.name}, {team.name}") for team, organisation in others
        ]


class HandingForm(FlaskForm):
    """To whom; who is away can be seen to be, and is refused with who stands in."""

    to = SelectField(_l("À qui"), coerce=int, validate_choice=False)
    text = _short(
        _l("Un mot pour votre collègue"), description=_l("Votre équipe seule le lit, pas l’agent.")
    )

    def offer(self, colleagues: Sequence[Colleague]) -> None:
        self.to.choices = [
            SelectChoice(each.person.id, words.colleague(each)) for each in colleagues
        ]


class WordsForm(FlaskForm):
    """A text to the other side, or a reason."""

    text = _text(_l("Votre texte"), _l("Écrivez un texte."))


class ChaseForm(FlaskForm):
    text = _short(_l("Un mot à l’équipe"))
