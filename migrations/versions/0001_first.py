"""The tables. Keys carry the centre; foreign keys cannot leave it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table('centres',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('mail_address', sa.Text(), nullable=False),
    sa.Column('rehearsing', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centres')),
    sa.UniqueConstraint('code', name=op.f('uq_centres_code'))
    )
    op.create_table('live_changes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('xid', sa.BigInteger(), server_default=sa.text('(pg_current_xact_id()::text)::bigint'), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('topics', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_changes'))
    )
    op.create_index('ix_live_changes_cursor', 'live_changes', ['xid', 'id'], unique=False)
    op.create_table('receipts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=True),
    sa.Column('door', sa.Enum('mail', 'phone', 'sms', 'api', 'counter', 'letter', 'web', name='door', native_enum=False, length=32), nullable=False),
    sa.Column('dedupe_key', sa.Text(), nullable=False),
    sa.Column('fate', sa.Enum('ticketed', 'attached', 'rejected', 'held', name='fate', native_enum=False, length=32), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts')),
    sa.UniqueConstraint('door', 'dedupe_key', name=op.f('uq_receipts_door_dedupe_key'))
    )
    op.create_index('ix_receipts_received', 'receipts', ['centre_id', 'received_at'], unique=False)
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('email_hash', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts'))
    )
    op.create_index('ix_sign_in_attempts_address', 'sign_in_attempts', ['address', 'tried_at'], unique=False)
    op.create_index('ix_sign_in_attempts_email', 'sign_in_attempts', ['email_hash', 'tried_at'], unique=False)
    op.create_table('attachments',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_attachments_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_attachments'))
    )
    op.create_index('ix_attachments_ticket', 'attachments', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('citizens',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('reach', sa.Enum('email', 'phone', 'sms', 'letter', 'counter', name='reach', native_enum=False, length=32), nullable=True),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_citizens_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_citizens'))
    )
    op.create_index('ix_citizens_email', 'citizens', ['centre_id', sa.literal_column('lower(email)')], unique=False)
    op.create_index('ix_citizens_name_key', 'citizens', ['name_key'], unique=False, postgresql_using='gin', postgresql_ops={'name_key': 'gin_trgm_ops'})
    op.create_index('ix_citizens_phone', 'citizens', ['centre_id', 'phone'], unique=False)
    op.create_table('events',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_events_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_events'))
    )
    op.create_index('ix_events_ticket', 'events', ['centre_id', 'ticket_id', 'id'], unique=False)
    op.create_table('notices',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('means', sa.Enum('email', 'sms', 'letter', name='means', native_enum=False, length=32), nullable=False),
    sa.Column('to_address', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('attachment_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_automatic', sa.Boolean(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('referral_id', sa.BigInteger(), nullable=True),
    sa.Column('citizen_id', sa.BigInteger(), nullable=True),
    sa.Column('dedupe_key', sa.Text(), nullable=True),
    sa.Column('message_id', sa.Text(), nullable=True),
    sa.Column('state', sa.Enum('pending', 'sent', 'failed', 'cancelled', name='noticestate', native_enum=False, length=32), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_notices_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_notices')),
    sa.UniqueConstraint('centre_id', 'dedupe_key', name=op.f('uq_notices_centre_id_dedupe_key'))
    )
    op.create_index('ix_notices_message_id', 'notices', ['message_id'], unique=False)
    op.create_index('ix_notices_pending', 'notices', ['centre_id', 'due_at'], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_index('ix_notices_ticket', 'notices', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('organisations',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('is_own', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_organisations_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('centre_id', 'code', name=op.f('uq_organisations_centre_id_code'))
    )
    op.create_table('outbox_messages',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('arguments', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dead_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_outbox_messages_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_outbox_messages'))
    )
    op.create_index('ix_outbox_messages_waiting', 'outbox_messages', ['lane', 'due_at'], unique=False, postgresql_where=sa.text('done_at IS NULL AND dead_at IS NULL'))
    op.create_table('sites',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('post_office', 'town_hall', 'call_centre', 'mail_room', 'itinerant', name='sitekind', native_enum=False, length=32), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_sites_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_sites')),
    sa.UniqueConstraint('centre_id', 'name', name=op.f('uq_sites_centre_id_name'))
    )
    op.create_table('counters',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_counters_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_counters_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_counters')),
    sa.UniqueConstraint('centre_id', 'site_id', 'name', name=op.f('uq_counters_centre_id_site_id_name'))
    )
    op.create_table('ladder_steps',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('after_minutes', sa.Integer(), nullable=False),
    sa.Column('press', sa.Enum('team', 'lead', 'asker', name='press', native_enum=False, length=32), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_ladder_steps_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_ladder_steps_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_ladder_steps'))
    )
    op.create_index('ix_ladder_steps_organisation', 'ladder_steps', ['centre_id', 'organisation_id'], unique=False)
    op.create_table('lines',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.Column('menu', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_lines_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_lines_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_lines')),
    sa.UniqueConstraint('number', name=op.f('uq_lines_number'))
    )
    op.create_table('mailboxes',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_mailboxes_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_mailboxes_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_mailboxes'))
    )
    op.create_index('uq_mailboxes_address', 'mailboxes', [sa.literal_column('lower(address)')], unique=True)
    op.create_table('persons',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Enum('agent', 'referent', 'manager', 'administrator', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('preferences', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_persons_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_persons_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_persons'))
    )
    op.create_index('uq_persons_email', 'persons', [sa.literal_column('lower(email)')], unique=True)
    op.create_table('teams',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('answer_minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_teams_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_teams_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_teams')),
    sa.UniqueConstraint('centre_id', 'organisation_id', 'name', name=op.f('uq_teams_centre_id_organisation_id_name'))
    )
    op.create_table('topics',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('label', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('synonyms', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('papers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('price_cents', sa.Integer(), nullable=False),
    sa.Column('target_minutes', sa.Integer(), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=True),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_topics_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_topics_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_topics')),
    sa.UniqueConstraint('centre_id', 'code', name=op.f('uq_topics_centre_id_code'))
    )
    op.create_table('api_tokens',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_api_tokens_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_api_tokens_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    op.create_table('duty_shifts',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('from_minute', sa.Integer(), nullable=False),
    sa.Column('to_minute', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_duty_shifts_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id', 'team_id'], ['teams.centre_id', 'teams.id'], name=op.f('fk_duty_shifts_centre_id_team_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_duty_shifts_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_duty_shifts'))
    )
    op.create_index('ix_duty_shifts_team', 'duty_shifts', ['centre_id', 'team_id', 'weekday'], unique=False)
    op.create_table('invitations',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_invitations_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_invitations_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_table('memberships',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=True),
    sa.Column('queue_id', sa.BigInteger(), nullable=True),
    sa.Column('team_id', sa.BigInteger(), nullable=True),
    sa.Column('leads', sa.Boolean(), nullable=False),
    sa.CheckConstraint('num_nonnulls(site_id, queue_id, team_id) = 1', name=op.f('ck_memberships_of_one_thing')),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_memberships_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_memberships_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id', 'team_id'], ['teams.centre_id', 'teams.id'], name=op.f('fk_memberships_centre_id_team_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_memberships_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('centre_id', 'person_id', 'site_id', 'queue_id', 'team_id', name='uq_memberships_once', postgresql_nulls_not_distinct=True)
    )
    op.create_index('ix_memberships_queue', 'memberships', ['centre_id', 'queue_id'], unique=False)
    op.create_index('ix_memberships_team', 'memberships', ['centre_id', 'team_id'], unique=False)
    op.create_table('presence_periods',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('ready', 'break', 'meeting', 'offline', name='chosenstatus', native_enum=False, length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_presence_periods_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_presence_periods_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_presence_periods'))
    )
    op.create_index('ix_presence_periods_began', 'presence_periods', ['centre_id', 'began_at'], unique=False)
    op.create_table('presences',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('ready', 'break', 'meeting', 'offline', name='chosenstatus', native_enum=False, length=32), nullable=False),
    sa.Column('status_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=True),
    sa.Column('counter_id', sa.BigInteger(), nullable=True),
    sa.Column('idle_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'counter_id'], ['counters.centre_id', 'counters.id'], name=op.f('fk_presences_centre_id_counter_id')),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_presences_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_presences_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_presences_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_presences')),
    sa.UniqueConstraint('centre_id', 'person_id', name=op.f('uq_presences_centre_id_person_id'))
    )
    op.create_table('queues',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('counter', 'phone', 'written', 'referral', 'consult', name='queuekind', native_enum=False, length=32), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=True),
    sa.Column('team_id', sa.BigInteger(), nullable=True),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('threshold_seconds', sa.Integer(), nullable=False),
    sa.Column('short_seconds', sa.Integer(), nullable=False),
    sa.Column('max_wait_seconds', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_queues_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id', 'team_id'], ['teams.centre_id', 'teams.id'], name=op.f('fk_queues_centre_id_team_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_queues_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_queues')),
    sa.UniqueConstraint('centre_id', 'name', name=op.f('uq_queues_centre_id_name'))
    )
    op.create_table('sessions',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('browser', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_sessions_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_sessions_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sessions_token_hash'))
    )
    op.create_index('ix_sessions_person', 'sessions', ['centre_id', 'person_id'], unique=False)
    op.create_table('tickets',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('new', 'open', 'waiting_on_citizen', 'resolved', 'closed', name='status', native_enum=False, length=32), nullable=False),
    sa.Column('priority', sa.Enum('normal', 'high', name='priority', native_enum=False, length=32), nullable=False),
    sa.Column('channel', sa.Enum('counter', 'phone', 'email', 'letter', 'web', 'sms', 'api', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('topic_id', sa.BigInteger(), nullable=True),
    sa.Column('queue_id', sa.BigInteger(), nullable=True),
    sa.Column('site_id', sa.BigInteger(), nullable=True),
    sa.Column('citizen_id', sa.BigInteger(), nullable=True),
    sa.Column('assigned_to', sa.BigInteger(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('follow_up_hash', sa.Text(), nullable=True),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)", name=op.f('ck_tickets_resolved_at_matches_status')),
    sa.ForeignKeyConstraint(['centre_id', 'assigned_to'], ['persons.centre_id', 'persons.id'], name=op.f('fk_tickets_centre_id_assigned_to')),
    sa.ForeignKeyConstraint(['centre_id', 'citizen_id'], ['citizens.centre_id', 'citizens.id'], name=op.f('fk_tickets_centre_id_citizen_id')),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_tickets_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id', 'topic_id'], ['topics.centre_id', 'topics.id'], name=op.f('fk_tickets_centre_id_topic_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_tickets_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('centre_id', 'reference', name=op.f('uq_tickets_centre_id_reference'))
    )
    op.create_index('ix_tickets_assigned', 'tickets', ['centre_id', 'assigned_to', 'due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('new', 'open', 'waiting_on_citizen')"))
    op.create_index('ix_tickets_citizen', 'tickets', ['centre_id', 'citizen_id', 'id'], unique=False)
    op.create_index('ix_tickets_follow_up', 'tickets', ['centre_id', 'follow_up_hash'], unique=False)
    op.create_index('ix_tickets_queue_due', 'tickets', ['centre_id', 'queue_id', 'due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('new', 'open', 'waiting_on_citizen')"))
    op.create_index('ix_tickets_queue_updated', 'tickets', ['centre_id', 'queue_id', 'updated_at', 'id'], unique=False)
    op.create_index('ix_tickets_updated', 'tickets', ['centre_id', 'updated_at', 'id'], unique=False)
    op.create_table('topic_teams',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('topic_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'team_id'], ['teams.centre_id', 'teams.id'], name=op.f('fk_topic_teams_centre_id_team_id')),
    sa.ForeignKeyConstraint(['centre_id', 'topic_id'], ['topics.centre_id', 'topics.id'], name=op.f('fk_topic_teams_centre_id_topic_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_topic_teams_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_topic_teams')),
    sa.UniqueConstraint('centre_id', 'topic_id', 'team_id', name=op.f('uq_topic_teams_centre_id_topic_id_team_id'))
    )
    op.create_table('triage_rules',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('topic_id', sa.BigInteger(), nullable=True),
    sa.Column('words', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('sets', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'site_id'], ['sites.centre_id', 'sites.id'], name=op.f('fk_triage_rules_centre_id_site_id')),
    sa.ForeignKeyConstraint(['centre_id', 'topic_id'], ['topics.centre_id', 'topics.id'], name=op.f('fk_triage_rules_centre_id_topic_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_triage_rules_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_triage_rules')),
    sa.UniqueConstraint('centre_id', 'name', name=op.f('uq_triage_rules_centre_id_name'))
    )
    op.create_table('interactions',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('channel', sa.Enum('counter', 'phone', 'email', 'letter', 'web', 'sms', 'api', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('citizen_id', sa.BigInteger(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('caller_key', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'citizen_id'], ['citizens.centre_id', 'citizens.id'], name=op.f('fk_interactions_centre_id_citizen_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_interactions_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_interactions_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_interactions'))
    )
    op.create_index('ix_interactions_ticket', 'interactions', ['centre_id', 'ticket_id', 'started_at'], unique=False)
    op.create_table('mandates',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('paper', 'oral', name='mandatekind', native_enum=False, length=32), nullable=False),
    sa.Column('witness', sa.Text(), nullable=False),
    sa.Column('attachment_id', sa.BigInteger(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind <> 'oral' OR witness <> ''", name=op.f('ck_mandates_oral_has_a_witness')),
    sa.ForeignKeyConstraint(['centre_id', 'attachment_id'], ['attachments.centre_id', 'attachments.id'], name=op.f('fk_mandates_centre_id_attachment_id')),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_mandates_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_mandates_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_mandates_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_mandates'))
    )
    op.create_index('ix_mandates_ticket', 'mandates', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('number_series',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'queue_id'], ['queues.centre_id', 'queues.id'], name=op.f('fk_number_series_centre_id_queue_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_number_series_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_number_series')),
    sa.UniqueConstraint('centre_id', 'queue_id', 'given_on', name=op.f('uq_number_series_centre_id_queue_id_given_on'))
    )
    op.create_table('readings',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_readings_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_readings_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_readings'))
    )
    op.create_index('ix_readings_person', 'readings', ['centre_id', 'person_id', 'ticket_id', 'read_at'], unique=False)
    op.create_table('saturation_levels',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('candidate', sa.Text(), nullable=False),
    sa.Column('candidate_since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'queue_id'], ['queues.centre_id', 'queues.id'], name=op.f('fk_saturation_levels_centre_id_queue_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_saturation_levels_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_saturation_levels')),
    sa.UniqueConstraint('centre_id', 'queue_id', name=op.f('uq_saturation_levels_centre_id_queue_id'))
    )
    op.create_table('search_documents',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('is_inside', sa.Boolean(), nullable=False),
    sa.Column('document', postgresql.TSVECTOR(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_search_documents_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_search_documents_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_search_documents'))
    )
    op.create_index('ix_search_documents_document', 'search_documents', ['document'], unique=False, postgresql_using='gin')
    op.create_index('ix_search_documents_ticket', 'search_documents', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('ticket_access',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_ticket_access_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_ticket_access_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_ticket_access_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_ticket_access')),
    sa.UniqueConstraint('centre_id', 'ticket_id', 'organisation_id', name=op.f('uq_ticket_access_centre_id_ticket_id_organisation_id'))
    )
    op.create_index('ix_ticket_access_organisation', 'ticket_access', ['centre_id', 'organisation_id', 'ticket_id'], unique=False)
    op.create_table('triage_proposals',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('field', sa.Enum('topic', 'priority', 'language', 'queue', name='field', native_enum=False, length=32), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('rule_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_to', sa.Text(), nullable=True),
    sa.Column('corrected_by', sa.BigInteger(), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['centre_id', 'rule_id'], ['triage_rules.centre_id', 'triage_rules.id'], name=op.f('fk_triage_proposals_centre_id_rule_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_triage_proposals_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_triage_proposals_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_triage_proposals'))
    )
    op.create_index('ix_triage_proposals_ticket', 'triage_proposals', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('messages',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('interaction_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.Enum('citizen', 'reply', 'record', 'note', name='messagekind', native_enum=False, length=32), nullable=False),
    sa.Column('channel', sa.Enum('counter', 'phone', 'email', 'letter', 'web', 'sms', 'api', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('quoted', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('notice_id', sa.BigInteger(), nullable=True),
    sa.Column('mail_id', sa.Text(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'citizen') = (author_id IS NULL)", name=op.f('ck_messages_author_unless_citizen')),
    sa.CheckConstraint("kind <> 'note' OR notice_id IS NULL", name=op.f('ck_messages_note_is_never_sent')),
    sa.ForeignKeyConstraint(['centre_id', 'author_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_messages_centre_id_author_id')),
    sa.ForeignKeyConstraint(['centre_id', 'interaction_id'], ['interactions.centre_id', 'interactions.id'], name=op.f('fk_messages_centre_id_interaction_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_messages_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_messages_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_messages'))
    )
    op.create_index('ix_messages_mail_id', 'messages', ['mail_id'], unique=False)
    op.create_index('ix_messages_ticket', 'messages', ['centre_id', 'ticket_id', 'written_at', 'id'], unique=False)
    op.create_table('referrals',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('mandate_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Enum('sent', 'taken', 'asked_back', 'answered', 'refused', 'withdrawn', 'expired', name='referralstatus', native_enum=False, length=32), nullable=False),
    sa.Column('is_live', sa.Boolean(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('blocks', sa.Text(), nullable=False),
    sa.Column('tried', sa.Text(), nullable=False),
    sa.Column('right_lost', sa.Text(), nullable=False),
    sa.Column('right_lost_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remaining_seconds', sa.Integer(), nullable=True),
    sa.Column('taken_by', sa.BigInteger(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusal', sa.Enum('not_our_field', 'not_our_territory', 'no_mandate', 'standard_procedure', 'other', name='refusal', native_enum=False, length=32), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closing_text', sa.Text(), nullable=False),
    sa.Column('standard_procedure', sa.Boolean(), nullable=False),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('steps_done', sa.Integer(), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(status = 'asked_back') = (remaining_seconds IS NOT NULL)", name=op.f('ck_referrals_clock_waits_on_us')),
    sa.CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name=op.f('ck_referrals_refused_with_code')),
    sa.CheckConstraint("(status IN ('sent', 'taken', 'asked_back')) = (closed_at IS NULL)", name=op.f('ck_referrals_closed_at_matches_status')),
    sa.ForeignKeyConstraint(['centre_id', 'asked_by'], ['persons.centre_id', 'persons.id'], name=op.f('fk_referrals_centre_id_asked_by')),
    sa.ForeignKeyConstraint(['centre_id', 'mandate_id'], ['mandates.centre_id', 'mandates.id'], name=op.f('fk_referrals_centre_id_mandate_id')),
    sa.ForeignKeyConstraint(['centre_id', 'organisation_id'], ['organisations.centre_id', 'organisations.id'], name=op.f('fk_referrals_centre_id_organisation_id')),
    sa.ForeignKeyConstraint(['centre_id', 'taken_by'], ['persons.centre_id', 'persons.id'], name=op.f('fk_referrals_centre_id_taken_by')),
    sa.ForeignKeyConstraint(['centre_id', 'team_id'], ['teams.centre_id', 'teams.id'], name=op.f('fk_referrals_centre_id_team_id')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_referrals_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_referrals_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_referrals'))
    )
    op.create_index('ix_referrals_next_due', 'referrals', ['centre_id', 'next_due_at'], unique=False, postgresql_where=sa.text('next_due_at IS NOT NULL'))
    op.create_index('ix_referrals_organisation_open', 'referrals', ['centre_id', 'organisation_id', 'due_at'], unique=False, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_referrals_team_open', 'referrals', ['centre_id', 'team_id', 'due_at'], unique=False, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_referrals_ticket', 'referrals', ['centre_id', 'ticket_id'], unique=False)
    op.create_table('visits',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.Column('interaction_id', sa.BigInteger(), nullable=True),
    sa.Column('ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('referral_id', sa.BigInteger(), nullable=True),
    sa.Column('topic_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', sa.Enum('counter', 'phone', 'email', 'letter', 'web', 'sms', 'api', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('source', sa.Enum('new', 'transfer', 'overflow', 'callback', 'return', name='source', native_enum=False, length=32), nullable=False),
    sa.Column('previous_id', sa.BigInteger(), nullable=True),
    sa.Column('priority_class', sa.Enum('normal', 'priority', name='priorityclass', native_enum=False, length=32), nullable=False),
    sa.Column('priority_reason', sa.Text(), nullable=False),
    sa.Column('overtaken', sa.Integer(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'reserved', 'serving', 'parked', 'over', name='visitstate', native_enum=False, length=32), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('follow_up_hash', sa.Text(), nullable=True),
    sa.Column('caller_key', sa.Text(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('virtual_entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reserved_for', sa.BigInteger(), nullable=True),
    sa.Column('reserved_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('counter_id', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.Enum('answered', 'abandoned', 'abandoned_short', 'timeout', 'no_agent', 'full', 'diverted', 'closed', 'key_exit', 'callback', 'moved', 'error', 'callback_unreached', 'callback_broken', 'withdrawn', name='outcome', native_enum=False, length=32), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('source_log', sa.Text(), nullable=True),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state = 'reserved') = (reserved_for IS NOT NULL)", name=op.f('ck_visits_reserved_for_someone')),
    sa.CheckConstraint("(state IN ('waiting', 'reserved')) = (outcome IS NULL)", name=op.f('ck_visits_state_matches_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (left_at IS NULL)', name=op.f('ck_visits_outcome_when_left')),
    sa.ForeignKeyConstraint(['centre_id', 'answered_by'], ['persons.centre_id', 'persons.id'], name=op.f('fk_visits_centre_id_answered_by')),
    sa.ForeignKeyConstraint(['centre_id', 'counter_id'], ['counters.centre_id', 'counters.id'], name=op.f('fk_visits_centre_id_counter_id')),
    sa.ForeignKeyConstraint(['centre_id', 'interaction_id'], ['interactions.centre_id', 'interactions.id'], name=op.f('fk_visits_centre_id_interaction_id')),
    sa.ForeignKeyConstraint(['centre_id', 'previous_id'], ['visits.centre_id', 'visits.id'], name=op.f('fk_visits_centre_id_previous_id')),
    sa.ForeignKeyConstraint(['centre_id', 'queue_id'], ['queues.centre_id', 'queues.id'], name=op.f('fk_visits_centre_id_queue_id')),
    sa.ForeignKeyConstraint(['centre_id', 'reserved_for'], ['persons.centre_id', 'persons.id'], name=op.f('fk_visits_centre_id_reserved_for')),
    sa.ForeignKeyConstraint(['centre_id', 'ticket_id'], ['tickets.centre_id', 'tickets.id'], name=op.f('fk_visits_centre_id_ticket_id')),
    sa.ForeignKeyConstraint(['centre_id', 'topic_id'], ['topics.centre_id', 'topics.id'], name=op.f('fk_visits_centre_id_topic_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_visits_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_visits'))
    )
    op.create_index('ix_visits_caller', 'visits', ['centre_id', 'caller_key', 'entered_at'], unique=False)
    op.create_index('ix_visits_cohort', 'visits', ['centre_id', 'queue_id', 'entered_at'], unique=False)
    op.create_index('ix_visits_follow_up', 'visits', ['centre_id', 'follow_up_hash'], unique=False)
    op.create_index('ix_visits_referral', 'visits', ['centre_id', 'referral_id'], unique=False)
    op.create_index('ix_visits_reserved', 'visits', ['centre_id', 'reserved_until'], unique=False, postgresql_where=sa.text("state = 'reserved'"))
    op.create_index('ix_visits_serving', 'visits', ['centre_id', 'answered_by'], unique=False, postgresql_where=sa.text("state = 'serving'"))
    op.create_index('ix_visits_ticket', 'visits', ['centre_id', 'ticket_id'], unique=False)
    op.create_index('ix_visits_waiting', 'visits', ['centre_id', 'queue_id', 'entered_at'], unique=False, postgresql_where=sa.text('outcome IS NULL'))
    op.create_index('uq_visits_one_person_at_a_time', 'visits', ['centre_id', 'reserved_for'], unique=True, postgresql_where=sa.text("state = 'reserved'"))
    op.create_table('pressings',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('referral_id', sa.BigInteger(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('press', sa.Enum('team', 'lead', 'asker', name='press', native_enum=False, length=32), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pressed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'referral_id'], ['referrals.centre_id', 'referrals.id'], name=op.f('fk_pressings_centre_id_referral_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_pressings_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_pressings')),
    sa.UniqueConstraint('centre_id', 'referral_id', 'step', name=op.f('uq_pressings_centre_id_referral_id_step'))
    )
    op.create_table('referral_messages',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('referral_id', sa.BigInteger(), nullable=False),
    sa.Column('side', sa.Enum('asker', 'referent', name='side', native_enum=False, length=32), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_private', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'author_id'], ['persons.centre_id', 'persons.id'], name=op.f('fk_referral_messages_centre_id_author_id')),
    sa.ForeignKeyConstraint(['centre_id', 'referral_id'], ['referrals.centre_id', 'referrals.id'], name=op.f('fk_referral_messages_centre_id_referral_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_referral_messages_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_referral_messages'))
    )
    op.create_index('ix_referral_messages_referral', 'referral_messages', ['centre_id', 'referral_id', 'written_at'], unique=False)
    op.create_table('shared_papers',
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('referral_id', sa.BigInteger(), nullable=False),
    sa.Column('attachment_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'attachment_id'], ['attachments.centre_id', 'attachments.id'], name=op.f('fk_shared_papers_centre_id_attachment_id')),
    sa.ForeignKeyConstraint(['centre_id', 'referral_id'], ['referrals.centre_id', 'referrals.id'], name=op.f('fk_shared_papers_centre_id_referral_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centres.id'], name=op.f('fk_shared_papers_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_shared_papers')),
    sa.UniqueConstraint('centre_id', 'referral_id', 'attachment_id', name=op.f('uq_shared_papers_centre_id_referral_id_attachment_id'))
    )
    op.create_foreign_key(op.f('fk_attachments_centre_id_ticket_id'), 'attachments', 'tickets', ['centre_id', 'ticket_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_notices_centre_id_ticket_id'), 'notices', 'tickets', ['centre_id', 'ticket_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_lines_centre_id_queue_id'), 'lines', 'queues', ['centre_id', 'queue_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_mailboxes_centre_id_queue_id'), 'mailboxes', 'queues', ['centre_id', 'queue_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_topics_centre_id_queue_id'), 'topics', 'queues', ['centre_id', 'queue_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_memberships_centre_id_queue_id'), 'memberships', 'queues', ['centre_id', 'queue_id'], ['centre_id', 'id'])
    op.create_foreign_key(op.f('fk_tickets_centre_id_queue_id'), 'tickets', 'queues', ['centre_id', 'queue_id'], ['centre_id', 'id'])


def downgrade() -> None:
    for table in (
        "shared_papers",
        "referral_messages",
        "pressings",
        "visits",
        "referrals",
        "messages",
        "triage_proposals",
        "ticket_access",
        "search_documents",
        "saturation_levels",
        "readings",
        "number_series",
        "mandates",
        "interactions",
        "triage_rules",
        "topic_teams",
        "tickets",
        "sessions",
        "queues",
        "presences",
        "presence_periods",
        "memberships",
        "invitations",
        "duty_shifts",
        "api_tokens",
        "topics",
        "teams",
        "persons",
        "mailboxes",
        "lines",
        "ladder_steps",
        "counters",
        "sites",
        "outbox_messages",
        "organisations",
        "notices",
        "events",
        "citizens",
        "attachments",
        "sign_in_attempts",
        "receipts",
        "live_changes",
        "centres",
    ):
        op.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
