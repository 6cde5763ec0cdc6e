"""Alembic's environment: runs with the connection that portal.core.database.migrate gives it."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from models import base, registry

assert registry.MODULES


def render(kind: str, item: object, autogenerate: AutogenContext) -> str | bool:
    """Our own column types by their name, with their import, so that what is written runs."""
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy import Text")  # as a variant of PostgreSQL names it
    if kind != "type" or type(item).__module__ != base.__name__:
        return False
    autogenerate.imports.add(f"from {base.__name__} import {type(item).__name__}")
    return f"{type(item).__name__}()"


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=base.Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render,
    # a migration that is broken off, or waits for its table in vain, leaves nothing half done behind
    transactional_ddl=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
