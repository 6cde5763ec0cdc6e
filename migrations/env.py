"""Alembic's environment: runs with the connection that portal.core.database.migrate gives it."""

from alembic import context

from models import registry
from models.base import Base

assert registry.MODULES

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
