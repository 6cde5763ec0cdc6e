"""What a desk writes of itself it writes in its own name: events, heads of chains, jobs. PostgreSQL only.

An event names the acting account and a right of its own; a desk writes into the chains of its place; a head
goes forward only, to an event that is there; a job is queued, and started again, under a right of one's own.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
OWN_GRANT = f'grant_id IN (SELECT id FROM "grant" WHERE account_id = {ACCOUNT})'
#: the chains that a desk writes into
CHAINS = {
    "ita_country": "true",
    "ita_province": (
        f"chain IN ('system', 'province:' || {PLACE})"
        f" OR chain IN (SELECT 'agency:' || id FROM agency WHERE province_id = {PLACE})"
    ),
    "ita_agency": f"chain IN ('system', 'agency:' || {PLACE})",
    "ita_assessor": (
        "chain = 'system'"
        f" OR chain IN (SELECT 'agency:' || agency_id FROM assignment WHERE body_id = {PLACE})"
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for role, chains in CHAINS.items():
        named = f"account_id = {ACCOUNT} AND (grant_id IS NULL OR {OWN_GRANT}) AND ({chains})"
        _anew("audit_event", role, "INSERT", check=named)
        _anew("audit_head", role, "INSERT", check=f"sequence = 0 AND hash = '' AND ({chains})")
        _anew("audit_head", role, "UPDATE", using=chains, check=chains)
    _head_goes_forward()
    _jobs_in_ones_own_name()


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, trigger in (("audit_head", "audit_head_forward"), ("job", "job_own_name")):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {trigger}()")
    for role in CHAINS:
        _anew("audit_event", role, "INSERT", check="true")
        _anew("audit_head", role, "INSERT", check="true")
        _anew("audit_head", role, "UPDATE", using="true", check="true")


def _anew(table: str, role: str, act: str, *, using: str = "", check: str = "") -> None:
    op.execute(f"DROP POLICY {role}_{act.lower()} ON {table}")
    rule = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f"CREATE POLICY {role}_{act.lower()} ON {table} FOR {act} TO {role}{rule}")


def _head_goes_forward() -> None:
    """As its owner: no desk below the country reads events, and the look at one is the function's alone."""
    op.execute(
        "CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ BEGIN"
        " IF NEW.chain <> OLD.chain OR NEW.sequence < OLD.sequence OR NOT EXISTS (SELECT 1 FROM audit_event"
        " WHERE chain = NEW.chain AND sequence = NEW.sequence AND hash = NEW.hash)"
        " THEN RAISE EXCEPTION 'a head goes forward, to an event that is there'"
        " USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head"
        " FOR EACH ROW EXECUTE FUNCTION audit_head_forward()"
    )


def _jobs_in_ones_own_name() -> None:
    """Whose job it is changes to who acts only; the system gives none away."""
    op.execute(
        "CREATE FUNCTION job_own_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_user NOT IN ('ita_country', 'ita_province', 'ita_agency', 'ita_assessor') THEN"
        " RETURN NEW; END IF;"
        " IF TG_OP = 'UPDATE' AND NEW.account_id IS NOT DISTINCT FROM OLD.account_id"
        " AND NEW.grant_id IS NOT DISTINCT FROM OLD.grant_id THEN RETURN NEW; END IF;"
        f' IF NEW.account_id IS DISTINCT FROM {ACCOUNT} OR NOT EXISTS (SELECT 1 FROM "grant" AS g'
        f" WHERE g.id = NEW.grant_id AND g.account_id = {ACCOUNT}) THEN"
        " RAISE EXCEPTION 'a job is asked for in one''s own name' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER job_own_name BEFORE INSERT OR UPDATE ON job"
        " FOR EACH ROW EXECUTE FUNCTION job_own_name()"
    )
