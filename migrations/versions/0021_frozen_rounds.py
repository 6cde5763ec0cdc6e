"""What an opened round asks and how it is counted stays as it is; words that were spelt wrong are mended by a correction.

Each row of a round's content is guarded by the state of its round, in the database: while it is a draft anything goes,
afterwards a row neither comes nor goes, and changes in nothing but words, each by the last correction that names it, what
it said and what it says. Rows whose round is gone (it cascades) are not guarded.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROUND, INSTRUMENT = "{row}.round_id", "(SELECT round_id FROM instrument WHERE id = {row}.instrument_id)"
SCALE = "(SELECT round_id FROM scale WHERE id = {row}.scale_id)"
QUESTION = "(SELECT i.round_id FROM question AS q JOIN instrument AS i ON i.id = q.instrument_id WHERE q.id = {row}.question_id)"
#: by table: where its round stands, its words, and all else that must stay
FROZEN: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "instrument": (ROUND, ("name",), ("id", "round_id", "kind", "weight")),
    "indicator": (INSTRUMENT, ("name",), ("id", "instrument_id", "parent_id", "code", "position")),
    "question": (
        INSTRUMENT, ("text", "note"), ("id", "instrument_id", "indicator_id", "scale_id", "code", "position"),
    ),
    "sub_item": (QUESTION, ("text",), ("id", "question_id", "position", "slot", "own_scale_id")),
    "oit_item": (
        INSTRUMENT,
        ("title", "criterion", "example"),
        ("id", "instrument_id", "indicator_id", "code", "kinds", "position"),
    ),
    "scale": (ROUND, ("name",), ("id", "round_id", "code")),
    "choice": (SCALE, ("label",), ("id", "scale_id", "position", "points")),
    "sample_rule": (
        ROUND,
        (),
        (
            "id", "round_id", "instrument", "position", "agency_kind", "agency_size", "province_size", "upto",
            "fixed", "percent",
        ),
    ),
    "grade_band": (ROUND, (), ("id", "round_id", "grade", "lower", "passes")),
    "roster_group": (ROUND, ("name",), ("id", "round_id", "position")),
    "round_text": (ROUND, ("words",), ("id", "round_id", "key")),
    "round_translation": (ROUND, ("words",), ("id", "round_id", "language", "thing", "code", "field")),
}  # fmt: skip
#: rules of the round's own row; grace times may grow on a bad day
RULES = ("fiscal_year", "first_digits", "eit_combine", "detail_threshold", "total_threshold")
SAID = "this round was opened"
READERS = ("ita_none", "ita_province", "ita_agency", "ita_assessor")
EVERYBODY = ("ita_country", *READERS[1:])


def upgrade() -> None:
    _corrections(
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _walls()
        _on_postgresql()
    else:
        _on_sqlite()


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in (*FROZEN, "round"):
        acts = ("",) if postgres else ("_insert", "_update", "_delete")
        for act in acts:
            if postgres:
                op.execute(f"DROP TRIGGER frozen_{table} ON {table}")
                op.execute(f"DROP FUNCTION frozen_{table}()")
            elif table != "round" or act != "_insert":
                op.execute(f"DROP TRIGGER frozen_{table}{act}")
    op.drop_table("wording_correction")


def _corrections(*named: sa.Column[object]) -> None:
    op.create_table(
        "wording_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        *named,
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_wording_correction_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_wording_correction_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_correction")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wording_correction_round_id"), "wording_correction", ["round_id"])


def _walls() -> None:
    """Everybody reads corrections; who makes rounds adds them, and nobody changes one."""
    op.execute("ALTER TABLE wording_correction ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT USAGE ON SEQUENCE wording_correction_id_seq TO ita_system, " + ", ".join(EVERYBODY))
    for role in ("ita_system", "ita_country"):
        op.execute(f"GRANT SELECT, INSERT ON wording_correction TO {role}")
        op.execute(
            f"CREATE POLICY {role}_all ON wording_correction FOR ALL TO {role} USING (true) WITH CHECK (true)"
        )
    for role in READERS:
        op.execute(f"GRANT SELECT ON wording_correction TO {role}")
        op.execute(f"CREATE POLICY {role}_select ON wording_correction FOR SELECT TO {role} USING (true)")


def _opened(round_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM round WHERE id = {round_id} AND state <> 'draft')"


def _corrected(table: str, field: str) -> str:
    """The last correction of this field says what stood there and what shall."""
    last = f"SELECT max(id) FROM wording_correction WHERE thing = '{table}' AND row_id = OLD.id AND field = '{field}'"
    return (
        f"EXISTS (SELECT 1 FROM wording_correction AS c WHERE c.id = ({last})"
        f" AND c.before = OLD.{field} AND c.after = NEW.{field})"
    )


def _changed(table: str, differs: str, *, json: str = "") -> str:
    """True where more changes than corrections say."""
    _round, words, rest = FROZEN[table]
    cast = {name: json if name == "kinds" else "" for name in rest}
    parts = [f"OLD.{name}{cast[name]} {differs} NEW.{name}{cast[name]}" for name in rest]
    parts += [f"(OLD.{name} {differs} NEW.{name} AND NOT {_corrected(table, name)})" for name in words]
    return "(" + " OR ".join(parts) + ")"


def _on_sqlite() -> None:
    for table, (place, _words, _rest) in FROZEN.items():
        old, new = (_opened(place.format(row=row)) for row in ("OLD", "NEW"))
        for act, when in (
            ("insert", new),
            ("update", f"({old} OR {new}) AND {_changed(table, 'IS NOT')}"),
            ("delete", old),
        ):
            op.execute(
                f"CREATE TRIGGER frozen_{table}_{act} BEFORE {act.upper()} ON {table} WHEN {when}"
                f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in RULES)
    op.execute(
        "CREATE TRIGGER frozen_round_update BEFORE UPDATE ON round"
        f" WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )
    op.execute(
        "CREATE TRIGGER frozen_round_delete BEFORE DELETE ON round WHEN OLD.state <> 'draft'"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def _on_postgresql() -> None:
    """A row waits for whoever is opening its round: FOR SHARE asks the state that will be."""
    for table, (place, _words, _rest) in FROZEN.items():
        old, new = (place.format(row=row) for row in ("OLD", "NEW"))
        body = (
            f"IF TG_OP <> 'INSERT' THEN SELECT state INTO was FROM round WHERE id = {old} FOR SHARE; END IF;"
            f" IF TG_OP <> 'DELETE' THEN SELECT state INTO becomes FROM round WHERE id = {new} FOR SHARE; END IF;"
            " IF was <> 'draft' OR becomes <> 'draft' THEN"
            f" IF TG_OP <> 'UPDATE' THEN {_refuse()}"
            f" ELSIF {_changed(table, 'IS DISTINCT FROM', json='::text')} THEN {_refuse()} END IF; END IF;"
        )
        _trigger(table, "INSERT OR UPDATE OR DELETE", body, "was text; becomes text;")
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in RULES)
    _trigger(
        "round",
        "UPDATE OR DELETE",
        f"IF OLD.state <> 'draft' THEN IF TG_OP = 'DELETE' THEN {_refuse()}"
        f" ELSIF NEW.state = 'draft' OR {changed} THEN {_refuse()} END IF; END IF;",
    )


def _refuse() -> str:
    return f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"


def _trigger(table: str, acts: str, body: str, declared: str = "") -> None:
    op.execute(
        f"CREATE FUNCTION frozen_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ DECLARE {declared or 'nothing text;'} BEGIN {body}"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER frozen_{table} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION frozen_{table}()"
    )
