"""Gather what the page of one article shows."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.knowledge import actions
from contactcenter.knowledge.forms import KeepingForm, ReviewForm, WithdrawForm
from contactcenter.knowledge.models import Article, ArticleVersion, Audience
from contactcenter.knowledge.queries import current_versions, teams_of, topics_for, uses_of
from contactcenter.knowledge.rules import Trace, unconfirmed
from contactcenter.knowledge.sources import may_check, traces_in
from contactcenter.languages import language as spoken
from contactcenter.languages import zone

REVIEWED_AFTER = timedelta(days=182)


@dataclass(frozen=True)
class ArticlePage:
    """One article as this person may see it, in the language they read or its own."""

    article: Article
    person: Person
    versions: dict[str, ArticleVersion]  # the current one of each language
    version: ArticleVersion  # the one shown
    author: str
    topic: Topic
    organisation: Organisation
    team: Team | None

    @property
    def original(self) -> ArticleVersion:
        return self.versions[self.article.language]

    @property
    def may_write(self) -> bool:
        return actions.may_write(self.article, self.person)

    @property
    def may_publish(self) -> bool:
        return self.person.may(Permission.PUBLISH_ARTICLES)

    @cached_property
    def traces(self) -> list[Trace]:
        """What stands in the way of publishing."""
        found = list(self.versions.values())
        confirmed = [word for version in found for word in version.confirmed]
        return unconfirmed(traces_in(self.article, found), confirmed)

    @property
    def may_be_checked(self) -> bool:
        return may_check(self.article, self.person)

    @cached_property
    def uses(self) -> Any:
        """(uses, helped, did not help); nothing of it is a partner's to read."""
        if self.person.is_referent:
            return None
        return db.session.execute(uses_of(self.article.id)).one()

    def offer(self, form: KeepingForm) -> None:
        choices = topic_choices(self.person)
        if self.topic.id not in {each.value for each in choices}:
            choices = [SelectChoice(self.topic.id, self.topic.label_in(spoken())), *choices]
        form.topic.choices = choices
        teams = db.session.scalars(teams_of(self.article.organisation_id))
        form.team.choices = [
            SelectChoice(0, _("l’organisme : %(name)s", name=self.organisation.name)),
            *(SelectChoice(team.id, team.name) for team in teams),
        ]

    def forms(
        self,
        *,
        keeping: KeepingForm | None = None,
        review: ReviewForm | None = None,
        withdrawal: WithdrawForm | None = None,
        problem: str = "",
    ) -> dict[str, Any]:
        """Forms for what can be done; one that was refused keeps what was typed."""
        if keeping is None:
            keeping = KeepingForm(
                formdata=None,
                topic=self.article.topic_id,
                team=self.article.team_id or 0,
                is_shared=self.article.audience is Audience.SHARED,
            )
        self.offer(keeping)
        suggested = clock.now().astimezone(zone()).date() + REVIEWED_AFTER
        return {
            "keeping": keeping,
            "review": review or ReviewForm(formdata=None, review_on=suggested),
            "withdrawal": withdrawal or WithdrawForm(formdata=None),
            "problem": problem,
        }


def gather(article: Article, person: Person, language: str) -> ArticlePage:
    versions = {each.language: each for each in db.session.scalars(current_versions(article))}
    version = versions.get(language) or versions[article.language]
    centre = article.centre_id
    return ArticlePage(
        article=article,
        person=person,
        versions=versions,
        version=version,
        author=db.session.get_one(Person, (centre, version.written_by)).name,
        topic=db.session.get_one(Topic, (centre, article.topic_id)),
        organisation=actions.organisation_of(article),
        team=db.session.get_one(Team, (centre, article.team_id)) if article.team_id else None,
    )


def topic_choices(person: Person) -> list[SelectChoice]:
    topics = db.session.scalars(topics_for(person)).all()
    named = sorted((topic.label_in(spoken()), topic.id) for topic in topics)
    return [SelectChoice(topic_id, label) for label, topic_id in named]
