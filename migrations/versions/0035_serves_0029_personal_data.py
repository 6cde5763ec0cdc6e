"""Personal data: until when rosters are kept, that they were erased, and requests about one's own data.

Revision ID: 0035_serves_0029
Revises: 0034_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant
from portal.core.database import additions

revision = "0035_serves_0029"
down_revision = "0034_serves_0029"
branch_labels = None
depends_on = None

REQUEST, ERASURE = "data_request", "roster_erasure"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
#: who reads and writes requests: the agency; offices above read how many there are
OF_REQUESTS = {
    "system": ("SELECT, INSERT, UPDATE, DELETE", "true"),
    "country": ("SELECT", "true"),
    "province": ("SELECT", f"province_id = {PLACE}"),
    "agency": ("SELECT, INSERT, UPDATE", f"agency_id = {PLACE}"),
}
OF_ERASURES = {"system": ("SELECT, INSERT, UPDATE", "true"), "country": ("SELECT, UPDATE", "true")}
SEALED = ("name_sealed", "organisation_sealed", "phone_sealed", "email_sealed")
#: bytes of a sealed text of no letters (portal/core/vault.py), and of a real fingerprint
EMPTY, FINGERPRINT = 29, 32
SAID = "the rosters of this round were erased"
ERASED = f"EXISTS (SELECT 1 FROM {ERASURE} AS e JOIN participation AS p ON p.round_id = e.round_id WHERE p.id = NEW.participation_id)"


def upgrade() -> None:
    additions.add_column("round", sa.Column("rosters_until", sa.Date(), nullable=True))
    additions.add_column("roster_entry", sa.Column("erased_at", Instant(), nullable=True))
    blank = " AND ".join(f"length({column}) = {EMPTY}" for column in SEALED)
    additions.add_rule(
        "ck_roster_entry_erased",
        "roster_entry",
        ["erased_at", "fingerprint", *SEALED],
        f"erased_at IS NULL OR ({blank} AND length(fingerprint) < {FINGERPRINT})",
    )
    _requests()
    _erasures()
    if op.get_bind().dialect.name == "postgresql":
        _walls(REQUEST, OF_REQUESTS)
        _walls(ERASURE, OF_ERASURES)
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER stays_erased ON roster_entry")
        op.execute("DROP FUNCTION stays_erased()")
    else:
        for act in ("insert", "update"):
            op.execute(f"DROP TRIGGER stays_erased_{act}")
    additions.drop_rule("ck_roster_entry_erased", "roster_entry")
    op.drop_table(REQUEST)
    op.drop_table(ERASURE)
    op.drop_column("roster_entry", "erased_at")
    op.drop_column("round", "rosters_until")


def _requests() -> None:
    op.create_table(
        REQUEST,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_entry_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        _chosen("requestkind", "kind", ("see", "correct", "remove")),
        _chosen("requestway", "way", ("in_person", "called", "letter", "mail")),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.String(length=200), nullable=False),
        _chosen("requestoutcome", "outcome", ("done", "refused"), nullable=True),
        _chosen(
            "refusalground",
            "ground",
            ("not_proven", "others_harmed", "law_forbids", "nothing_wrong", "erased", "withdrawn"),
            nullable=True,
        ),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("due_on > received_on", name=op.f(f"ck_{REQUEST}_due")),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name=op.f(f"ck_{REQUEST}_answered")),
        sa.CheckConstraint(
            "(ground IS NULL) = (outcome IS NULL OR outcome <> 'refused')",
            name=op.f(f"ck_{REQUEST}_ground"),
        ),
        sa.ForeignKeyConstraint(
            ["roster_entry_id"],
            ["roster_entry.id"],
            name=f"fk_{REQUEST}_roster_entry_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=f"fk_{REQUEST}_participation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=f"fk_{REQUEST}_agency_id"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{REQUEST}_province_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{REQUEST}"),
        sqlite_autoincrement=True,
    )
    for column in ("roster_entry_id", "participation_id", "agency_id", "province_id"):
        op.create_index(f"ix_{REQUEST}_{column}", REQUEST, [column])
    waiting = sa.text("answered_at IS NULL")
    op.create_index(
        f"uq_{REQUEST}_waiting",
        REQUEST,
        ["participation_id", "number", "kind"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _erasures() -> None:
    op.create_table(
        ERASURE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(finished_at IS NULL) = (data IS NULL)", name=op.f(f"ck_{ERASURE}_finished")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=f"fk_{ERASURE}_round_id"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=f"fk_{ERASURE}_file_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{ERASURE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"uq_{ERASURE}_round_id", ERASURE, ["round_id"], unique=True)


def _chosen(name: str, column: str, values: tuple[str, ...], *, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=nullable)


def _walls(table: str, walls: dict[str, tuple[str, str]]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for role, (acts, rows) in walls.items():
        op.execute(f"GRANT {acts} ON {table} TO ita_{role}")
        if "INSERT" in acts:
            op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_{role}")
        writes = "" if acts == "SELECT" else f" WITH CHECK ({rows})"
        op.execute(
            f"CREATE POLICY ita_{role}_all ON {table} FOR {'SELECT' if acts == 'SELECT' else 'ALL'}"
            f" TO ita_{role} USING ({rows}){writes}"
        )


def _guard_on_postgresql() -> None:
    """Whoever adds or fills a row looks as the table's owner: an agency reads no erasures."""
    op.execute(
        "CREATE FUNCTION stays_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp"
        f" AS $$ BEGIN IF {ERASED} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER stays_erased BEFORE INSERT OR UPDATE ON roster_entry FOR EACH ROW"
        " WHEN (NEW.erased_at IS NULL) EXECUTE FUNCTION stays_erased()"
    )


def _guard_on_sqlite() -> None:
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER stays_erased_{act.lower()} BEFORE {act} ON roster_entry"
            f" WHEN NEW.erased_at IS NULL AND {ERASED} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
