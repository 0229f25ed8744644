"""The form of a queue: where it is, what it promises, how many it takes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import NumberRange, Optional, Regexp

from contactcenter.accounts.fields import choices_of
from contactcenter.administration import choices
from contactcenter.administration.fields import EntryField
from contactcenter.administration.forms import NEEDED, SHORT, EntryForm
from contactcenter.queues.models import QueueKind

QUEUE_KINDS = {
    QueueKind.COUNTER: _l("Guichet"),
    QueueKind.PHONE: _l("Téléphone"),
    QueueKind.WRITTEN: _l("Écrits"),
    QueueKind.REFERRAL: _l("Questions écrites à une équipe"),
    QueueKind.CONSULT: _l("Questions en direct à une équipe"),
}


class QueueForm(EntryForm):
    name = StringField(
        _l("Nom"), SHORT, description=_l("18 signes au plus se lisent sur un écran mural.")
    )
    kind = SelectField(
        _l("Sorte de file"),
        choices=choices_of({kind: QUEUE_KINDS[kind] for kind in choices.WAITING_ROOMS}),
        coerce=QueueKind,
    )
    site_id = EntryField(_l("Lieu"), offer=choices.sites, none=_l("Aucun"))
    in_charge_id = EntryField(_l("Équipe responsable"), offer=choices.teams, none=_l("Aucune"))
    letter = StringField(
        _l("Lettre des numéros"),
        [Regexp(r"^[A-Z]$", message=_l("Une lettre de A à Z."))],
        default="A",
    )
    threshold_seconds = IntegerField(
        _l("Attente visée, en secondes"), [NEEDED, NumberRange(1, 10**7)], default=600
    )
    short_seconds = IntegerField(
        _l("Un départ avant tant de secondes ne compte pas"), [NumberRange(0, 3600)], default=60
    )
    max_wait_seconds = IntegerField(
        _l("Attente la plus longue, en secondes"), [Optional(), NumberRange(1, 10**7)]
    )
    capacity = IntegerField(_l("Places au plus"), [Optional(), NumberRange(1, 10**6)])
    is_active = BooleanField(_l("Ouverte"), default=True)

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        self._known = obj
        if obj is not None:
            del self.kind  # what already waited there would no longer fit

    def validate_capacity(self, field: Field) -> None:
        if field.data is not None and self._kind is QueueKind.WRITTEN:
            raise ValidationError(
                _("Une file d’écrits n’a pas de places : rien de ce qui arrive n’y est refusé.")
            )

    def validate_letter(self, field: Field) -> None:
        if self._kind is not QueueKind.COUNTER:
            return
        known_id = self._known.id if self._known else None
        other = choices.queue_lettered(field.data, self.site_id.data, but=known_id)
        if other is not None:
            raise ValidationError(
                _("La file %(name)s donne déjà cette lettre dans ce lieu.", name=other)
            )

    @property
    def _kind(self) -> QueueKind:
        kind: QueueKind = self._known.kind if self._known else self.kind.data
        return kind
