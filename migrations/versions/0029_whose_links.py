"""Whose links: internal ones stay inside their agency, and one for the office is there while it is asked for.

Desks outside an agency read the links of external surveys and write none. A poster of an internal survey is
its person's alone. The link for collecting at an agency's office points at the judgement that asks for it, and no
answer of that channel is counted without one.

Revision ID: 0029
Revises: 0028
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0029"
down_revision = "0028"
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


#: of codes, as they were when this was written
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
SAID = "answers are collected on site for EIT, where the assessor asked for it"
#: who reads and writes the links for offices: an assessor with the judgement, the others look
ON_SITE = {
    "system": (WRITE, "true"),
    "country": ("SELECT", "true"),
    "province": ("SELECT", f"province_id = {PLACE}"),
    "agency": ("SELECT", f"agency_id = {PLACE}"),
    "assessor": (WRITE, ASSIGNED),
}


def upgrade() -> None:
    _internal()
    _on_site()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER asked_on_site ON answer_count")
        op.execute("DROP FUNCTION asked_on_site()")
    else:
        op.execute("DROP TRIGGER asked_on_site")
    op.drop_table("on_site_link")
    op.drop_index("uq_roster_judgement_participation_id_verdict", "roster_judgement")
    _no_longer_internal()


def _internal() -> None:
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


def _no_longer_internal() -> None:
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


def _on_site() -> None:
    judged = ["participation_id", "verdict"]
    op.create_index("uq_roster_judgement_participation_id_verdict", "roster_judgement", judged, unique=True)
    verdict = sa.Enum(
        "representative", "more_names", "collect_on_site",
        name="rosterverdict", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    whole = [
        sa.Column(name, sa.Integer(), nullable=False)
        for name in ("participation_id", "agency_id", "province_id")
    ]
    op.create_table(
        "on_site_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verdict", verdict, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        *whole,
        sa.CheckConstraint("verdict = 'collect_on_site'", name="ck_on_site_link_asked"),
        sa.ForeignKeyConstraint(
            judged,
            ["roster_judgement.participation_id", "roster_judgement.verdict"],
            name="fk_on_site_link_judgement",
        ),
        _points("participation_id", "participation", "CASCADE"),
        _points("agency_id", "agency"),
        _points("province_id", "province"),
        sa.UniqueConstraint("participation_id", name="uq_on_site_link_participation_id"),
        sa.UniqueConstraint("code", name="uq_on_site_link_code"),
        sa.PrimaryKeyConstraint("id", name="pk_on_site_link"),
        sqlite_autoincrement=True,
    )
    for column in ("participation_id", "agency_id", "province_id"):
        op.create_index(f"ix_on_site_link_{column}", "on_site_link", [column])
    _asked_before()
    if op.get_bind().dialect.name == "postgresql":
        _wall_of_on_site()
        _trigger_of_postgresql()
        return
    op.execute(
        "CREATE TRIGGER asked_on_site BEFORE INSERT ON answer_count WHEN NEW.channel = 'on_site'"
        " AND (NEW.instrument <> 'eit' OR NOT EXISTS"
        " (SELECT 1 FROM on_site_link WHERE participation_id = NEW.participation_id))"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def _asked_before() -> None:
    """Agencies whose assessor asked before there were links have theirs."""
    same = ("participation_id", "agency_id", "province_id", "verdict")
    judgement = sa.table("roster_judgement", *map(sa.column, same))
    moment = sa.column("made_at", Instant())
    link = sa.table("on_site_link", *map(sa.column, same), sa.column("code"), moment)
    asked = sa.select(judgement).where(judgement.c.verdict == "collect_on_site")
    for row in op.get_bind().execute(asked).mappings().all():
        code = "".join(secrets.choice(ALPHABET) for _sign in range(21))
        op.get_bind().execute(link.insert().values(**row, code=code, made_at=datetime.now(UTC)))


def _points(column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=f"fk_on_site_link_{column}", ondelete=ondelete
    )


def _wall_of_on_site() -> None:
    op.execute("ALTER TABLE on_site_link ENABLE ROW LEVEL SECURITY")
    for role, (acts, rows) in ON_SITE.items():
        op.execute(f"GRANT {acts} ON on_site_link TO ita_{role}")
        if acts == WRITE:
            op.execute(f"GRANT USAGE ON SEQUENCE on_site_link_id_seq TO ita_{role}")
        _policy("on_site_link", role, "ALL" if acts == WRITE else acts, rows)


def _trigger_of_postgresql() -> None:
    """The link is held until the answer is committed: who takes it back meanwhile waits, and sees the answer."""
    op.execute(
        "CREATE FUNCTION asked_on_site() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"
        " BEGIN PERFORM 1 FROM on_site_link WHERE participation_id = NEW.participation_id FOR KEY SHARE;"
        f" IF NOT FOUND OR NEW.instrument <> 'eit' THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER asked_on_site BEFORE INSERT ON answer_count FOR EACH ROW"
        " WHEN (NEW.channel = 'on_site') EXECUTE FUNCTION asked_on_site()"
    )
