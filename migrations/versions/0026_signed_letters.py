"""Letters that are signed with an office's key, printed as one file, and that cite one another.

An office says that its copies are signed as they are made; of a signed copy the unsigned letter, which is the
beginning of its file, is known by hash and size. A letter's references tell which letter of the portal each one
names. All copies of a letter are kept once more as one file for the printer.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: columns by table, added in place
ADDED = {
    "letter_office": {
        "by_key": "BOOLEAN NOT NULL DEFAULT false"
        " CONSTRAINT ck_letter_office_by_key CHECK (NOT by_key OR signing = 'number_first')",
    },
    "letter": {"body_sha256": "VARCHAR(64)", "body_size": "INTEGER"},
    "dispatch": {
        "cited_ids": "JSON NOT NULL DEFAULT '[]'",
        "print_file_id": "INTEGER CONSTRAINT fk_dispatch_print_file_id REFERENCES stored_file (id)",
    },
}
FINAL = "('issued', 'sent', 'withdrawn', 'replaced')"
SAID = "this is in the record of letters"
#: when a row is in the record, and the new columns that stay as they are from then on
KEPT = {
    "letter": ("OLD.dispatch_id IS NOT NULL", ("body_sha256", "body_size")),
    "dispatch": (f"OLD.state IN {FINAL}", ("cited_ids",)),
}
JSON_COLUMNS = ("cited_ids",)


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column, made_as in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {made_as}")
    for table in KEPT:
        _freeze(table)


def downgrade() -> None:
    for table in KEPT:
        _thaw(table)
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _freeze(table: str) -> None:
    """Beside the rule of 0023, one of the same kind for the columns that came now."""
    in_record, columns = KEPT[table]
    if op.get_bind().dialect.name != "postgresql":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
        op.execute(
            f"CREATE TRIGGER kept_{table}_more BEFORE UPDATE ON {table} WHEN {in_record} AND ({changed})"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        return
    cast = {name: "::text" if name in JSON_COLUMNS else "" for name in columns}
    changed = " OR ".join(
        f"OLD.{name}{cast[name]} IS DISTINCT FROM NEW.{name}{cast[name]}" for name in columns
    )
    op.execute(
        f"CREATE FUNCTION kept_{table}_more() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"
        f" BEGIN IF {in_record} AND ({changed}) THEN"
        f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER kept_{table}_more BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION kept_{table}_more()"
    )


def _thaw(table: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP TRIGGER kept_{table}_more")
        return
    op.execute(f"DROP TRIGGER kept_{table}_more ON {table}")
    op.execute(f"DROP FUNCTION kept_{table}_more()")
