"""Letters from draft to record: offices with their signatories, dispatches, registers of numbers.

The settings of letters become offices, and their one signatory a row of its own. Letters that were made before
become dispatches that were issued on the day they were made, one for each number. What is in the record the
database itself keeps as it is: a letter that was issued, its bytes, and a number that was given.

Revision ID: 0023
Revises: 0022
"""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NEW = ("letter_office", "signatory", "dispatch", "number_series", "letter_number")
#: the office behind each kind of setting
OFFICES = {"nacc_to_dla": "nacc", "circular": "dla", "province_summary": "province"}
KINDS = {office: kind for kind, office in OFFICES.items()}
STATES = ("draft", "checked", "signing", "issued", "sent", "withdrawn", "replaced")
FINAL = "('issued', 'sent', 'withdrawn', 'replaced')"
#: what of a dispatch in the record never changes; the other half tells what became of it
KEPT = {
    "dispatch": (
        "id", "round_id", "office_id", "province_id", "kind", "subject", "urgency", "cites", "to_provinces",
        "replaces_id", "number", "dated", "data_file_id", "made_at", "checked_at", "issued_at",
    ),
    "letter": (
        "id", "round_id", "province_id", "kind", "number", "dated", "subject", "data", "file_id", "created_at",
        "dispatch_id", "public_id",
    ),
    "letter_number": (
        "id", "office_id", "province_id", "year", "circulars", "number", "use", "dispatch_id", "reason", "taken_at",
    ),
    "stored_file": ("id", "sha256", "size", "content"),
}  # fmt: skip
#: when a row of each table is in the record; a reserved number may be used or skipped yet
IN_RECORD = {
    "dispatch": f"OLD.state IN {FINAL}",
    "letter": "OLD.dispatch_id IS NOT NULL",
    "letter_number": "OLD.use <> 'reserved'",
    "stored_file": "true",
}
#: tables whose rows go away otherwise
MAY_GO = ("stored_file",)
JSON_COLUMNS = ("cites", "to_provinces", "data")
SAID = "this is in the record of letters"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"


def upgrade() -> None:
    _offices()
    _dispatches()
    _numbers()
    _letters()
    if op.get_bind().dialect.name == "postgresql":
        _walls()
    _fill_offices()
    _fill_dispatches()
    op.drop_table("letter_setting")
    _freeze()


def downgrade() -> None:
    _thaw()
    _settings_again()
    op.drop_index("uq_letter_dispatch_id_province_id", "letter")
    op.drop_index("uq_letter_public_id", "letter")
    op.execute("ALTER TABLE letter DROP COLUMN public_id")
    op.execute("ALTER TABLE letter DROP COLUMN dispatch_id")
    for table in reversed(NEW):
        op.drop_table(table)


