"""The words that are written in a centre, so that a misspelt one can be understood.

They are read from the messages by a sweep, some hundreds at a time: to keep them with each message
would make all writers wait for each other's words. A word that is no longer written is forgotten.
"""

from datetime import timedelta

from sqlalchemy import text

from contactcenter import clock
from contactcenter.db import current_centre, db

MOST_READ = 1_000  # messages at a time
USUAL = 50  # beyond it a word is no longer counted
SEEN_AGAIN = timedelta(days=30)  # a word's last day is kept that precisely
FORGOTTEN_AFTER = timedelta(days=400)

_PLACE = text("SELECT read_id, seen_id FROM search_words_read WHERE centre_id = :centre FOR UPDATE")
_BEGIN = text(
    "INSERT INTO search_words_read (centre_id, read_id, seen_id) VALUES (:centre, 0, 0)"
    " ON CONFLICT DO NOTHING"
)
_BATCH = text(
    "SELECT max(id) FROM (SELECT id FROM messages WHERE centre_id = :centre AND id > :read"
    " AND id <= :seen ORDER BY id LIMIT :most) AS batch"
)
_READ = text("""
INSERT INTO search_words (centre_id, word, plain, times, seen_on)
SELECT :centre, word, unaccent(word), least(count(*), :usual), :today
FROM messages m
JOIN tickets t ON t.centre_id = m.centre_id AND t.id = m.ticket_id AND NOT t.is_rehearsal
CROSS JOIN unnest(tsvector_to_array(
    to_tsvector('simple', t.subject || ' ' || left(m.text, 20000)))) AS word
WHERE m.centre_id = :centre AND m.id > :read AND m.id <= :upto
  AND word ~ '^[[:alpha:]]{4,30}$'
GROUP BY word ORDER BY word
ON CONFLICT (centre_id, word) DO UPDATE
SET times = least(search_words.times + excluded.times, :usual), seen_on = excluded.seen_on
WHERE search_words.times < :usual OR search_words.seen_on < :before
""")
_MOVE = text(
    "UPDATE search_words_read SET read_id = :upto, seen_id = CASE WHEN :done THEN"
    " coalesce((SELECT max(id) FROM messages WHERE centre_id = :centre), 0) ELSE seen_id END"
    " WHERE centre_id = :centre"
)
_FORGET = text("DELETE FROM search_words WHERE centre_id = :centre AND seen_on < :day")


def learn_words() -> None:
    """Read the next messages of the centre for their words."""
    centre = {"centre": current_centre()}
    db.session.execute(_BEGIN, centre)
    place = db.session.execute(_PLACE, centre).one()
    between = {**centre, "read": place.read_id, "seen": place.seen_id}
    upto = db.session.scalar(_BATCH, {**between, "most": MOST_READ})
    if upto is not None:
        today = clock.now().date()
        days = {"today": today, "before": today - SEEN_AGAIN}
        db.session.execute(_READ, {**between, **days, "upto": upto, "usual": USUAL})
    done = upto is None or upto == place.seen_id
    db.session.execute(_MOVE, {**centre, "upto": place.seen_id if done else upto, "done": done})


def forget_words() -> None:
    """Leave out what nobody has written for long: texts are erased in time, so are their words."""
    oldest = clock.now().date() - FORGOTTEN_AFTER
    db.session.execute(_FORGET, {"centre": current_centre(), "day": oldest})
