"""The form of a permission to share, for several organisations and topics at once."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from contactcenter.accounts.models import Organisation
from contactcenter.directory.models import Topic
from contactcenter.escalation import words
from contactcenter.escalation.forms import DAYS, LARGEST_KEY, THIS_TOPIC, in_days, scopes
from contactcenter.escalation.models import MandateKind
from contactcenter.fields import CheckboxesField
from contactcenter.languages import language

CHOSEN = "chosen"


class MandateForm(FlaskForm):
    """With whom, about what, how it was given and for how long."""

    organisations = CheckboxesField(
        _l("Avec qui partager"), [DataRequired(_l("Cochez au moins un organisme."))], coerce=int
    )
    scope = RadioField(_l("Ce que couvre l’accord"), [InputRequired(_l("Choisissez."))])
    topics = CheckboxesField(_l("Motifs choisis"), coerce=int)
    kind = RadioField(
        _l("Comment l’accord est donné"), [InputRequired(_l("Dites comment il est donné."))]
    )
    witness = StringField(
        _l("Témoin de l’accord oral"),
        [Optional(), Length(max=200)],
        description=_l("La personne qui l’a entendu : un collègue, un proche présent."),
    )
    valid_days = SelectField(_l("Durée de l’accord"), coerce=int, default=31)
    about = IntegerField(validators=[Optional(), NumberRange(0, LARGEST_KEY)])  # as the page showed

    def offer(
        self, organisations: Sequence[Organisation], topics: Sequence[Topic], topic: Topic | None
    ) -> None:
        """What can be chosen for a request about this topic."""
        label = topic.label_in(language()) if topic else ""
        self.organisations.choices = [SelectChoice(each.id, each.name) for each in organisations]
        self.topics.choices = [
            SelectChoice(each.id, each.label_in(language())) for each in topics if each is not topic
        ]
        self.scope.choices = [
            *scopes(label),
            *([SelectChoice(CHOSEN, _("Plusieurs motifs, à cocher"))] * bool(self.topics.choices)),
        ]
        self.kind.choices = [
            SelectChoice(kind.value, str(words.MANDATES[kind]))
            for kind in (MandateKind.PAPER, MandateKind.ORAL)
        ]
        self.valid_days.choices = [SelectChoice(days, in_days(days)) for days in DAYS]
        if self.scope.data is None:
            self.scope.data = self.scope.choices[0].value

    def topic_ids(self, topic_id: int | None) -> list[int]:
        """What it is for on a request about this topic; empty is every topic."""
        own = [topic_id] if topic_id else []
        if self.scope.data == CHOSEN:
            return own + list(self.topics.data or ())
        return own if self.scope.data == THIS_TOPIC else []

    def has_moved(self, topic_id: int | None) -> bool:
        """The page showed another topic than the request has now: what is for it is asked again."""
        is_for_own = self.scope.data in (THIS_TOPIC, CHOSEN)
        return is_for_own and self.about.data is not None and self.about.data != (topic_id or 0)

    def validate_topics(self, field: CheckboxesField) -> None:
        if self.scope.data == CHOSEN and not field.data:
            raise ValidationError(_("Cochez au moins un motif."))
