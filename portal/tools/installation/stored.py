"""The database: whether it answers, at which migration it stands, who serves from it, and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, pool, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from config import Settings
from portal.core import clock
from portal.core.database import revision
from portal.tools.installation.finding import Finding, ok, warning, wrong

#: a second factor's number lives for 30 seconds, and a stage ends on the second
LARGEST_DRIFT = 2.0
_ROLE = text(
    "SELECT rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user)"
    " OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datdba = pg_roles.oid)"
    " FROM pg_roles WHERE rolname = current_user"
)
_NOW = text("SELECT clock_timestamp()")


def look(settings: Settings) -> Iterator[Finding]:
    """Each finding about the database; one alone where it does not answer."""
    try:
        yield _migrations(settings)
        if settings.sqlite:
            yield warning("roles", "SQLite has the first wall only: for trials; a country needs PostgreSQL")
            yield ok("clock", "Database and portal are on one machine, with one clock")
            return
        with create_engine(settings.database_url, poolclass=pool.NullPool).connect() as connection:
            yield _roles(settings, connection)
            yield _clock(connection)
    except (ArgumentError, ImportError):
        yield wrong("database", "DATABASE_URL is no address of a database that the portal knows")
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        yield wrong("database", f"It does not answer: {why}")


def _migrations(settings: Settings) -> Finding:
    """At which migration the database stands, beside the newest of this code."""
    file = make_url(settings.database_url).database if settings.sqlite else None
    if file is not None and not Path(file).is_file():  # looking would make it
        return wrong("migrations", f"There is no database at {file}: run db-upgrade")
    stands, newest = revision.present(settings.database_url), revision.newest()
    if stands is None:
        return wrong("migrations", "Nothing was migrated yet: run db-upgrade")
    if not revision.serves(stands):
        older = f"this older code knows {newest}, and is not served any more"
        wanted = older if revision.is_ahead(stands) else f"this code wants {newest}: db-upgrade"
        return wrong("migrations", f"The database stands at {stands}, {wanted}")
    if revision.is_ahead(stands):
        return ok(
            "migrations", f"The database stands at {stands}, ahead of this code ({newest}), which it serves"
        )
    return ok("migrations", f"The database stands at {stands}, the newest")


def _roles(settings: Settings, connection: Connection) -> Finding:
    """Whether row-level security holds whoever serves."""
    name = make_url(settings.database_url).username
    superuser, bypasses, owns = connection.execute(_ROLE).one()
    if superuser or bypasses:
        what = "is a superuser" if superuser else "passes row-level security (BYPASSRLS)"
        return wrong("roles", f"{name} {what}: serve as the role that db-roles makes")
    if owns:
        return wrong(
            "roles", f"{name} owns what it serves from: owner and application are two roles (db-roles)"
        )
    return ok("roles", f"{name} owns nothing, is no superuser and does not pass row-level security")


def _clock(connection: Connection) -> Finding:
    """How far the clocks of this machine and of the database lie apart."""
    before = clock.machine()
    theirs: datetime = connection.execute(_NOW).scalar_one()
    after = clock.machine()
    theirs = theirs.astimezone(UTC)
    drift = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if drift > LARGEST_DRIFT:
        return wrong(
            "clock",
            f"This machine and the database lie {drift:.0f} s apart: let both keep time (timedatectl)",
        )
    return ok("clock", "This machine and the database have one time")
