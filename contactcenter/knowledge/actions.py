"""The verbs of an article: draft, write, publish, review, withdraw, and who keeps it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import cast, func, literal_column
from sqlalchemy.dialects.postgresql import REGCONFIG

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Conflict, Forbidden, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.knowledge import words as said
from contactcenter.knowledge.events import (
    ArticleDrafted,
    ArticlePublished,
    ArticleReviewed,
    ArticleWithdrawn,
    ArticleWritten,
)
from contactcenter.knowledge.models import (
    Article,
    ArticleSource,
    ArticleStatus,
    ArticleVersion,
    Audience,
)
from contactcenter.knowledge.queries import current_versions, one, teams_of
from contactcenter.knowledge.rules import LEFT_OUT, unconfirmed
from contactcenter.knowledge.sources import may_check, traces_in
from contactcenter.languages import zone
from contactcenter.tickets.search import CONFIGURATIONS

LONGEST_TITLE = 200
LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 20_000
LONGEST_PAPER = 200
MOST_PAPERS = 20


@dataclass(frozen=True)
class Words:
    """An article in one language; papers are what to bring."""

    title: str
    question: str
    answer: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    ticket_id: int
    referral_id: int | None = None


def lock(article_id: int, *, person: Person) -> Article:
    """Raises NotFound for an article this person may not see."""
    found = db.session.scalar(
        one(person, article_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("Cette fiche n’existe pas, ou n’est pas à vous."))
    return found


def may_write(article: Article, person: Person) -> bool:
    """Agents write drafts; what is published is kept by managers and by its organisation."""
    if not person.may(Permission.WRITE_ARTICLES):
        return False
    return article.status is ArticleStatus.DRAFT or person.may(Permission.PUBLISH_ARTICLES)


def draft(
    topic: Topic,
    language: str,
    words: Words,
    *,
    by: Person,
    source: Source | None = None,
    team: Team | None = None,
    is_shared: bool = False,
) -> Article:
    """A new article; a partner's people write for their own organisation, and share it.

    It is kept by the team, and tells the rules of the team's organisation, else of the topic's.
    """
    organisation_id = team.organisation_id if team else topic.organisation_id
    if by.is_referent and organisation_id != by.organisation_id:
        raise NotFound(_("Ce motif n’existe pas, ou n’est pas à vous."))
    article = _begun(by)
    article.topic_id, article.organisation_id = topic.id, organisation_id
    article.team_id = team.id if team else None
    article.language = language
    article.audience = Audience.SHARED if by.is_referent or is_shared else Audience.CENTRE
    db.session.add(article)
    db.session.flush()  # its words and its source need article.id
    if source is not None:
        db.session.add(_came_from(article, source))
    _add_version(article, language, words, None, (), by)
    ticket_id = source.ticket_id if source else None
    announce(ArticleDrafted(article_id=article.id, person_id=by.id, ticket_id=ticket_id))
    return article


def _begun(by: Person) -> Article:
    now = clock.now()
    return Article(status=ArticleStatus.DRAFT, made_by=by.id, made_at=now, changed_at=now)


def _came_from(article: Article, source: Source) -> ArticleSource:
    return ArticleSource(
        article_id=article.id, ticket_id=source.ticket_id, referral_id=source.referral_id
    )


def write(
    article: Article,
    language: str,
    words: Words,
    *,
    seen: int,
    by: Person,
    confirmed: Iterable[str] = (),
) -> None:
    """A new version in one language, on top of the one that was seen (0: none yet).

    Raises Conflict if someone wrote meanwhile, Invalid for words that tell who somebody is where
    they would be read at once.
    """
    _refuse_unless_writer(article, by)
    before = _current(article).get(language)
    if (before.number if before else 0) != seen:
        raise Conflict(_("Quelqu’un a écrit cette fiche entre-temps. Votre texte est ici."))
    if before is not None and _words_of(before) == words and set(confirmed) <= {*before.confirmed}:
        return
    if before is not None:
        before.is_current = False
        before.is_for_partner |= by.is_referent  # they wrote on top of what they read
        db.session.flush()  # one current version a language: the old one goes first
    version = _add_version(article, language, words, before, tuple(confirmed), by)
    if article.is_published:
        _refuse_unfit(article, [version], by)
        _show_partner(article, [version])
    article.changed_at = clock.now()
    announce(
        ArticleWritten(
            article_id=article.id,
            person_id=by.id,
            language=language,
            number=version.number,
            confirmed=len(version.confirmed),
        )
    )


def keep(
    article: Article, *, topic: Topic, team_id: int | None, is_shared: bool, by: Person
) -> None:
    """Say what it is about, who keeps it and who reads it; what was shared stays shared."""
    _refuse_unless_writer(article, by)
    if by.is_referent and topic.organisation_id != by.organisation_id:
        raise NotFound(_("Ce motif n’existe pas, ou n’est pas à vous."))
    if article.audience is Audience.SHARED and topic.organisation_id != article.organisation_id:
        raise Invalid(
            _("Une fiche partagée reste à son organisme : écrivez-en une autre."), "topic"
        )
    article.topic_id, article.organisation_id = topic.id, topic.organisation_id
    teams = {team.id for team in db.session.scalars(teams_of(topic.organisation_id))}
    article.team_id = team_id if team_id in teams else None
    if is_shared:
        article.audience = Audience.SHARED
        if article.is_published:
            _show_partner(article, _current(article).values())
    article.changed_at = clock.now()


def publish(article: Article, *, review_on: date, by: Person) -> None:
    """Let it be proposed and read, until it is withdrawn. It is reviewed on `review_on`."""
    _refuse_unless_publisher(by)
    _refuse_past(review_on)
    if article.is_published:
        raise Conflict(_("Cette fiche est déjà publiée."))
    current = list(_current(article).values())
    _refuse_unfit(article, current, by)
    _show_partner(article, current)
    now = clock.now()
    article.status, article.published_at = ArticleStatus.PUBLISHED, article.published_at or now
    article.review_on, article.changed_at = review_on, now
    announce(ArticlePublished(article_id=article.id, person_id=by.id))


def review(article: Article, *, review_on: date, by: Person) -> None:
    """Someone read it again and it holds; until the next day of review."""
    _refuse_unless_publisher(by)
    _refuse_past(review_on)
    if not article.is_published:
        raise Conflict(_("Seule une fiche publiée se relit."))
    article.review_on = review_on
    announce(ArticleReviewed(article_id=article.id, person_id=by.id))


def withdraw(article: Article, reason: str, *, by: Person) -> None:
    """It is no longer proposed; its versions stay, and it can be published again."""
    _refuse_unless_publisher(by)
    if article.status is ArticleStatus.WITHDRAWN:
        raise Conflict(_("Cette fiche est déjà retirée."))
    if not reason.strip():
        raise Invalid(_("Dites en quelques mots pourquoi la fiche est retirée."), "reason")
    article.status, article.changed_at = ArticleStatus.WITHDRAWN, clock.now()
    announce(ArticleWithdrawn(article_id=article.id, person_id=by.id, reason=reason.strip()[:300]))


def organisation_of(article: Article) -> Organisation:
    return db.session.get_one(Organisation, (article.centre_id, article.organisation_id))


def _add_version(
    article: Article,
    language: str,
    words: Words,
    before: ArticleVersion | None,
    confirmed: Sequence[str],
    by: Person,
) -> ArticleVersion:
    original = _current(article).get(article.language)
    is_translation = language != article.language
    version = ArticleVersion(
        article_id=article.id,
        language=language,
        number=before.number + 1 if before else 1,
        of_number=original.number if is_translation and original else None,
        is_current=True,
        is_for_partner=by.is_referent,
        title=words.title.strip()[:LONGEST_TITLE],
        question=words.question.strip()[:LONGEST_QUESTION],
        answer=words.answer.strip()[:LONGEST_ANSWER],
        papers=[each[:LONGEST_PAPER] for each in words.papers[:MOST_PAPERS]],
        confirmed=sorted({each[:80] for each in confirmed}),
        written_by=by.id,
        written_at=clock.now(),
        document=_document(language, words),
    )
    db.session.add(version)
    db.session.flush()  # the checks before publishing read it
    return version


def _show_partner(article: Article, checked: Iterable[ArticleVersion]) -> None:
    """What was checked while it is shared stays readable for its organisation."""
    for version in checked:
        version.is_for_partner |= article.audience is Audience.SHARED


def _document(language: str, words: Words) -> object:
    """Title, question and the rest weigh less and less."""
    configuration = cast(CONFIGURATIONS.get(language, "fr_plain"), REGCONFIG)

    def part(text: str, weight: str) -> object:
        vector = func.to_tsvector(configuration, text.replace("\x00", " "))
        return func.setweight(vector, literal_column(f"'{weight}'"))

    rest = "\n".join((words.answer, *words.papers))
    title, question = part(words.title, "A"), part(words.question, "B")
    return func.tsvector_concat(func.tsvector_concat(title, question), part(rest, "D"))


def _current(article: Article) -> dict[str, ArticleVersion]:
    return {each.language: each for each in db.session.scalars(current_versions(article))}


def _words_of(version: ArticleVersion) -> Words:
    return Words(version.title, version.question, version.answer, tuple(version.papers))


def _refuse_unless_writer(article: Article, by: Person) -> None:
    if not may_write(article, by):
        raise Forbidden(_("Une fiche publiée est tenue par les responsables et par son organisme."))


def _refuse_unless_publisher(by: Person) -> None:
    if not by.may(Permission.PUBLISH_ARTICLES):
        raise Forbidden(_("Un responsable, ou l’organisme concerné, publie les fiches."))


def _refuse_past(review_on: date) -> None:
    if review_on <= clock.now().astimezone(zone()).date():
        raise Invalid(_("Choisissez un jour de relecture à venir."), "review_on")


def _refuse_unfit(article: Article, versions: Sequence[ArticleVersion], by: Person) -> None:
    """Raises Invalid for words that are missing, and for what tells who somebody is."""
    for version in versions:
        if not (version.title and version.question and version.answer):
            raise Invalid(_("Écrivez le titre, la question et la réponse avant de publier."))
        if any(LEFT_OUT in each for each in (version.title, version.question, version.answer)):
            raise Invalid(
                _("Il reste %(mark)s dans le texte : complétez ou effacez.", mark=LEFT_OUT)
            )
    if not may_check(article, by):
        raise Forbidden(
            _("La question était posée sans identité : le centre relit cette fiche et la publie.")
        )
    confirmed = [word for version in versions for word in version.confirmed]
    found = unconfirmed(traces_in(article, versions), confirmed)
    if found:
        raise Invalid(said.leaks(found), "answer")
