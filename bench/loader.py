"""Fill a database to any size, by a few statements over whole sets, as its owner.

python -m bench.loader --tickets 100000    into MIGRATOR_DATABASE_URL, beside what is there

What comes out is plain: the written requests of one centre over four hundred days, five messages
each, one in twenty unfinished, and for each a stay in its queue and one at a counter. Of the
unfinished, one in ten is put away and one in five is with an expert. The newest has twenty
messages. Its names are letters that stand for a number.
"""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import psycopg

STRETCH = 10_000  # requests in one transaction
DAYS = 400
LONG_THREAD = 20

# Shared by the statements: the queues that take requests, and who answers them.
PLACES = """
CREATE TEMP TABLE places ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id AS queue_id, site_id
FROM queues WHERE centre_id = %(centre)s AND kind = 'written' AND is_active;
CREATE TEMP TABLE desks ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY id) - 1 AS desk, id AS queue_id, site_id
FROM queues WHERE centre_id = %(centre)s AND kind = 'counter' AND is_active;
CREATE TEMP TABLE subjects ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY id) - 1 AS subject, id AS topic_id, label ->> 'fr' AS words
FROM topics WHERE centre_id = %(centre)s AND is_active;
CREATE TEMP TABLE agents ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY id) - 1 AS agent, id AS person_id
FROM persons WHERE centre_id = %(centre)s AND role = 'agent';
CREATE TEMP TABLE experts ON COMMIT PRESERVE ROWS AS
SELECT row_number() OVER (ORDER BY id) - 1 AS expert, id AS team_id, organisation_id
FROM teams WHERE centre_id = %(centre)s;
ANALYZE places, desks, subjects, agents, experts;
"""

CITIZENS = """
INSERT INTO citizens (centre_id, id, name, name_key, email, address, language, met_at, is_rehearsal)
SELECT %(centre)s, id, initcap(name), name, 'essai-' || id || '@citoyens.example', '', 'fr',
       now() - interval '400 days', false
FROM generate_series(%(first)s::bigint, %(last)s, 3) AS id
CROSS JOIN LATERAL (SELECT translate(id::text, '0123456789', 'bdfglmnrst') || 'a '
    || translate((id * 7919)::text, '0123456789', 'aeiouzvxky') AS name) AS names
"""

TICKETS = """
INSERT INTO tickets (centre_id, id, reference, subject, status, priority, channel, language,
    topic_id, queue_id, site_id, citizen_id, assigned_to, opened_at, due_at, replied_at,
    resolved_at, closed_at, updated_at, is_rehearsal)
SELECT %(centre)s, id, '2000-' || lpad(id::text, greatest(6, length(id::text)), '0'),
       words || ', dossier ' || id,
       CASE WHEN id %% 20 > 0 THEN 'closed' WHEN id / 20 %% 10 < 3 THEN 'waiting_on_citizen'
            ELSE 'open' END,
       CASE WHEN id %% 50 = 0 THEN 'high' ELSE 'normal' END,
       (ARRAY['email', 'web', 'letter', 'email'])[1 + id %% 4], 'fr',
       topic_id, queue_id, site_id, id - (id - %(first)s) %% 3,
       CASE WHEN (id + id / 20) %% 2 = 0 THEN person_id END,
       at, at + interval '2 days', at + interval '1 day',
       CASE WHEN id %% 20 > 0 THEN at + interval '1 day' END,
       CASE WHEN id %% 20 > 0 THEN at + interval '31 days' END,
       at + interval '1 day', false
FROM generate_series(%(first)s, %(last)s) AS id
CROSS JOIN LATERAL (SELECT now() - interval '1 day' * (%(days)s * (%(end)s - id)::float
    / greatest(%(all)s, 1)) AS at) AS times
JOIN places ON place = (id + id / 20 * 3) %% (SELECT count(*) FROM places)
JOIN subjects ON subject = (id + id / 20 * 3) * 7 %% (SELECT count(*) FROM subjects)
JOIN agents ON agent = (id + id / 20 * 3) %% (SELECT count(*) FROM agents)
"""

INTERACTIONS = """
INSERT INTO interactions (centre_id, channel, ticket_id, citizen_id, started_at, detail,
    is_rehearsal)
SELECT centre_id, channel, id, citizen_id, opened_at, '{}', false
FROM tickets WHERE centre_id = %(centre)s AND id BETWEEN %(first)s AND %(last)s
"""

