"""The kinds of entries of the directory: how each is called, listed and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from contactcenter.accounts.models import Organisation, Person
from contactcenter.administration import choices, following_forms, forms
from contactcenter.administration.following_forms import clock_words, weekdays
from contactcenter.administration.queue_forms import QUEUE_KINDS, QueueForm
from contactcenter.administration.routing_forms import SkillForm
from contactcenter.db import Model, db
from contactcenter.directory.models import Counter, Line, Mailbox, Site, Team, Topic
from contactcenter.escalation.models import LadderStep
from contactcenter.escalation.staffing_models import Absence, DutyShift
from contactcenter.escalation.words import PRESSED
from contactcenter.languages import NAMES, duration, language
from contactcenter.queues.models import Queue
from contactcenter.queues.routing_models import Skill
from contactcenter.teamwork.models import Tag

Cell = Callable[[Any], str]


@dataclass(frozen=True)
class Kind:
    """One kind: its place in addresses, words, table, form and the columns of its list."""

    code: str
    words: Any
    add: Any
    model: type[Any]
    form: type[forms.EntryForm]
    columns: Sequence[tuple[Any, Cell]]
    order: Sequence[Any]
    about: Any
    only: Sequence[Any] = ()  # entries that other screens keep are left out
    unique: str = "name"  # the column whose value no other entry may have
    is_removable: bool = False  # nothing else names it

    def entries(self) -> Select[Any]:
        return self._here(select(self.model)).order_by(*self.order, self.model.id)

    def entry(self, entry_id: int) -> Select[Any]:
        return self._here(select(self.model)).where(self.model.id == entry_id)

    def count(self) -> Select[Any]:
        return self._here(select(func.count()).select_from(self.model))

    def _here(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(self.model.centre_id == g.centre.id, *self.only)

    def name_of(self, entry: Model) -> str:
        return self.columns[0][1](entry)


def _of(attribute: str) -> Cell:
    return lambda entry: str(getattr(entry, attribute) or "")


def _named(attribute: str, table: type[Any]) -> Cell:
    """The name of the entry that `attribute` points to; names are read once a request."""

    def cell(entry: Any) -> str:
        return _names(table).get(getattr(entry, attribute), "")

    return cell


def _all_if_none(cell: Cell, words: Any) -> Cell:
    return lambda entry: cell(entry) or str(words)


def _topic(entry: Any) -> str:
    if "labels_of_topics" not in g:
        g.labels_of_topics = choices.topics()
    return str(g.labels_of_topics.get(entry.topic_id, ""))


def _when(step: Any) -> str:
    """How far from the deadline, in open time."""
    time = duration(abs(step.after_minutes) * 60)
    if step.after_minutes < 0:
        return _("%(time)s d’ouverture avant l’échéance", time=time)
    if step.after_minutes == 0:
        return _("à l’échéance")
    return _("%(time)s d’ouverture après l’échéance", time=time)


def _shift(shift: Any) -> str:
    return _(
        "%(day)s, %(start)s à %(end)s",
        day=weekdays()[shift.weekday],
        start=clock_words(shift.from_minute),
        end=clock_words(shift.to_minute),
    )


def _days(absence: Any) -> str:
    first, last = (format_date(day, locale=language()) for day in (absence.from_on, absence.to_on))
    return _("%(first)s à %(last)s", first=first, last=last)


def _names(table: type[Any]) -> dict[int, str]:
    known: dict[Any, dict[int, str]] = g.setdefault("names_of_entries", {})
    if table not in known:
        rows = db.session.execute(
            select(table.id, table.name).where(table.centre_id == g.centre.id)
        )
        known[table] = {row[0]: row[1] for row in rows}
    return known[table]


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            code="organisations",
            words=_l("Organismes"),
            add=_l("Ajouter un organisme"),
            about=_l("Celui qui tient le centre et les partenaires dont les experts répondent."),
            model=Organisation,
            form=forms.OrganisationForm,
            columns=[(_l("Nom"), _of("name")), (_l("Code"), _of("code"))],
            order=[Organisation.is_own.desc(), Organisation.name],
        ),
        Kind(
            code="sites",
            words=_l("Lieux"),
            add=_l("Ajouter un lieu"),
            about=_l("Où les gens viennent, appellent ou écrivent, et quand c’est ouvert."),
            model=Site,
            form=forms.SiteForm,
            columns=[
                (_l("Nom"), _of("name")),
                (_l("Sorte"), lambda site: str(forms.SITE_KINDS[site.kind])),
                (_l("Adresse"), _of("address")),
            ],
            order=[Site.name],
        ),
        Kind(
            code="counters",
            words=_l("Guichets"),
            add=_l("Ajouter un guichet"),
            about=_l("Un bureau où un agent reçoit une personne à la fois."),
            model=Counter,
            form=forms.CounterForm,
            columns=[(_l("Nom"), _of("name")), (_l("Lieu"), _named("site_id", Site))],
            order=[Counter.site_id, Counter.name],
        ),
        Kind(
            code="queues",
            words=_l("Files"),
            add=_l("Ajouter une file"),
            about=_l(
                "Où l’on attend des gens d’une compétence ; chaque équipe a aussi les siennes."
            ),
            model=Queue,
            form=QueueForm,
            columns=[
                (_l("Nom"), _of("name")),
                (_l("Sorte"), lambda queue: str(QUEUE_KINDS[queue.kind])),
                (_l("Lieu"), _named("site_id", Site)),
                (_l("Lettre des numéros"), _of("letter")),
            ],
            order=[Queue.name],
            only=[Queue.team_id.is_(None)],
        ),
        Kind(
            code="skills",
            words=_l("Compétences"),
            add=_l("Ajouter une compétence"),
            about=_l("Ce que certains agents savent faire, ou la langue qu’ils parlent."),
            model=Skill,
            form=SkillForm,
            columns=[
                (_l("Nom"), _of("name")),
                (_l("Langue parlée"), lambda skill: NAMES.get(skill.language, "")),
            ],
            order=[Skill.language.nulls_last(), Skill.name],
        ),
        Kind(
            code="lines",
            unique="number",
            words=_l("Lignes"),
            add=_l("Ajouter une ligne"),
            about=_l("Les numéros que l’on appelle, leur menu et leurs heures."),
            model=Line,
            form=forms.LineForm,
            columns=[
                (_l("Numéro"), _of("number")),
                (_l("Nom"), _of("name")),
                (_l("File"), _named("queue_id", Queue)),
            ],
            order=[Line.number],
        ),
        Kind(
            code="mailboxes",
            unique="address",
            words=_l("Boîtes de courriel"),
            add=_l("Ajouter une boîte"),
            about=_l("Les adresses auxquelles on écrit."),
            model=Mailbox,
            form=forms.MailboxForm,
            columns=[
                (_l("Adresse"), _of("address")),
                (_l("File"), _named("queue_id", Queue)),
            ],
            order=[Mailbox.address],
        ),
        Kind(
            code="topics",
            unique="code",
            words=_l("Motifs"),
            add=_l("Ajouter un motif"),
            about=_l("Ce dont on parle : les mots, les papiers à apporter, qui sait répondre."),
            model=Topic,
            form=forms.TopicForm,
            columns=[
                (_l("Nom"), lambda topic: topic.label_in(language())),
                (_l("Organisme"), _named("organisation_id", Organisation)),
                (_l("File"), _named("queue_id", Queue)),
                (
                    _l("Vérifié"),
                    lambda topic: (
                        format_date(topic.verified_on, locale=language())
                        if topic.verified_on
                        else _("à vérifier")
                    ),
                ),
            ],
            order=[Topic.organisation_id, Topic.code],
        ),
        Kind(
            code="teams",
            words=_l("Équipes"),
            add=_l("Ajouter une équipe"),
            about=_l("Qui répond chez les partenaires, et qui sert ici en première ligne."),
            model=Team,
            form=forms.TeamForm,
            columns=[
                (_l("Nom"), _of("name")),
                (_l("Organisme"), _named("organisation_id", Organisation)),
                (_l("Adresse"), _of("email")),
            ],
            order=[Team.organisation_id, Team.name],
        ),
        Kind(
            code="tags",
            words=_l("Étiquettes"),
            add=_l("Ajouter une étiquette"),
            about=_l(
                "Les mots du centre pour trier ses demandes. Le centre seul les voit : ni l’usager"
                " ni les partenaires."
            ),
            model=Tag,
            form=following_forms.TagForm,
            columns=[
                (_l("Nom"), _of("name")),
                (_l("Couleur"), lambda tag: str(following_forms.COLOURS[tag.colour])),
                (_l("Proposée aux agents"), lambda tag: _("oui") if tag.is_active else _("non")),
            ],
            order=[Tag.is_active.desc(), Tag.name],
        ),
        Kind(
            code="ladder",
            words=_l("Relances"),
            add=_l("Ajouter une relance"),
            about=_l(
                "Qui est relancé quand une réponse tarde. Les relances d’un motif remplacent celles"
                " de son organisme, et celles d’un organisme celles de tous."
            ),
            model=LadderStep,
            form=following_forms.LadderForm,
            columns=[
                (_l("Quand"), _when),
                (_l("Relancer"), lambda step: str(PRESSED[step.press])),
                (
                    _l("Organisme"),
                    _all_if_none(_named("organisation_id", Organisation), _l("Tous")),
                ),
                (_l("Motif"), _all_if_none(_topic, _l("Tous"))),
            ],
            order=[
                LadderStep.organisation_id.nulls_first(),
                LadderStep.topic_id.nulls_first(),
                LadderStep.after_minutes,
            ],
            is_removable=True,
        ),
        Kind(
            code="absences",
            words=_l("Absences"),
            add=_l("Ajouter une absence"),
            about=_l(
                "Les jours où un référent n’est pas là, et qui le remplace : ses questions passent"
                " à cette personne, sinon à son équipe."
            ),
            model=Absence,
            form=following_forms.AbsenceForm,
            columns=[
                (_l("Référent"), _named("person_id", Person)),
                (_l("Jours"), _days),
                (_l("Remplacé par"), _named("substitute_id", Person)),
            ],
            order=[Absence.to_on.desc(), Absence.person_id],
            is_removable=True,
        ),
        Kind(
            code="duty",
            words=_l("Permanences"),
            add=_l("Ajouter une permanence"),
            about=_l(
                "Quand on peut demander à un référent en direct, dans les heures de son équipe."
            ),
            model=DutyShift,
            form=following_forms.DutyForm,
            columns=[
                (_l("Quand"), _shift),
                (_l("Référent"), _named("person_id", Person)),
                (_l("Équipe"), _named("team_id", Team)),
            ],
            order=[DutyShift.team_id, DutyShift.weekday, DutyShift.from_minute],
            is_removable=True,
        ),
    )
}
