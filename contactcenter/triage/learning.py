"""What finished requests teach about the words of their topics, a few at a time."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.tickets.models import Message, MessageKind, Ticket
from contactcenter.triage.models import LearntTopic, Lesson
from contactcenter.triage.rules import plain
from contactcenter.triage.stems import telling_stems

AT_ONCE = 100

_MORE_WORDS = text(
    "INSERT INTO triage_learnt_words AS known (centre_id, topic_id, stem, requests)"
    " SELECT :centre, topic_id, stem, number FROM unnest(CAST(:topics AS bigint[]),"
    " CAST(:stems AS text[]), CAST(:numbers AS int[])) AS read(topic_id, stem, number)"
    " ON CONFLICT (centre_id, stem, topic_id)"
    " DO UPDATE SET requests = known.requests + excluded.requests"
)


def keep_lesson(ticket: Ticket) -> None:
    """A finished request teaches its topic once; until it has, its topic may still change."""
    if ticket.topic_id is None or ticket.is_rehearsal:
        return
    lesson = insert(Lesson).values(
        centre_id=ticket.centre_id, ticket_id=ticket.id, topic_id=ticket.topic_id
    )
    db.session.execute(
        lesson.on_conflict_do_update(
            index_elements=["centre_id", "ticket_id"],
            set_={"topic_id": lesson.excluded.topic_id},
            where=Lesson.learnt_at.is_(None),
        )
    )


def learn(most: int = AT_ONCE) -> int:
    """Count the stems of the lessons that wait; returns how many were learnt."""
    lessons = db.session.scalars(_waiting(most)).all()
    requests: Counter[int] = Counter()
    words: Counter[tuple[int, str]] = Counter()
    for lesson in lessons:
        requests[lesson.topic_id] += 1
        words.update((lesson.topic_id, stem) for stem in _stems_of(lesson.ticket_id))
        lesson.learnt_at = clock.now()
    _add_topics(requests)
    _add_words(words)
    return len(lessons)


def _waiting(most: int) -> Select[Any]:
    return (
        select(Lesson)
        .where(Lesson.centre_id == current_centre(), Lesson.learnt_at.is_(None))
        .order_by(Lesson.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def _stems_of(ticket_id: int) -> list[str]:
    """What the citizen said first; answers and later letters speak of other things."""
    ticket = db.session.get_one(Ticket, (current_centre(), ticket_id))
    first = db.session.scalar(
        select(Message.text)
        .where(
            Message.centre_id == ticket.centre_id,
            Message.ticket_id == ticket.id,
            Message.kind == MessageKind.CITIZEN,
        )
        .order_by(Message.written_at, Message.id)
        .limit(1)
    )
    return list(telling_stems(plain(f"{ticket.subject}\n{first or ''}"), ticket.language))


def _add_topics(requests: Counter[int]) -> None:
    rows = [
        {"centre_id": current_centre(), "topic_id": topic_id, "requests": number}
        for topic_id, number in sorted(requests.items())
    ]
    if rows:
        more = insert(LearntTopic).values(rows)
        total = LearntTopic.requests + more.excluded.requests
        db.session.execute(
            more.on_conflict_do_update(
                index_elements=["centre_id", "topic_id"], set_={"requests": total}
            )
        )


def _add_words(words: Counter[tuple[int, str]]) -> None:
    """In the order of their key, so that two sweeps wait for each other and never for ever."""
    listed = sorted(words.items(), key=lambda each: (each[0][1], each[0][0]))
    if listed:
        db.session.execute(
            _MORE_WORDS,
            {
                "centre": current_centre(),
                "topics": [topic_id for (topic_id, _stem), _number in listed],
                "stems": [stem for (_topic, stem), _number in listed],
                "numbers": [number for _key, number in listed],
            },
        )