def _enum(column: str, kind: str, *values: str) -> sa.Column[Any]:
    return sa.Column(
        column,
        sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32),
        nullable=False,
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _version() -> sa.Column[Any]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _offices() -> None:
    op.create_table(
        "letter_office",
        _whole("id"),
        _enum("kind", "officekind", "nacc", "dla", "province"),
        _whole("province_id", nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        _enum("signing", "signingorder", "number_first", "sign_first"),
        _enum("register", "register", "general", "circulars_apart", "elsewhere"),
        sa.Column("checked", sa.Boolean(), nullable=False),
        _version(),
        sa.CheckConstraint("(kind = 'province') = (province_id IS NOT NULL)", name="ck_letter_office_place"),
        _points("letter_office", "province_id", "province"),
        _key("letter_office"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_letter_office_province_id", "letter_office", ["province_id"], unique=True)
    op.create_index(
        "uq_letter_office_of_the_country",
        "letter_office",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("province_id IS NULL"),
        postgresql_where=sa.text("province_id IS NULL"),
    )
    op.create_table(
        "signatory",
        _whole("id"),
        _whole("office_id"),
        _whole("province_id", nullable=True),
        _text("name", 120),
        _text("position", 300),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        _version(),
        _points("signatory", "office_id", "letter_office", "CASCADE"),
        _points("signatory", "province_id", "province"),
        _key("signatory"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signatory_office_id", "signatory", ["office_id"])
    op.create_index("ix_signatory_province_id", "signatory", ["province_id"])


def _dispatches() -> None:
    moments = ("made_at", "checked_at", "issued_at", "sent_at", "withdrawn_at")
    people = ("made_by_id", "written_by_id", "checked_by_id", "issued_by_id")
    op.create_table(
        "dispatch",
        _whole("id"),
        _whole("round_id"),
        _whole("office_id"),
        _whole("province_id", nullable=True),
        _enum("kind", "letterkind", "nacc_to_dla", "circular", "province_summary"),
        _enum("state", "dispatchstate", *STATES),
        _text("subject", 500),
        _text("urgency", 20),
        sa.Column("cites", sa.JSON(), nullable=False),
        sa.Column("to_provinces", sa.JSON(none_as_null=True), nullable=True),
        _whole("signatory_id", nullable=True),
        _whole("replaces_id", nullable=True),
        _text("number", 80),
        sa.Column("dated", sa.Date(), nullable=True),
        _whole("data_file_id", nullable=True),
        _whole("job_id", nullable=True),
        _whole("scan_file_id", nullable=True),
        *(sa.Column(name, Instant(), nullable=name != "made_at") for name in moments),
        _text("reason", 300),
        *(_whole(name, nullable=True) for name in people),
        _version(),
        _points("dispatch", "round_id", "round"),
        _points("dispatch", "office_id", "letter_office"),
        _points("dispatch", "province_id", "province"),
        _points("dispatch", "signatory_id", "signatory", "SET NULL"),
        _points("dispatch", "replaces_id", "dispatch"),
        _points("dispatch", "data_file_id", "stored_file"),
        _points("dispatch", "scan_file_id", "stored_file"),
        _points("dispatch", "job_id", "job", "SET NULL"),
        *(_points("dispatch", name, "account", "SET NULL") for name in people),
        sa.UniqueConstraint("replaces_id", name="uq_dispatch_replaces_id"),
        _key("dispatch"),
        sqlite_autoincrement=True,
    )
    for column in ("round_id", "office_id", "province_id", "signatory_id"):
        op.create_index(f"ix_dispatch_{column}", "dispatch", [column])


def _numbers() -> None:
    op.create_table(
        "number_series",
        _whole("id"),
        _whole("office_id"),
        _whole("province_id", nullable=True),
        _whole("year"),
        sa.Column("circulars", sa.Boolean(), nullable=False),
        _whole("first"),
        _whole("last"),
        _text("reason", 300),
        sa.CheckConstraint("first >= 1 AND last >= first - 1", name="ck_number_series_order"),
        _points("number_series", "office_id", "letter_office", "CASCADE"),
        _points("number_series", "province_id", "province"),
        _key("number_series"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_number_series_province_id", "number_series", ["province_id"])
    series = ["office_id", "year", "circulars"]
    op.create_index("uq_number_series_office_id_year_circulars", "number_series", series, unique=True)
    op.create_table(
        "letter_number",
        _whole("id"),
        _whole("office_id"),
        _whole("province_id", nullable=True),
        _whole("year"),
        sa.Column("circulars", sa.Boolean(), nullable=False),
        _whole("number"),
        _enum("use", "numberuse", "reserved", "used", "skipped"),
        _whole("dispatch_id", nullable=True),
        _text("reason", 300),
        sa.Column("taken_at", Instant(), nullable=False),
        _whole("account_id", nullable=True),
        sa.CheckConstraint("number >= 1", name="ck_letter_number_number"),
        sa.CheckConstraint("(use = 'used') = (dispatch_id IS NOT NULL)", name="ck_letter_number_used_by"),
        _points("letter_number", "office_id", "letter_office", "CASCADE"),
        _points("letter_number", "province_id", "province"),
        _points("letter_number", "dispatch_id", "dispatch"),
        _points("letter_number", "account_id", "account", "SET NULL"),
        sa.UniqueConstraint("dispatch_id", name="uq_letter_number_dispatch_id"),
        _key("letter_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_number_province_id", "letter_number", ["province_id"])
    op.create_index(
        "uq_letter_number_office_id_year_circulars_number", "letter_number", [*series, "number"], unique=True
    )


def _letters() -> None:
    """Columns are added in place: a table written anew would need its key's rule once more on SQLite."""
    op.execute(
        "ALTER TABLE letter ADD COLUMN dispatch_id INTEGER"
        " CONSTRAINT fk_letter_dispatch_id REFERENCES dispatch (id)"
    )
    op.execute("ALTER TABLE letter ADD COLUMN public_id VARCHAR(32)")
    op.create_index("uq_letter_public_id", "letter", ["public_id"], unique=True)
    op.create_index(
        "uq_letter_dispatch_id_province_id", "letter", ["dispatch_id", "province_id"], unique=True
    )


def _walls() -> None:
    """Each office's own rows; the offices of the country see those of all."""
    write = "SELECT, INSERT, UPDATE, DELETE"
    for table in NEW:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_system, ita_country, ita_province")
        for role, rows in (
            ("ita_system", "true"),
            ("ita_country", "true"),
            ("ita_province", f"province_id = {PLACE}"),
        ):
            op.execute(f"GRANT {write} ON {table} TO {role}")
            op.execute(
                f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING ({rows}) WITH CHECK ({rows})"
            )


# -- what is there already -------------------------------------------------------------------------------


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _fill_offices() -> None:
    bind, settings = op.get_bind(), sa.table("letter_setting", *map(sa.column, ("id", "kind", "province_id")))
    office, signatory = _table("letter_office"), _table("signatory")
    texts_of = sa.column("texts", sa.JSON())
    for row in bind.execute(sa.select(settings, texts_of).order_by(settings.c.id)).all():
        if (row.kind == "province_summary") is (row.province_id is None):
            continue  # no page could make it, and none shows it
        texts = dict(row.texts)
        name, position = texts.pop("signatory_name", ""), texts.pop("signatory_position", "")
        key = _office_row(office, OFFICES[row.kind], row.province_id, texts)
        if name:
            values = {"office_id": key, "province_id": row.province_id, "name": name, "position": position}
            bind.execute(signatory.insert().values(**values))


def _office_row(office: sa.Table, kind: str, province_id: int | None, texts: dict[str, Any]) -> int:
    row = {
        "kind": kind,
        "province_id": province_id,
        "texts": texts,
        "signing": "number_first",
        "register": "elsewhere",
        "checked": False,
    }
    return op.get_bind().execute(office.insert().values(**row)).inserted_primary_key[0]  # type: ignore[index]


def _fill_dispatches() -> None:
    """A letter that was made before was issued then: one dispatch for each number and day."""
    bind, letter = op.get_bind(), _table("letter")
    dispatch, office, numbers = _table("dispatch"), _table("letter_office"), _table("letter_number")
    given: set[tuple[int, int, int]] = set()
    for kind, group in _batches(letter):
        first = group[0]
        key = _office_of(office, OFFICES[kind])
        row = {
            "round_id": first.round_id, "office_id": key, "province_id": None, "kind": kind, "state": "issued",
            "subject": first.subject, "urgency": first.data.get("urgency", ""),
            "cites": first.data.get("references", []), "to_provinces": [one.province_id for one in group],
            "number": first.number, "dated": first.dated, "made_at": first.created_at,
            "issued_at": first.created_at, "reason": "",
        }  # fmt: skip
        if kind == "nacc_to_dla":
            row["to_provinces"] = None
        made = bind.execute(dispatch.insert().values(**row)).inserted_primary_key[0]  # type: ignore[index]
        seen: set[int | None] = set()
        for one in group:
            values = {"public_id": secrets.token_hex(16)}
            if one.province_id not in seen:  # a copy that was made twice stays, outside the dispatch
                values["dispatch_id"] = made
            seen.add(one.province_id)
            bind.execute(letter.update().where(letter.c.id == one.id).values(**values))
        running = re.search(r"(\d+)\s*$", first.number)
        if running is None:
            continue
        place = (key, first.dated.year + 543, int(running[1]))
        if place not in given and 0 < place[2] < 2**31:
            given.add(place)
            bind.execute(
                numbers.insert().values(
                    office_id=key,
                    year=place[1],
                    circulars=False,
                    number=place[2],
                    use="used",
                    dispatch_id=made,
                    reason="",
                    taken_at=first.created_at,
                )  # fmt: skip
            )


def _batches(letter: sa.Table) -> Iterator[tuple[str, list[Any]]]:
    """Letters of offices by round, kind, number and day, in the order in which they were made."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    query = sa.select(letter).where(letter.c.kind != "province_summary").order_by(letter.c.id)
    for row in op.get_bind().execute(query).all():
        groups.setdefault((row.round_id, row.kind, row.number, row.dated), []).append(row)
    for (_round, kind, *_rest), group in groups.items():
        yield kind, group


def _office_of(office: sa.Table, kind: str) -> int:
    found = op.get_bind().scalar(
        sa.select(office.c.id).where(office.c.kind == kind, office.c.province_id.is_(None))
    )
    return found if found is not None else _office_row(office, kind, None, {})


def _settings_again() -> None:
    """The settings as they were: of several signatories the first."""
    op.create_table(
        "letter_setting",
        _whole("id"),
        _enum("kind", "letterkind", "nacc_to_dla", "circular", "province_summary"),
        _whole("province_id", nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        _version(),
        _points("letter_setting", "province_id", "province"),
        _key("letter_setting"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_setting_province_id", "letter_setting", ["province_id"])
    op.create_index(
        "uq_letter_setting_kind_province_id", "letter_setting", ["kind", "province_id"], unique=True
    )
    op.create_index(
        "uq_letter_setting_of_the_country",
        "letter_setting",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("province_id IS NULL"),
        postgresql_where=sa.text("province_id IS NULL"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _walls_of_settings()
    bind, office, signatory = op.get_bind(), _table("letter_office"), _table("signatory")
    setting = _table("letter_setting")
    for row in bind.execute(sa.select(office).order_by(office.c.id)).all():
        signs = sa.select(signatory).where(signatory.c.office_id == row.id).order_by(signatory.c.id).limit(1)
        who = bind.execute(signs).one_or_none()
        texts = dict(row.texts)
        if who is not None:
            texts |= {"signatory_name": who.name, "signatory_position": who.position}
        values = {"kind": KINDS[row.kind], "province_id": row.province_id, "texts": texts}
        bind.execute(setting.insert().values(**values))


def _walls_of_settings() -> None:
    op.execute("ALTER TABLE letter_setting ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT USAGE ON SEQUENCE letter_setting_id_seq TO ita_system, ita_country, ita_province")
    for role, rows in (("system", "true"), ("country", "true"), ("province", f"province_id = {PLACE}")):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON letter_setting TO ita_{role}")
        op.execute(
            f"CREATE POLICY ita_{role}_all ON letter_setting FOR ALL TO ita_{role}"
            f" USING ({rows}) WITH CHECK ({rows})"
        )


# -- what is in the record stays -------------------------------------------------------------------------


def _changed(table: str, differs: str, *, json: str = "") -> str:
    cast = {name: json if name in JSON_COLUMNS else "" for name in KEPT[table]}
    parts = [f"OLD.{name}{cast[name]} {differs} NEW.{name}{cast[name]}" for name in KEPT[table]]
    if table == "dispatch":
        parts.append(f"NEW.state NOT IN {FINAL}")
    return "(" + " OR ".join(parts) + ")"


def _numbers_stay(differs: str) -> str:
    """Of a reserved number its place in the register stays."""
    names = ("id", "office_id", "province_id", "year", "circulars", "number")
    return "(" + " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names) + ")"


def _when(table: str, differs: str, *, json: str = "") -> str:
    when = f"({IN_RECORD[table]} AND {_changed(table, differs, json=json)})"
    return f"{when} OR {_numbers_stay(differs)}" if table == "letter_number" else when


def _freeze() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        if postgres:
            _freeze_on_postgresql(table)
        else:
            _freeze_on_sqlite(table)


def _freeze_on_sqlite(table: str) -> None:
    abort = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    op.execute(
        f"CREATE TRIGGER kept_{table}_update BEFORE UPDATE ON {table} WHEN {_when(table, 'IS NOT')} {abort}"
    )
    if table not in MAY_GO:
        gone = "true" if table == "letter_number" else IN_RECORD[table]
        op.execute(f"CREATE TRIGGER kept_{table}_delete BEFORE DELETE ON {table} WHEN {gone} {abort}")


def _freeze_on_postgresql(table: str) -> None:
    refuse = f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
    gone = "true" if table == "letter_number" else IN_RECORD[table]
    deletes = f"IF TG_OP = 'DELETE' THEN IF {gone} THEN {refuse} END IF; RETURN OLD; END IF;"
    op.execute(
        f"CREATE FUNCTION kept_{table}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"
        f" BEGIN {'' if table in MAY_GO else deletes}"
        f" IF {_when(table, 'IS DISTINCT FROM', json='::text')} THEN {refuse} END IF; RETURN NEW; END $$"
    )
    acts = "UPDATE" if table in MAY_GO else "UPDATE OR DELETE"
    op.execute(
        f"CREATE TRIGGER kept_{table} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION kept_{table}()"
    )


def _thaw() -> None:
    for table in KEPT:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER kept_{table} ON {table}")
            op.execute(f"DROP FUNCTION kept_{table}()")
            continue
        op.execute(f"DROP TRIGGER kept_{table}_update")
        if table not in MAY_GO:
            op.execute(f"DROP TRIGGER kept_{table}_delete")