MESSAGES = """
INSERT INTO messages (centre_id, ticket_id, interaction_id, kind, channel, text, quoted, language,
    author_id, written_at)
SELECT t.centre_id, t.id, i.id, CASE WHEN n %% 2 = 0 THEN 'reply' ELSE 'citizen' END, t.channel,
       'Bonjour, au sujet de « ' || t.subject || ' », voici ce que nous pouvons dire au point '
       || n || ' : ' || repeat('la demande suit son cours et une réponse vient bientôt. ', 6)
       || 'Cordialement',
       '', 'fr', CASE WHEN n %% 2 = 0 THEN person_id END, t.opened_at + n * interval '3 hours'
FROM tickets t
JOIN interactions i ON i.centre_id = t.centre_id AND i.ticket_id = t.id
JOIN agents ON agent = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM agents)
CROSS JOIN generate_series(1, 5) AS n
WHERE t.centre_id = %(centre)s AND t.id BETWEEN %(first)s AND %(last)s
"""

SEARCH = """
INSERT INTO search_documents (centre_id, ticket_id, message_id, is_inside, document)
SELECT m.centre_id, m.ticket_id, m.id, false,
       search_document('fr_plain', CASE WHEN m.kind = 'citizen' THEN t.reference || ' ' || t.subject
           || ' ' ELSE '' END || m.text, t.centre_id, t.id)
FROM messages m JOIN tickets t ON t.centre_id = m.centre_id AND t.id = m.ticket_id
WHERE m.centre_id = %(centre)s AND m.ticket_id BETWEEN %(first)s AND %(last)s
"""

STAYS = """
INSERT INTO visits (centre_id, queue_id, ticket_id, topic_id, channel, source, priority_class,
    priority_reason, overtaken, language, state, calls, entered_at, called_at, outcome, left_at,
    answered_at, answered_by, ended_at, is_rehearsal)
SELECT t.centre_id, t.queue_id, t.id, t.topic_id, t.channel, 'new', 'normal', '', 0, 'fr',
       CASE WHEN here THEN 'waiting' ELSE 'over' END, 0, t.opened_at,
       CASE WHEN NOT here THEN t.replied_at END, CASE WHEN NOT here THEN 'answered' END,
       CASE WHEN NOT here THEN t.replied_at END, CASE WHEN NOT here THEN t.replied_at END,
       CASE WHEN NOT here THEN person_id END,
       CASE WHEN NOT here THEN t.replied_at + interval '5 minutes' END, false
FROM tickets t
CROSS JOIN LATERAL (SELECT t.status = 'open' AS here) AS states
JOIN agents ON agent = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM agents)
WHERE t.centre_id = %(centre)s AND t.id BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT t.centre_id, d.queue_id, t.id, t.topic_id, 'counter', 'new', 'normal', '', 0, 'fr', 'over',
       1, t.opened_at, t.opened_at + waited, outcome, t.opened_at + waited,
       CASE WHEN outcome = 'answered' THEN t.opened_at + waited END,
       CASE WHEN outcome = 'answered' THEN person_id END,
       CASE WHEN outcome = 'answered' THEN t.opened_at + waited + interval '8 minutes' END, false
FROM tickets t
CROSS JOIN LATERAL (SELECT interval '1 second' * (t.id * 13 %% 1800) AS waited,
    CASE WHEN t.id %% 9 = 0 THEN 'abandoned' ELSE 'answered' END AS outcome) AS stays
JOIN desks d ON desk = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM desks)
JOIN agents ON agent = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM agents)
WHERE t.centre_id = %(centre)s AND t.id BETWEEN %(first)s AND %(last)s
"""

EVENTS = """
INSERT INTO events (centre_id, kind, ticket_id, detail, happened_at, is_rehearsal)
SELECT centre_id, kind, id, '{}', opened_at, is_rehearsal
FROM tickets CROSS JOIN unnest(ARRAY['TicketOpened', 'TicketTriaged', 'ReplyWritten']) AS kind
WHERE centre_id = %(centre)s AND id BETWEEN %(first)s AND %(last)s
"""

PROPOSALS = """
INSERT INTO triage_proposals (centre_id, ticket_id, field, value, reason, proposed_at)
SELECT centre_id, id, 'topic', topic_id::text, '{"code": "default", "of": "given"}', opened_at
FROM tickets WHERE centre_id = %(centre)s AND id BETWEEN %(first)s AND %(last)s
"""

