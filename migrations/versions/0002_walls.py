"""What PostgreSQL itself holds: the walls between centres and organisations, numbers, search, history.

The product runs as a role that owns nothing, so every policy here speaks to it; the functions that
must reach further are SECURITY DEFINER and apply the scope themselves.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Only the centre's own staff.
STAFF_ONLY = (
    "interactions",
    "messages",
    "readings",
    "search_documents",
    "search_words",
    "search_words_read",
    "triage_proposals",
    "notices",
    "number_series",
    "saturation_levels",
    "logged_sessions",
    "call_backs",
    "phone_calls",
    "phone_offers",
    "phone_posts",
    "refusals",
    "drafts",
    "held_replies",
    "macros",
    "snoozes",
    "followers",
    "nudges",
    "check_items",
    "ticket_links",
    "regroupings",
    "saved_views",
    "bulk_acts",
    "bulk_rows",
    "citizen_merges",
    "triage_rule_versions",
    "triage_trials",
    "triage_trial_changes",
    "triage_suggestions",
    "triage_lessons",
    "triage_learnt_topics",
    "triage_learnt_words",
)
# Anyone of the centre, partners included.
CENTRE = ("presences", "presence_periods", "triage_rules", "duty_shifts", "ladder_steps")

SCOPE = """
CREATE FUNCTION app_centre() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.centre_id', true), '')::bigint $$;
CREATE FUNCTION app_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.organisation_id', true), '')::bigint $$;
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;
"""

OWN_ROWS = "organisation_id = app_organisation()"
OF_OWN_REFERRAL = (
    "EXISTS (SELECT 1 FROM referrals r WHERE r.centre_id = {table}.centre_id"
    " AND r.id = {table}.referral_id AND r.organisation_id = app_organisation())"
)

# A permission ends by itself: what it opened is shut at that moment, whoever forgets to shut it.
LASTS = "revoked_at IS NULL AND expires_at > app_now()"

# What a partner may see beside the staff, by table.
PARTNERS = {
    "tickets": "EXISTS (SELECT 1 FROM ticket_access a WHERE a.centre_id = tickets.centre_id"
    " AND a.ticket_id = tickets.id AND a.organisation_id = app_organisation()"
    " AND a.valid_until > app_now())",
    "citizens": "EXISTS (SELECT 1 FROM tickets t JOIN ticket_access a"
    " ON a.centre_id = t.centre_id AND a.ticket_id = t.id"
    " WHERE t.centre_id = citizens.centre_id AND t.citizen_id = citizens.id"
    " AND a.organisation_id = app_organisation() AND a.valid_until > app_now())",
    "attachments": "EXISTS (SELECT 1 FROM shared_papers p JOIN referrals r"
    " ON r.centre_id = p.centre_id AND r.id = p.referral_id"
    " WHERE p.centre_id = attachments.centre_id AND p.attachment_id = attachments.id"
    " AND r.organisation_id = app_organisation())",
    "referrals": OWN_ROWS + " AND (mandate_id IS NULL OR EXISTS (SELECT 1 FROM mandates m"
    " WHERE m.centre_id = referrals.centre_id AND m.id = referrals.mandate_id))",
    "mandates": f"{OWN_ROWS} AND {LASTS}",
    "ticket_access": OWN_ROWS + " AND valid_until > app_now()",
    "events": OWN_ROWS,
    "referral_messages": OF_OWN_REFERRAL.format(table="referral_messages")
    + " AND (side = 'referent' OR NOT is_private)",
    "shared_papers": OF_OWN_REFERRAL.format(table="shared_papers"),
    "pressings": OF_OWN_REFERRAL.format(table="pressings"),
    "visits": OF_OWN_REFERRAL.format(table="visits"),
}

# What a partner may read and never write.
READ_ONLY = ("tickets", "citizens", "attachments", "mandates", "ticket_access")

NUMBERS = """
CREATE FUNCTION next_ticket_number(centre bigint, year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    counter text := format('ticket_numbers_%s_%s', centre, year);
BEGIN
    IF centre IS DISTINCT FROM app_centre() THEN
        RAISE EXCEPTION 'a number of another centre';
    END IF;
    IF to_regclass(counter) IS NULL THEN  -- two first tickets of a year: one waits for the other
        PERFORM pg_advisory_xact_lock(hashtext(counter));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', counter);
    END IF;
    RETURN nextval(counter::regclass);
END $$;
"""

WORDS = {"fr": "french", "nl": "dutch", "en": "english", "de": "german"}

# A document carries its places in time beside its words: 256 and 16,384 tickets make one each. The
# index then finds a common word among the latest tickets without reading where else it stands.
SEARCH = """
CREATE FUNCTION search_place(centre bigint, ticket bigint, bits int)
RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT '#' || bits || '/' || centre || '/' || (ticket >> bits) $$;
CREATE FUNCTION search_document(configuration regconfig, words text, centre bigint, ticket bigint)
RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector(configuration, words) || array_to_tsvector(
        ARRAY[search_place(centre, ticket, 8), search_place(centre, ticket, 14)])
$$;

-- A text whose language is not known.
CREATE FUNCTION search_words_of(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('fr_plain', words) || to_tsvector('nl_plain', words)
        || to_tsvector('en_plain', words) || to_tsvector('de_plain', words)
$$;
-- One word or phrase, as each language may have kept it.
CREATE FUNCTION search_term(term text) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT phraseto_tsquery('fr_plain', term) || phraseto_tsquery('nl_plain', term)
        || phraseto_tsquery('en_plain', term) || phraseto_tsquery('de_plain', term)
$$;
-- Whether it says something: "de" and "the" stand in every text of their language.
CREATE FUNCTION search_telling(term text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT least(numnode(phraseto_tsquery('fr_plain', term)),
        numnode(phraseto_tsquery('nl_plain', term)), numnode(phraseto_tsquery('en_plain', term)),
        numnode(phraseto_tsquery('de_plain', term))) > 0
$$;
-- All of the terms, each in whichever language; small words count only if there is no other.
CREATE FUNCTION search_all(terms text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    telling tsquery;
    small tsquery;
    term text;
BEGIN
    FOREACH term IN ARRAY terms LOOP
        IF search_telling(term) THEN
            telling := coalesce(telling && search_term(term), search_term(term));
        ELSE
            small := coalesce(small && search_term(term), search_term(term));
        END IF;
    END LOOP;
    RETURN coalesce(telling, CASE WHEN numnode(small) > 0 THEN small END);
END $$;
CREATE FUNCTION search_any(terms text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    found tsquery;
    term text;
BEGIN
    FOREACH term IN ARRAY terms LOOP
        found := coalesce(found || search_term(term), search_term(term));
    END LOOP;
    RETURN CASE WHEN numnode(found) > 0 THEN found END;
END $$;

CREATE FUNCTION search_tickets(wanted text[], most int, below bigint)
RETURNS TABLE (ticket_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET jit = off AS $$
-- The newest first, one stretch of places after the other, each longer than the one before.
DECLARE
    centre bigint := app_centre();
    all_wanted tsquery := search_all(wanted);
    upto bigint;
    low bigint;
    bits int := 8;
    places int := 1;
    stretch tsquery;
    found int;
BEGIN
    IF app_organisation() IS NOT NULL OR all_wanted IS NULL THEN
        RETURN;
    END IF;
    SELECT max(d.ticket_id) INTO upto
        FROM search_documents d WHERE d.centre_id = centre AND d.ticket_id < below;
    WHILE upto > 0 AND most > 0 LOOP
        low := greatest((upto >> bits) - places + 1, 0);
        SELECT string_agg(quote_literal(search_place(centre, place << bits, bits)), '|')::tsquery
            INTO stretch FROM generate_series(low, upto >> bits) AS place;
        -- Apart, so that nothing but the index of words is tempted to answer.
        RETURN QUERY WITH hits AS MATERIALIZED (
            SELECT d.centre_id AS of, d.ticket_id AS id FROM search_documents d
            WHERE d.document @@ (stretch && all_wanted)
        ) SELECT DISTINCT hits.id FROM hits WHERE hits.of = centre AND hits.id <= upto
          ORDER BY hits.id DESC LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        most := most - found;
        upto := (low << bits) - 1;
        IF places < 64 THEN
            places := places * 4;
        ELSIF bits = 8 THEN
            bits := 14;
            places := 1;
        END IF;
    END LOOP;
END $$;

-- Words that were written, near to one that was not; `%` is not leakproof.
CREATE FUNCTION near_words(wanted text, most int)
RETURNS TABLE (word text, likeness real, times int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET pg_trgm.similarity_threshold = '0.3' AS $$
    SELECT w.word, similarity(w.plain, unaccent(lower(wanted))), w.times FROM search_words w
    WHERE w.centre_id = app_centre() AND app_organisation() IS NULL
      AND w.plain % unaccent(lower(wanted))
      AND abs(length(w.plain) - length(wanted)) <= 2
    ORDER BY similarity(w.plain, unaccent(lower(wanted))) DESC, w.times DESC, w.word LIMIT most
$$;
"""

# Names alike, accents and order ignored: `%>` is not leakproof either.
CITIZENS = """
CREATE FUNCTION search_citizens(wanted text, most int)
RETURNS TABLE (citizen_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM citizens c
    WHERE c.centre_id = app_centre() AND app_organisation() IS NULL AND c.name_key %> wanted
      AND c.merged_into IS NULL
    ORDER BY word_similarity(wanted, c.name_key) DESC, c.met_at DESC LIMIT most
$$;
"""

# Who may be the same person: the same number, the same address, or a name alike with a year that
# does not say otherwise. Three questions, each of one index; `%` is not leakproof here either.
ALIKE = """
CREATE FUNCTION alike_citizens(wanted text, number text, mailbox text, born int, most int)
RETURNS TABLE (citizen_id bigint, same_phone boolean, same_email boolean, likeness real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET pg_trgm.similarity_threshold = '0.5' AS $$
    WITH found AS (
        (SELECT c.id FROM citizens c WHERE c.centre_id = app_centre() AND number <> ''
            AND c.phone = number ORDER BY c.met_at DESC LIMIT most * 4)
        UNION
        (SELECT c.id FROM citizens c WHERE c.centre_id = app_centre() AND mailbox <> ''
            AND lower(c.email) = lower(mailbox) ORDER BY c.met_at DESC LIMIT most * 4)
        UNION
        (SELECT c.id FROM citizens c WHERE c.centre_id = app_centre() AND wanted <> ''
            AND c.name_key % wanted AND (born IS NULL OR coalesce(c.birth_year, born) = born)
            ORDER BY similarity(c.name_key, wanted) DESC LIMIT most * 4)
    )
    SELECT c.id, coalesce(c.phone = nullif(number, ''), false),
        coalesce(lower(c.email) = lower(nullif(mailbox, '')), false),
        similarity(c.name_key, wanted)
    FROM found JOIN citizens c ON c.centre_id = app_centre() AND c.id = found.id
    WHERE app_organisation() IS NULL AND c.merged_into IS NULL
    ORDER BY (coalesce(c.phone = nullif(number, ''), false))::int
        + (coalesce(lower(c.email) = lower(nullif(mailbox, '')), false))::int
        + similarity(c.name_key, wanted) DESC, c.met_at DESC, c.id
    LIMIT most
$$;
"""

ONCE = """
CREATE FUNCTION refuse_second_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'visit % already has the outcome %', OLD.id, OLD.outcome
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER one_outcome BEFORE UPDATE ON visits FOR EACH ROW
WHEN (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome)
EXECUTE FUNCTION refuse_second_outcome();

CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'history is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE ON events FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_history();
CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE ON triage_rule_versions FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_history();
"""

# A note never leaves: no notice can carry words that are not those of a reply, and no message ever
# becomes one of another kind.
INSIDE = """
CREATE FUNCTION only_replies_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM messages m WHERE m.centre_id = NEW.centre_id
            AND m.id = NEW.said_id AND m.kind = 'reply' AND position(NEW.body IN m.text) > 0) THEN
        RAISE EXCEPTION 'only a reply leaves' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_replies_leave BEFORE INSERT OR UPDATE OF kind, said_id, body ON notices
FOR EACH ROW WHEN (NEW.kind = 'reply' OR NEW.said_id IS NOT NULL)
EXECUTE FUNCTION only_replies_leave();

CREATE FUNCTION refuse_change_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a message keeps its kind' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kind_is_kept BEFORE UPDATE OF kind ON messages FOR EACH ROW
WHEN (NEW.kind IS DISTINCT FROM OLD.kind) EXECUTE FUNCTION refuse_change_of_kind();
"""

# While a centre rehearses, all that comes in is marked as played, whoever played it.
MARK = """
CREATE FUNCTION mark_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_rehearsal := NEW.is_rehearsal
        OR coalesce((SELECT rehearsing FROM centres WHERE id = NEW.centre_id), false);
    RETURN NEW;
END $$;
"""
# Processes keep what they read of a centre's directory for as long as this version stays the same.
VERSION = """
CREATE FUNCTION renew_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE centres SET directory_version = (pg_current_xact_id()::text)::bigint
    WHERE id = coalesce(NEW.centre_id, OLD.centre_id)
      AND directory_version <> (pg_current_xact_id()::text)::bigint;
    RETURN NULL;
END $$;
"""
VERSIONED = ("topics", "triage_rules", "queues", "sites", "teams")
MARKED = (
    "citizens",
    "interactions",
    "tickets",
    "visits",
    "referrals",
    "notices",
    "receipts",
    "presence_periods",
)
# Of the history only what staff say of themselves: the rest goes with its ticket or visit, and what
# an administrator changes is real whenever it happens.
MARKED_HISTORY = """
CREATE TRIGGER mark_rehearsal BEFORE INSERT ON events FOR EACH ROW
WHEN (NEW.kind = 'PresenceChanged') EXECUTE FUNCTION mark_rehearsal()
"""

# Erases what was played: everything marked as rehearsal in the centre of the scope.
WIPE = """
CREATE FUNCTION wipe_rehearsal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    centre bigint := app_centre();
    wiped bigint;
BEGIN
    IF centre IS NULL OR app_organisation() IS NOT NULL THEN
        RAISE EXCEPTION 'no centre in scope';
    END IF;
    CREATE TEMP TABLE played ON COMMIT DROP AS
        SELECT id FROM tickets WHERE centre_id = centre AND is_rehearsal;
    SELECT count(*) INTO wiped FROM played;
    DELETE FROM pressings p USING referrals r WHERE p.centre_id = centre
        AND r.centre_id = centre AND r.id = p.referral_id AND r.ticket_id IN (SELECT id FROM played);
    DELETE FROM shared_papers p USING referrals r WHERE p.centre_id = centre
        AND r.centre_id = centre AND r.id = p.referral_id AND r.ticket_id IN (SELECT id FROM played);
    DELETE FROM referral_messages m USING referrals r WHERE m.centre_id = centre
        AND r.centre_id = centre AND r.id = m.referral_id AND r.ticket_id IN (SELECT id FROM played);
    DELETE FROM phone_offers o USING phone_calls c, interactions i WHERE o.centre_id = centre
        AND c.centre_id = centre AND c.id = o.call_id AND i.centre_id = centre
        AND i.id = c.interaction_id
        AND (i.is_rehearsal OR i.ticket_id IN (SELECT id FROM played));
    DELETE FROM phone_calls c USING interactions i WHERE c.centre_id = centre
        AND i.centre_id = centre AND i.id = c.interaction_id
        AND (i.is_rehearsal OR i.ticket_id IN (SELECT id FROM played));
    DELETE FROM events WHERE centre_id = centre AND is_rehearsal;
    DELETE FROM presence_periods WHERE centre_id = centre AND is_rehearsal;
    DELETE FROM events e USING visits v WHERE e.centre_id = centre AND e.ticket_id IS NULL
        AND v.centre_id = centre AND v.is_rehearsal AND v.id = (e.detail ->> 'visit_id')::bigint;
    UPDATE visits SET previous_id = NULL WHERE centre_id = centre AND previous_id IN
        (SELECT id FROM visits WHERE centre_id = centre
            AND (is_rehearsal OR ticket_id IN (SELECT id FROM played)));
    DELETE FROM visits WHERE centre_id = centre
        AND (is_rehearsal OR ticket_id IN (SELECT id FROM played));
    DELETE FROM referrals WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM mandates WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM ticket_access WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM triage_proposals WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM triage_suggestions WHERE centre_id = centre
        AND ticket_id IN (SELECT id FROM played);
    DELETE FROM triage_lessons WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM triage_trial_changes WHERE centre_id = centre
        AND ticket_id IN (SELECT id FROM played);
    DELETE FROM search_documents WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM readings WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM attachments WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM notices WHERE centre_id = centre
        AND (is_rehearsal OR ticket_id IN (SELECT id FROM played));
    DELETE FROM messages WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM interactions WHERE centre_id = centre
        AND (is_rehearsal OR ticket_id IN (SELECT id FROM played));
    DELETE FROM receipts WHERE centre_id = centre
        AND (is_rehearsal OR ticket_id IN (SELECT id FROM played));
    DELETE FROM events WHERE centre_id = centre AND ticket_id IN (SELECT id FROM played);
    DELETE FROM regroupings WHERE centre_id = centre
        AND (from_id IN (SELECT id FROM played) OR to_id IN (SELECT id FROM played));
    UPDATE tickets SET merged_into = NULL
        WHERE centre_id = centre AND merged_into IN (SELECT id FROM played);
    UPDATE referrals SET disclosed_as = NULL
        WHERE centre_id = centre AND disclosed_as IN (SELECT id FROM played);
    DELETE FROM tickets WHERE centre_id = centre AND is_rehearsal;
    DELETE FROM citizen_merges m USING citizens c WHERE m.centre_id = centre
        AND c.centre_id = centre AND c.id IN (m.kept_id, m.merged_id) AND c.is_rehearsal;
    UPDATE citizens c SET merged_into = NULL WHERE c.centre_id = centre AND c.merged_into IN
        (SELECT id FROM citizens WHERE centre_id = centre AND is_rehearsal);
    DELETE FROM citizens c WHERE c.centre_id = centre AND c.is_rehearsal
        AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.centre_id = centre AND t.citizen_id = c.id);
    RETURN wiped;
END $$;
"""


def upgrade() -> None:
    op.execute(SCOPE)
    for language, stem in WORDS.items():
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION {language}_plain (COPY = {stem})")
        op.execute(
            f"ALTER TEXT SEARCH CONFIGURATION {language}_plain"
            f" ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stem}_stem"
        )
    for block in (NUMBERS, SEARCH, CITIZENS, ALIKE, ONCE, INSIDE, MARK, VERSION, WIPE):
        op.execute(block)
    for table in MARKED:
        op.execute(
            f"CREATE TRIGGER mark_rehearsal BEFORE INSERT ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION mark_rehearsal()"
        )
    op.execute(MARKED_HISTORY)
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER renew_directory AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION renew_directory()"
        )
    for table in STAFF_ONLY:
        _wall(table, "app_organisation() IS NULL")
    for table in CENTRE:
        _wall(table, "true")
    for table, partner in PARTNERS.items():
        if table in READ_ONLY:
            _wall(table, "app_organisation() IS NULL")
            op.execute(
                f"CREATE POLICY partner ON {table} FOR SELECT"
                f" USING (centre_id = app_centre() AND ({partner}))"
            )
        else:
            _wall(table, f"(app_organisation() IS NULL OR ({partner}))")
    op.execute("ALTER TABLE receipts ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY wall ON receipts USING (centre_id IS NULL"
        " OR (centre_id = app_centre() AND app_organisation() IS NULL))"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        " GRANT USAGE ON SCHEMA public TO contactcenter_app;"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO contactcenter_app;"
        " GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO contactcenter_app;"
        " END IF; END $$"
    )


def _wall(table: str, who: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY wall ON {table} USING (centre_id = app_centre() AND {who})")


def downgrade() -> None:
    for table in (*STAFF_ONLY, *CENTRE, *PARTNERS, "receipts"):
        op.execute(f"DROP POLICY IF EXISTS wall ON {table}")
        op.execute(f"DROP POLICY IF EXISTS partner ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in (*MARKED, "events"):
        op.execute(f"DROP TRIGGER mark_rehearsal ON {table}")
    op.execute("DROP TRIGGER one_outcome ON visits")
    op.execute("DROP TRIGGER only_replies_leave ON notices")
    op.execute("DROP TRIGGER kind_is_kept ON messages")
    for table in ("events", "triage_rule_versions"):
        op.execute(f"DROP TRIGGER history_is_kept ON {table}")
    for table in VERSIONED:
        op.execute(f"DROP TRIGGER renew_directory ON {table}")
    for function in (
        "renew_directory()",
        "refuse_second_outcome()",
        "refuse_change_of_history()",
        "only_replies_leave()",
        "refuse_change_of_kind()",
        "wipe_rehearsal()",
        "mark_rehearsal()",
        "search_tickets(text[], int, bigint)",
        "near_words(text, int)",
        "search_all(text[])",
        "search_any(text[])",
        "search_telling(text)",
        "search_term(text)",
        "search_words_of(text)",
        "search_document(regconfig, text, bigint, bigint)",
        "search_place(bigint, bigint, int)",
        "search_citizens(text, int)",
        "alike_citizens(text, text, text, int, int)",
        "next_ticket_number(bigint, int)",
        "app_organisation()",
        "app_centre()",
        "app_now()",
    ):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")
    for language in WORDS:
        op.execute(f"DROP TEXT SEARCH CONFIGURATION {language}_plain")
