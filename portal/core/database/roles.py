"""PostgreSQL's roles: an owner that migrates, an application role that serves, one role per kind of scope.

The application role owns nothing and may do nothing by itself: each transaction takes the scope's role, and
row-level security shows it the rows of that scope (migration 0002).
"""

from __future__ import annotations

from portal.core.scopes import Reach

SCOPE_ROLES = tuple(f"ita_{reach.value}" for reach in Reach)


def statements(*, owner: str, application: str, database: str) -> list[str]:
    """The SQL that a superuser runs once before the first migration. Passwords are set apart."""
    made = [_role(name, "NOLOGIN") for name in SCOPE_ROLES]
    made += [_role(owner, "LOGIN"), _role(application, "LOGIN NOINHERIT")]
    made.append(f'GRANT {", ".join(SCOPE_ROLES)} TO "{application}"')
    # the default log prints the values of a failing row: an answer or a mark must never be there
    made += [f'ALTER ROLE "{name}" SET log_error_verbosity = terse' for name in (application, owner)]
    made.append(f'ALTER DATABASE "{database}" OWNER TO "{owner}"')
    made.append(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    made.append(f'GRANT CONNECT ON DATABASE "{database}" TO "{application}"')
    return made


def _role(name: str, options: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
        f'THEN CREATE ROLE "{name}" {options} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; END IF; END $$'
    )
