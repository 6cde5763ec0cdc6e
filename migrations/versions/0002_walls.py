"""Row-level security: what each kind of scope may reach, whatever the application asks.

The second wall, on PostgreSQL only. Each transaction takes one of the roles ita_<scope> and says its place
and account in transaction-local settings (portal.core.database.session). Needs the roles of ``make db-roles``.

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Iterator

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PUBLIC = (
    "assessor_body", "choice", "district", "grade_band", "indicator", "instrument", "oit_item", "province",
    "question", "roster_group", "round", "sample_rule", "scale", "sub_item", "window",
)  # fmt: skip
SYSTEM_ONLY = (
    "activation_code", "mark", "opened_answer", "sealed_answer", "set_aside", "sign_in_delay",
    "sign_in_session", "urn_key",
)  # fmt: skip
#: rows of one agency; the second list has no participation
OF_A_PARTICIPATION = (
    "answer_count", "assignment", "contested_count", "daily_count", "disclosure", "disclosure_answer",
    "disclosure_link", "interview", "participation", "result", "result_node", "roster_entry",
    "roster_judgement", "sample_draw", "survey_link",
)  # fmt: skip
OF_A_PROVINCE_OR_THE_COUNTRY = ("letter", "letter_setting")
EVERYBODY = ("ita_country", "ita_province", "ita_agency", "ita_assessor")
ALL_TABLES = (
    *PUBLIC, *SYSTEM_ONLY, *OF_A_PARTICIPATION, *OF_A_PROVINCE_OR_THE_COUNTRY, "agency", "account", "grant",
    "job", "stored_file", "audit_event", "audit_head",
)  # fmt: skip

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
ASSIGNED = f"(SELECT {{column}} FROM assignment WHERE body_id = {PLACE})"
WRITE = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("GRANT USAGE ON SCHEMA public TO ita_none, ita_system, " + ", ".join(EVERYBODY))
    sequences = "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ita_system, "
    op.execute(sequences + ", ".join(EVERYBODY))
    op.execute("GRANT SELECT ON alembic_version TO ita_none, ita_system")
    for table in ALL_TABLES:
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for statement in _policies():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    roles = ", ".join(("ita_none", "ita_system", *EVERYBODY))
    tables = ", ".join(f"'{table}'" for table in ALL_TABLES)
    op.execute(
        "DO $$ DECLARE one record; BEGIN FOR one IN SELECT policyname, tablename FROM pg_policies"
        f" WHERE schemaname = 'public' AND tablename IN ({tables})"
        " LOOP EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename); END LOOP; END $$"
    )
    for table in ALL_TABLES:
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        op.execute(f'REVOKE ALL ON "{table}" FROM {roles}')
    op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {roles}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {roles}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {roles}")


def _policies() -> Iterator[str]:
    for table in ALL_TABLES:
        if table not in {"audit_event"}:
            yield from _allow(table, "ita_system", WRITE, "true")
    for table in PUBLIC:
        for role in ("ita_none", *EVERYBODY[1:]):
            yield from _allow(table, role, "SELECT", "true")
        yield from _allow(table, "ita_country", WRITE, "true")
    for table in OF_A_PARTICIPATION:
        yield from _allow(table, "ita_country", WRITE, "true")
        yield from _allow(table, "ita_province", WRITE, f"province_id = {PLACE}")
        yield from _allow(table, "ita_agency", WRITE, f"agency_id = {PLACE}")
        yield from _allow(table, "ita_assessor", WRITE, _assigned(table))
    for table in OF_A_PROVINCE_OR_THE_COUNTRY:
        yield from _allow(table, "ita_country", WRITE, "true")
        yield from _allow(table, "ita_province", WRITE, f"province_id = {PLACE}")
    yield from _register()
    yield from _people()
    yield from _record()


def _assigned(table: str) -> str:
    if table == "assignment":
        return f"body_id = {PLACE}"
    own = "id" if table == "participation" else "participation_id"
    return f"{own} IN {ASSIGNED.format(column='participation_id')}"


def _register() -> Iterator[str]:
    yield from _allow("agency", "ita_country", WRITE, "true")
    yield from _allow("agency", "ita_province", "SELECT", f"province_id = {PLACE}")
    yield from _allow("agency", "ita_agency", "SELECT", f"id = {PLACE}")
    yield from _allow("agency", "ita_assessor", "SELECT", f"id IN {ASSIGNED.format(column='agency_id')}")


def _people() -> Iterator[str]:
    for table, own in (("account", "id"), ("grant", "account_id")):
        yield from _allow(table, "ita_country", WRITE, "true")
        for role in EVERYBODY[1:]:
            yield from _allow(table, role, "SELECT", f"{own} = {ACCOUNT}")
    yield from _allow("job", "ita_country", WRITE, "true")
    for role in EVERYBODY[1:]:
        yield from _allow("job", role, WRITE, f"account_id = {ACCOUNT}")
    yield from _allow("stored_file", "ita_country", WRITE, "true")
    own = f"account_id = {ACCOUNT}"
    yield from _allow("stored_file", "ita_province", WRITE, f"{own} OR province_id = {PLACE}")
    for role in ("ita_agency", "ita_assessor"):
        yield from _allow("stored_file", role, WRITE, own)


def _record() -> Iterator[str]:
    """Everybody's acts are written; nobody changes or deletes what was written."""
    yield from _allow("audit_event", "ita_system", "SELECT, INSERT", "true")
    yield from _allow("audit_event", "ita_country", "SELECT, INSERT", "true")
    for role in EVERYBODY[1:]:
        yield from _allow("audit_event", role, "INSERT", "true")
    for role in EVERYBODY:
        yield from _allow("audit_head", role, "SELECT, INSERT, UPDATE", "true")


def _allow(table: str, role: str, acts: str, rows: str) -> Iterator[str]:
    """Grant the acts on a table to a scope's role, for these rows."""
    yield f'GRANT {acts} ON "{table}" TO {role}'
    if acts == WRITE:
        yield f'CREATE POLICY {role}_all ON "{table}" FOR ALL TO {role} USING ({rows}) WITH CHECK ({rows})'
        return
    for act in acts.split(", "):
        check = {"INSERT": f"WITH CHECK ({rows})", "SELECT": f"USING ({rows})"}
        rule = check.get(act, f"USING ({rows}) WITH CHECK ({rows})")
        yield f'CREATE POLICY {role}_{act.lower()} ON "{table}" FOR {act} TO {role} {rule}'
