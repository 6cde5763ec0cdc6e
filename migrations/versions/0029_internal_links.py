"""Internal survey links stay inside their agency: neither their rows nor papers of them are anybody else's.

Desks outside an agency read the links of external surveys and write none. A poster of an internal survey is
its person's alone.

Revision ID: 0029
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

WRITE = "SELECT, INSERT, UPDATE, DELETE"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
ASSIGNED = f"participation_id IN (SELECT participation_id FROM assignment WHERE body_id = {PLACE})"
#: which links each desk outside the agency reads, of the external surveys
OUTSIDE = {"country": "true", "province": f"province_id = {PLACE}", "assessor": ASSIGNED}
#: posters that were made before: of whom they speak stands in their names
POSTERS = (
    "UPDATE stored_file SET internal = {true} WHERE name LIKE '%-iit-%'"
    " AND id IN (SELECT file_id FROM job WHERE kind = 'links.poster')"
)


def upgrade() -> None:
    op.add_column(
        "stored_file", sa.Column("internal", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    if op.get_bind().dialect.name != "postgresql":
        op.execute(POSTERS.format(true="1"))
        return
    op.execute(POSTERS.format(true="true"))
    for role, rows in OUTSIDE.items():
        op.execute(f"DROP POLICY ita_{role}_all ON survey_link")
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON survey_link FROM ita_{role}")
        _policy("survey_link", role, "SELECT", f"instrument = 'eit' AND {rows}")
    op.execute("DROP POLICY ita_country_all ON stored_file")
    _policy("stored_file", "country", "ALL", f"NOT internal OR account_id = {ACCOUNT}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for role, rows in OUTSIDE.items():
            op.execute(f"DROP POLICY ita_{role}_all ON survey_link")
            op.execute(f"GRANT {WRITE} ON survey_link TO ita_{role}")
            _policy("survey_link", role, "ALL", rows)
        op.execute("DROP POLICY ita_country_all ON stored_file")
        _policy("stored_file", "country", "ALL", "true")
    op.drop_column("stored_file", "internal")


def _policy(table: str, role: str, acts: str, rows: str) -> None:
    check = f" WITH CHECK ({rows})" if acts == "ALL" else ""
    op.execute(f"CREATE POLICY ita_{role}_all ON {table} FOR {acts} TO ita_{role} USING ({rows}){check}")
