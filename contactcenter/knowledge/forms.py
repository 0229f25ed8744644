"""Forms of articles. Each keeps what was typed and says what to do."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from contactcenter.fields import CheckboxesField
from contactcenter.knowledge.actions import (
    LONGEST_ANSWER,
    LONGEST_PAPER,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST_PAPERS,
    Words,
)
from contactcenter.knowledge.rules import Trace

LARGEST = 2**31 - 1


class WordsForm(FlaskForm):
    """An article in one language."""

    title = StringField(
        _l("Titre"),
        [DataRequired(_l("Donnez un titre à la fiche.")), Length(max=LONGEST_TITLE)],
        description=_l("Ce que l’on cherche, en quelques mots."),
    )
    question = TextAreaField(
        _l("La question, réécrite pour tous"),
        [Length(max=LONGEST_QUESTION, message=_l("Restez au-dessous de 2 000 caractères."))],
        description=_l("Sans nom, ni date, ni numéro : la question que d’autres poseront."),
    )
    answer = TextAreaField(
        _l("La réponse"),
        [
            DataRequired(_l("Écrivez la réponse.")),
            Length(max=LONGEST_ANSWER, message=_l("Restez au-dessous de 20 000 caractères.")),
        ],
        description=_l("Telle qu’un agent peut la dire ou l’écrire à l’usager."),
    )
    papers = TextAreaField(
        _l("Papiers à apporter"),
        [Optional(), Length(max=MOST_PAPERS * (LONGEST_PAPER + 2))],
        description=_l("Un par ligne."),
    )
    confirmed = CheckboxesField(_l("Ces mots ne disent pas qui est la personne"), [Optional()])
    seen = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST)])

    def offer(self, found: Sequence[Trace]) -> None:
        """What was found in the text and may mean something else."""
        named = list(dict.fromkeys(each.words for each in found if each.may_be_confirmed))
        kept = [each for each in self.confirmed.data or () if each not in named]
        self.confirmed.choices = [
            SelectChoice(each, _("« %(words)s » : ce n’est pas elle", words=each))
            for each in [*named, *kept]
        ]

    @property
    def words(self) -> Words:
        papers = [each.strip() for each in (self.papers.data or "").splitlines()]
        return Words(
            (self.title.data or "").strip(),
            (self.question.data or "").strip(),
            (self.answer.data or "").strip(),
            tuple(each for each in papers if each)[:MOST_PAPERS],
        )


class KeepingForm(FlaskForm):
    """What an article is about, who keeps it, and who reads it."""

    topic = SelectField(_l("Motif"), coerce=int)
    team = SelectField(_l("Tenue par"), [Optional()], coerce=int)
    is_shared = BooleanField(
        _l("Partagée avec l’organisme"),
        description=_l("Ses référents la lisent, l’écrivent et la relisent. C’est sans retour."),
    )


class NewForm(WordsForm):
    """A new article, written from nothing."""

    topic = SelectField(_l("Motif"), [InputRequired(_l("Choisissez un motif."))], coerce=int)
    language = SelectField(_l("Langue"))
    seen = IntegerField(validators=[Optional()])


class ReviewForm(FlaskForm):
    review_on = DateField(
        _l("À relire le"),
        [InputRequired(_l("Choisissez un jour, par exemple dans six mois."))],
        description=_l("Ce jour-là, un courriel le rappelle à qui tient la fiche."),
    )


class WithdrawForm(FlaskForm):
    reason = StringField(
        _l("Pourquoi la retirer"),
        [
            DataRequired(_l("Dites en quelques mots pourquoi la fiche est retirée.")),
            Length(max=300),
        ],
    )