SNOOZES = """
INSERT INTO snoozes (centre_id, ticket_id, person_id, until, snoozed_at)
SELECT t.centre_id, t.id, person_id, now() + interval '1 hour' * (24 + t.id %% 200), now()
FROM tickets t
JOIN agents ON agent = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM agents)
WHERE t.centre_id = %(centre)s AND t.id BETWEEN %(first)s AND %(last)s
  AND t.id %% 200 = 100 AND t.status = 'open'
"""

QUESTIONS = """
INSERT INTO referrals (centre_id, ticket_id, team_id, organisation_id, status, is_live, question,
    blocks, blocked_since, tried, right_lost, asked_by, asked_at, due_at, closed_at, closing_text,
    standard_procedure, steps_done, is_rehearsal)
SELECT t.centre_id, t.id, team_id, organisation_id,
       CASE WHEN t.resolved_at IS NULL THEN 'sent' ELSE 'answered' END, false, t.subject, '', '',
       '', '', person_id, t.opened_at + interval '1 hour',
       now() + interval '1 hour' * (t.id %% 97 - 20),
       t.resolved_at, '', false, 0, false
FROM tickets t
JOIN agents ON agent = (t.id + t.id / 20 * 3) %% (SELECT count(*) FROM agents)
JOIN experts ON expert = t.id / 20 %% (SELECT count(*) FROM experts)
WHERE t.centre_id = %(centre)s AND t.id BETWEEN %(first)s AND %(last)s
  AND t.id %% 100 IN (1, 20, 51)
"""

STATEMENTS = (
    CITIZENS,
    TICKETS,
    INTERACTIONS,
    MESSAGES,
    SEARCH,
    STAYS,
    EVENTS,
    PROPOSALS,
    SNOOZES,
    QUESTIONS,
)

# The newest request becomes a long one.
LENGTHEN = """
INSERT INTO messages (centre_id, ticket_id, kind, channel, text, quoted, language, written_at)
SELECT centre_id, id, 'citizen', channel, 'Et encore ceci, au point ' || n, '', 'fr',
       opened_at + n * interval '1 minute'
FROM tickets CROSS JOIN generate_series(6, %(long)s) AS n
WHERE centre_id = %(centre)s AND id = %(last)s
"""

SEQUENCES = """
SELECT setval(pg_get_serial_sequence(kind, 'id'), %(last)s)
FROM unnest(ARRAY['tickets', 'citizens']) AS kind
"""

Report = Callable[[str], None]


def fill(owner: "psycopg.Connection[Any]", tickets: int, *, report: Report = lambda _: None) -> str:
    """Bring the first centre to so many requests; the reference of the long one."""
    centre = _number(owner, "SELECT min(id) FROM centres")
    here = _number(owner, "SELECT count(*) FROM tickets WHERE centre_id = %s", centre)
    first = 1 + max(
        _number(owner, f"SELECT coalesce(max(id), 0) FROM {kind}")
        for kind in ("tickets", "citizens")
    )
    end = first + max(tickets - here, 1) - 1
    run = psycopg.ClientCursor(owner).execute  # several statements at once, plain numbers in them
    run(PLACES, {"centre": centre})
    owner.commit()
    for start in range(first, end + 1, STRETCH):
        began = time.monotonic()
        known = {"first": start, "last": min(start + STRETCH - 1, end), "centre": centre}
        for statement in STATEMENTS:
            run(statement, known | {"days": DAYS, "end": end, "all": end - first})
        owner.commit()
        report(f"{known['last'] - first + 1} of {end - first + 1} ({_since(began)} s)")
    run(LENGTHEN, {"centre": centre, "last": end, "long": LONG_THREAD})
    run(SEQUENCES, {"last": end})
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM ANALYZE")  # what autovacuum does by itself in an hour of calm
    owner.autocommit = False
    return f"2000-{end:06d}"


def _number(owner: "psycopg.Connection[Any]", statement: str, *known: object) -> int:
    row = owner.execute(statement, known).fetchone()
    assert row is not None
    return int(row[0])


def _since(began: float) -> int:
    return round(time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.loader", description=__doc__)
    parser.add_argument("--tickets", type=int, required=True, metavar="N")
    chosen = parser.parse_args()
    url = os.environ["MIGRATOR_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as owner:
        long_one = fill(owner, chosen.tickets, report=print)
    print(f"The request with {LONG_THREAD} messages is {long_one}")


if __name__ == "__main__":
    main()
