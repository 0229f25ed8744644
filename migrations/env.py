"""Runs migrations as the role that owns the tables, which the product itself never uses."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from contactcenter.connections import migrator_database_url
from contactcenter.db import Base, db

engine = create_engine(
    migrator_database_url(current_app.config["SETTINGS"]),
    poolclass=pool.NullPool,
    connect_args={"options": "-c lock_timeout=10000"},
)
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=db.metadata or Base.metadata, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
