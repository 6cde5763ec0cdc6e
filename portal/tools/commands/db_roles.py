"""PostgreSQL's roles: print the SQL a superuser runs once, or run it."""

from __future__ import annotations

import sys

from sqlalchemy import create_engine, make_url, pool, text

from config import Settings
from portal.core.database import roles


def run(settings: Settings, *, apply_as: str | None) -> int:
    """Print, or with ``apply_as`` (a superuser's URL) apply, the statements for the URLs of the settings."""
    if settings.sqlite:
        print("SQLite has no roles: nothing to do")
        return 0
    owner, application = make_url(settings.database_owner_url), make_url(settings.database_url)
    if owner.username == application.username:
        print("DATABASE_OWNER_URL and DATABASE_URL must name two roles", file=sys.stderr)
        return 2
    lines = roles.statements(
        owner=owner.username or "",
        application=application.username or "",
        database=application.database or "",
    )
    if apply_as is None:
        print(";\n".join(lines) + ";")
        print("-- then give both login roles a password: ALTER ROLE ... PASSWORD '...'")
        return 0
    url = make_url(apply_as).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for line in lines:
            connection.execute(text(line))
    print("The roles are made")
    return 0
