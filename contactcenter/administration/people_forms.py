"""The form of a person: who they are, where they belong, what they serve."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from contactcenter.accounts.actions import Served
from contactcenter.accounts.fields import choices_of
from contactcenter.accounts.models import Membership, Person
from contactcenter.accounts.permissions import Role
from contactcenter.administration import choices
from contactcenter.administration.fields import EntriesField, EntryField
from contactcenter.languages import NAMES

NEEDED = DataRequired(_l("Ce champ est nécessaire."))
ROLES = {
    Role.AGENT: _l("Agent"),
    Role.REFERENT: _l("Référent d’un partenaire"),
    Role.MANAGER: _l("Responsable"),
    Role.ADMINISTRATOR: _l("Administrateur"),
}


class PersonForm(FlaskForm):
    name = StringField(_l("Nom"), [NEEDED, Length(max=120)])
    role = SelectField(_l("Rôle"), choices=choices_of(ROLES), coerce=Role)
    organisation_id = EntryField(_l("Organisme"), offer=choices.organisations, validators=[NEEDED])
    language = SelectField(_l("Langue des écrans"), choices=choices_of(NAMES))
    sites = EntriesField(_l("Lieux"), offer=choices.sites)
    queues = EntriesField(_l("Files"), offer=choices.queues)
    teams = EntriesField(_l("Membre des équipes"), offer=choices.teams)
    led_teams = EntriesField(_l("Mène les équipes"), offer=choices.teams)

    @classmethod
    def of(cls, person: Person, memberships: list[Membership]) -> Any:
        return cls(
            formdata=None,
            obj=person,
            sites=[each.site_id for each in memberships if each.site_id],
            queues=[each.queue_id for each in memberships if each.queue_id],
            teams=[each.team_id for each in memberships if each.team_id and not each.leads],
            led_teams=[each.team_id for each in memberships if each.team_id and each.leads],
        )

    @property
    def served(self) -> dict[Served, bool]:
        """What the person is a member of, and whether they lead it."""
        return {
            **{Served(site_id=each): False for each in self.sites.data},
            **{Served(queue_id=each): False for each in self.queues.data},
            **{Served(team_id=each): False for each in self.teams.data},
            **{Served(team_id=each): True for each in self.led_teams.data},
        }


class InvitedPersonForm(PersonForm):
    email = EmailField(
        _l("Adresse électronique"),
        [
            NEEDED,
            Length(max=254),
            Regexp(
                r"^[^@\s|]+@[^@\s|]+$", message=_l("Écrire une adresse, comme nom@centre.example.")
            ),
        ],
    )
