"""Gather what the page of one incident shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation.models import Referral
from contactcenter.escalation.team_queries import teams_fitting
from contactcenter.incidents import actions, forms, queries, telling
from contactcenter.incidents.models import Incident
from contactcenter.incidents.telling import Preview

MOST_SHOWN = 100


@dataclass(frozen=True)
class IncidentPage:
    incident: Incident
    topic: Topic
    organisation: Organisation
    opener: str
    rows: Sequence[Any]  # IncidentTicket and Ticket; the last opened of them
    counts: Any  # attached, sent off, settled, told
    question: Referral | None
    asked_team: str
    preview: Preview | None
    calls: Sequence[Any]  # IncidentTicket, Ticket and Citizen: to be told by a person

    @property
    def is_sending(self) -> bool:
        return bool(self.counts[1] > self.counts[2])

    @property
    def answer(self) -> dict[str, str]:
        """What is kept as the answer, else what the partner answered, to be rewritten."""
        if self.incident.told or self.question is None:
            return dict(self.incident.told)
        return {"fr": self.question.closing_text} if self.question.closing_text else {}

    def offer(self, form: forms.QuestionForm) -> None:
        """The teams for the topic first."""
        rows = db.session.execute(teams_fitting(self.topic.id))
        form.team.choices = [(row[0].id, f"{row[1].name}, {row[0].name}") for row in rows]

    def forms(
        self,
        *,
        question: forms.QuestionForm | None = None,
        attaching: forms.AttachForm | None = None,
        ending: forms.EndForm | None = None,
        problem: str = "",
    ) -> dict[str, Any]:
        question = question or forms.QuestionForm(formdata=None)
        self.offer(question)
        return {
            "question": question,
            "attaching": attaching or forms.AttachForm(formdata=None),
            "ending": ending or forms.EndForm(formdata=None),
            "problem": problem,
        }


def gather(incident: Incident) -> IncidentPage:
    centre = incident.centre_id
    topic = db.session.get_one(Topic, (centre, incident.topic_id))
    asked = actions.question_of(incident)
    team = db.session.get_one(Team, (centre, asked.team_id)) if asked else None
    opener = db.session.get(Person, (centre, incident.opened_by)) if incident.opened_by else None
    return IncidentPage(
        incident=incident,
        topic=topic,
        organisation=db.session.get_one(Organisation, (centre, topic.organisation_id)),
        opener=opener.name if opener else "",
        rows=db.session.execute(queries.attached(incident).limit(MOST_SHOWN)).all(),
        counts=db.session.execute(queries.progress(incident)).one(),
        question=asked,
        asked_team=team.name if team else "",
        preview=telling.preview(incident) if incident.is_open and incident.told else None,
        calls=db.session.execute(queries.to_call(incident).limit(MOST_SHOWN)).all(),
    )
