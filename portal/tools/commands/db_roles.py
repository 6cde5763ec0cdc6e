"""PostgreSQL's roles: print the SQL a superuser runs once, or run it."""

from __future__ import annotations

import sys

from sqlalchemy import create_engine, make_url, pool, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from config import Settings, sound
from portal.core.database import roles


def run(settings: Settings, *, apply_as: str | None) -> int:
    """Print, or with ``apply_as`` (a superuser's URL) apply, the statements for the URLs of the settings.

    Raises ConfigurationError for a URL that cannot be read.
    """
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
    sound("The superuser's URL", apply_as)
    try:
        _apply(lines, apply_as)
    except (ArgumentError, DBAPIError) as error:
        # the URL holds a password: only what the driver says is shown
        why = error.orig if isinstance(error, DBAPIError) else "this is no URL of a database"
        print(f"The roles were not made: {str(why).strip()}", file=sys.stderr)
        return 1
    print("The roles are made")
    return 0


def _apply(lines: list[str], superuser_url: str) -> None:
    """Run the statements as a superuser. Raises ArgumentError, DBAPIError."""
    url = make_url(superuser_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for line in lines:
            connection.execute(text(line))
