"""Roles that never meet in one person, held by the database: two who give rights at once cannot break it.

The same table as ``ROLES`` in portal/core/access.py (a test compares them). On PostgreSQL a screen of the
country's offices gives nothing to the person who acts and nobody the NACC's role, and changes of a right
its end only; who is assigned to whom is written by the country's offices alone.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
FOREVER = {"postgresql": "'infinity'::timestamptz", "sqlite": "'9999-12-31'"}
DIFFERS = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}
EQUALS = {"postgresql": "IS NOT DISTINCT FROM", "sqlite": "IS"}
MESSAGE = "roles that never meet in one person, or the same right twice"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _trigger_of_postgresql()
        _walls()
    else:
        for act in ("INSERT", "UPDATE"):
            op.execute(
                f'CREATE TRIGGER grant_apart_{act.lower()} BEFORE {act} ON "grant"'
                f" WHEN EXISTS ({_clash('sqlite')}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TRIGGER grant_apart_insert")
        op.execute("DROP TRIGGER grant_apart_update")
        return
    op.execute('DROP TRIGGER grant_apart ON "grant"')
    op.execute("DROP FUNCTION grant_apart()")
    for act in ("select", "insert", "update"):
        op.execute(f'DROP POLICY ita_country_{act} ON "grant"')
    op.execute('REVOKE ALL ON "grant" FROM ita_country')
    op.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON "grant" TO ita_country')
    op.execute(
        'CREATE POLICY ita_country_all ON "grant" FOR ALL TO ita_country USING (true) WITH CHECK (true)'
    )
    op.execute("GRANT INSERT, UPDATE, DELETE ON assignment TO ita_province, ita_agency, ita_assessor")


def _side(role: str) -> str:
    """Whom a role speaks for."""
    return (
        f"CASE {role} WHEN 'agency_admin' THEN 'agency' WHEN 'executive' THEN 'agency'"
        f" WHEN 'interviewer' THEN 'assessor' ELSE {role} END"
    )


def _clash(dialect: str) -> str:
    """Another right of the person at the same time: of another side, the other role of one agency, the same."""
    end = FOREVER[dialect]
    places = ("agency_id", "province_id", "body_id")
    same = " AND ".join(f"held.{place} {EQUALS[dialect]} NEW.{place}" for place in places)
    return (
        'SELECT 1 FROM "grant" AS held WHERE held.account_id = NEW.account_id'
        f" AND held.id {DIFFERS[dialect]} NEW.id"
        f" AND held.valid_from < coalesce(NEW.valid_until, {end})"
        f" AND NEW.valid_from < coalesce(held.valid_until, {end})"
        f" AND ({_side('held.role')} <> {_side('NEW.role')}"
        f" OR (held.agency_id = NEW.agency_id AND held.role <> NEW.role) OR (held.role = NEW.role AND {same}))"
    )


def _trigger_of_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION grant_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        # whoever comes second waits here, and sees the other's right afterwards
        " PERFORM 1 FROM account WHERE id = NEW.account_id FOR NO KEY UPDATE;"
        f" IF EXISTS ({_clash('postgresql')}) THEN RAISE EXCEPTION '{MESSAGE}'"
        " USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_apart'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        'CREATE TRIGGER grant_apart BEFORE INSERT OR UPDATE ON "grant"'
        " FOR EACH ROW EXECUTE FUNCTION grant_apart()"
    )


def _walls() -> None:
    op.execute('DROP POLICY ita_country_all ON "grant"')
    op.execute('REVOKE UPDATE, DELETE ON "grant" FROM ita_country')
    op.execute('GRANT UPDATE (valid_until) ON "grant" TO ita_country')
    other = f"account_id IS DISTINCT FROM {ACCOUNT}"
    op.execute('CREATE POLICY ita_country_select ON "grant" FOR SELECT TO ita_country USING (true)')
    op.execute(
        'CREATE POLICY ita_country_insert ON "grant" FOR INSERT TO ita_country'
        f" WITH CHECK ({other} AND role NOT IN ('nacc', 'system'))"
    )
    op.execute(
        'CREATE POLICY ita_country_update ON "grant" FOR UPDATE TO ita_country'
        f" USING (true) WITH CHECK ({other})"
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE ON assignment FROM ita_province, ita_agency, ita_assessor")
