"""Articles of the small centre, written as its people write them.

A plugin of pytest, loaded by tests/conftest.py: the reports are tested with it too.
"""

from collections.abc import Callable
from datetime import date

import pytest

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import ContactCenter, transaction
from contactcenter.knowledge import actions
from contactcenter.knowledge.actions import Words
from tests.factories import World

REVIEW_ON = date(2027, 5, 3)
INSTALMENTS = Words(
    "Payer son impôt en plusieurs fois",
    "Peut-on étaler le paiement d’un avis d’impôt ?",
    "Oui : un échéancier se demande au centre des impôts, avec le dernier avis.",
    ("Dernier avis d’impôt", "Pièce d’identité"),
)

MakeArticle = Callable[..., int]


@pytest.fixture
def make_article(app: ContactCenter, world: World) -> MakeArticle:
    """Its id; published unless said otherwise."""

    def make(
        words: Words = INSTALMENTS,
        language: str = "fr",
        by: Person | None = None,
        published: bool = True,
        is_shared: bool = False,
    ) -> int:
        writer = by or world.manager
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
            article = actions.draft(topic, language, words, by=writer, is_shared=is_shared)
            if published:
                actions.publish(article, review_on=REVIEW_ON, by=writer)
            return article.id

    return make
