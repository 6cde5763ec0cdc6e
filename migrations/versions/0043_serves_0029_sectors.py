"""Sectors: whose units are assessed. Provinces, rounds and accounts are of one, and the walls end at it.

Everything that is there is of the first sector, local administration; the NACC's people are of none. A row
stays in its sector: a province and a round for good, an account with its first right. Codes and names of
places are now told apart within a sector. On PostgreSQL the country's offices, of which there is one in each
sector, see their own sector alone (``ita.sector``; "*": all of them). A programme of an older release says
nothing there, and sees the first sector. On PostgreSQL what was done before it was broken off is done again.

Revision ID: 0043_serves_0029
Revises: 0042_serves_0029
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from portal.core.database import additions
from portal.core.database.additions import add_column, add_index

revision = "0043_serves_0029"
down_revision = "0042_serves_0029"
branch_labels = None
depends_on = None

TABLE = "sector"
FIRST = {
    "id": 1,
    "name": "องค์กรปกครองส่วนท้องถิ่น",
    "short": "อปท.",
    "office": "กรมส่งเสริมการปกครองท้องถิ่น",
    "province_office": "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด",
}
KINDS = ("agency_kind", "agency_size")
INDEXED = ("round", "account", "announcement", "people_setting", "descriptive_field")
SETTING = "uq_people_setting_single"
STAYS, GRANTED, TAKES_PART = "sector_stays", "grant_of_sector", "participation_of_sector"
OFFICE = "uq_letter_office_of_the_country"
#: tables with a column more; what may be of no sector has none where the NACC is meant
COLUMNS = {
    "round": "NOT NULL", "account": "NULL", "announcement": "NULL", "letter_office": "NOT NULL",
    "people_setting": "NOT NULL",
    "descriptive_field": "NOT NULL",
}  # fmt: skip

SAID = "coalesce(nullif(current_setting('ita.sector', true), ''), '1')"
#: asked once for a statement, not once for a row
ALL = f"(SELECT {SAID}) = '*'"
SECTOR = f"(SELECT CASE WHEN {SAID} = '*' THEN NULL ELSE ({SAID})::integer END)"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
PLACES = f"SELECT id FROM province WHERE sector_id = {SECTOR}"
PEOPLE = f"SELECT id FROM account WHERE sector_id = {SECTOR}"
ROUNDS = f"SELECT id FROM round WHERE sector_id = {SECTOR}"
OFFICES = (
    f"SELECT id FROM letter_office WHERE province_id IN ({PLACES})"
    f" OR (province_id IS NULL AND kind <> 'nacc' AND sector_id = {SECTOR})"
)
AGENCIES = f"SELECT id FROM agency WHERE province_id IN ({PLACES})"
DESK = f"(SELECT CASE WHEN {SAID} = '1' THEN 'dla' ELSE 'dla:' || {SAID} END)"
IN_PLACE, BY_ROUND = f"province_id IN ({PLACES})", f"round_id IN ({ROUNDS})"
OF_LETTERS = f"{BY_ROUND} AND (province_id IS NULL OR {IN_PLACE})"
BY_ACCOUNT, BY_OFFICE = f"account_id IN ({PEOPLE})", f"office_id IN ({OFFICES})"
#: rows of one province
OF_PLACES = (
    "agency", "agency_change", "agency_change_part", "agency_contact", "answer_count", "assignment", "certificate",
    "chase_mail", "chase_note", "contested_count", "contributor", "daily_count", "data_request", "disclosure",
    "disclosure_answer", "disclosure_link", "extension", "headcount_correction", "interview", "on_site_link", "outlook",
    "participation", "province_day", "quarter_count", "reminder_stop", "result", "result_node", "roster_entry",
    "roster_judgement", "sample_draw", "survey_link",
)  # fmt: skip
#: what else the offices of the country see, by how it is of a sector
OTHERS = {
    "account": f"sector_id = {SECTOR} OR id = {ACCOUNT}",
    **dict.fromkeys(("grant", "activation_code", "lost_password"), BY_ACCOUNT),
    **dict.fromkeys(("job", "grant_request", "register_import", "account_batch", "saved_filter"), BY_ACCOUNT),
    "announcement_receipt": BY_ACCOUNT,
    **dict.fromkeys(("letter", "delivery"), OF_LETTERS),
    "dispatch": (
        f"{OF_LETTERS} AND ({BY_OFFICE} OR office_id IN (SELECT id FROM letter_office WHERE kind = 'nacc'))"
    ),
    **dict.fromkeys(("assessor_rule", "distribution", "reminder_rule", "round_step"), BY_ROUND),
    **dict.fromkeys(("key_destruction", "roster_erasure"), BY_ROUND),
    **dict.fromkeys(("letter_number", "number_series", "office_text", "signatory"), BY_OFFICE),
    "letter_office": f"kind = 'nacc' OR (province_id IS NULL AND sector_id = {SECTOR}) OR {IN_PLACE}",
    "letter_notice": f"delivery_id IN (SELECT id FROM delivery WHERE {OF_LETTERS})",
    "receipt_book": (
        f"desk = {DESK} AND province_id IS NULL AND agency_id IS NULL OR {IN_PLACE} OR agency_id IN ({AGENCIES})"
    ),
    "assessor_conflict": f"{IN_PLACE} OR agency_id IN ({AGENCIES})",
    "stored_file": f"{IN_PLACE} OR (province_id IS NULL AND {BY_ACCOUNT})",
    "announcement_place": f"announcement_id IN (SELECT id FROM announcement WHERE sector_id IS NULL OR sector_id = {SECTOR})",
}
#: what offices below the country are narrowed in, too: the rest of theirs lies in their own place
EVERYWHERE = {
    **dict.fromkeys(
        ("province", "round", "agency_kind", "agency_size", "people_setting", "descriptive_field"),
        f"sector_id = {SECTOR}",
    ),
    **dict.fromkeys(("district", "province_contact"), IN_PLACE),
    "announcement": f"sector_id IS NULL OR sector_id = {SECTOR}",
}
BELOW = "ita_province, ita_agency"


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    _table(postgres)
    for table in COLUMNS:
        _add_column(table, postgres)
    if postgres:
        _places_of_postgresql()
    else:
        _places_of_sqlite()
    for table in INDEXED:
        add_index(f"ix_{table}_sector_id", table, ["sector_id"])
    nacc = "SELECT account_id FROM \"grant\" WHERE role = 'nacc'"
    op.execute(f"UPDATE account SET sector_id = NULL WHERE id IN ({nacc})")  # noqa: S608
    # to all sectors, as the NACC's announcements are from now on
    op.execute("UPDATE announcement SET sector_id = NULL WHERE office = 'nacc'")
    _offices(["kind", "sector_id"])
    add_index(f"{SETTING}_sector_id", "people_setting", ["single", "sector_id"], unique=True)
    op.drop_index(SETTING, "people_setting", if_exists=True)
    _desks(postgres, several=True)
    _kinds(postgres)
    if postgres:
        _triggers_of_postgresql()
        _walls()
    else:
        _triggers_of_sqlite()


def downgrade() -> None:
    """Raises RuntimeError while there are several sectors: an older release knows one alone."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM sector")) > 1:
        raise RuntimeError("there are several sectors: an older release knows one alone")
    postgres = op.get_bind().dialect.name == "postgresql"
    _unguarded(postgres)
    _kinds_as_before(postgres)
    _desks(postgres, several=False)
    _offices(["kind"])
    op.create_index(SETTING, "people_setting", ["single"], unique=True)
    op.drop_index(f"{SETTING}_sector_id", "people_setting")
    for table in INDEXED:
        op.drop_index(f"ix_{table}_sector_id", table)
    _places_as_before(postgres)
    for table in COLUMNS:
        op.drop_column(table, "sector_id")
    op.drop_table(TABLE)


def _unguarded(postgres: bool) -> None:
    if not postgres:
        for name in (
            *(f"{STAYS}_{table}" for table in ("province", "round", "account")),
            GRANTED, f"{GRANTED}_apart", TAKES_PART,
        ):  # fmt: skip
            op.execute(f"DROP TRIGGER {name}")
        return
    for table, _rows, _roles in _narrowed():
        op.execute(f'DROP POLICY within_sector ON "{table}"')
    for name, table in (
        (STAYS, "province"), (STAYS, "round"), (f"{STAYS}_account", "account"), (GRANTED, '"grant"'),
        (TAKES_PART, "participation"),
    ):  # fmt: skip
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in (STAYS, f"{STAYS}_account", GRANTED, TAKES_PART):
        op.execute(f"DROP FUNCTION {name}()")


def _places_as_before(postgres: bool) -> None:
    if not postgres:
        _rebuilt("province", PROVINCE + UNIQUE_PROVINCE, PROVINCE_COLUMNS)
        _rebuilt("district", DISTRICT + UNIQUE_DISTRICT, DISTRICT_COLUMNS)
        return
    for table, within, columns in NAMED_WITHIN:
        for column in columns:
            op.drop_index(f"uq_{table}_{within}_{column}", table)
            op.create_unique_constraint(f"uq_{table}_{column}", table, [column])
    op.drop_index("ix_province_sector_id", "province")
    op.drop_column("province", "sector_id")


def _table(postgres: bool) -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("province_office", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    for column in ("name", "short"):
        op.create_index(f"uq_{TABLE}_{column}", TABLE, [column], unique=True, if_not_exists=True)
    # a migration that was broken off finds its own row
    if op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {TABLE}")) == 0:  # noqa: S608 - ours
        op.bulk_insert(sa.table(TABLE, *(sa.column(name) for name in FIRST)), [FIRST])
    if not postgres:
        return
    op.execute(f"SELECT setval('{TABLE}_id_seq', (SELECT max(id) FROM {TABLE}))")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO ita_system, ita_country")
    op.execute(f"GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO ita_system, ita_country")
    op.execute(f"GRANT SELECT ON {TABLE} TO ita_none, ita_province, ita_agency, ita_assessor")
    for role in ("system", "country"):
        op.execute(f"DROP POLICY IF EXISTS ita_{role}_all ON {TABLE}")
        op.execute(
            f"CREATE POLICY ita_{role}_all ON {TABLE} FOR ALL TO ita_{role} USING (true) WITH CHECK (true)"
        )
    for role in ("none", "province", "agency", "assessor"):
        op.execute(f"DROP POLICY IF EXISTS ita_{role}_select ON {TABLE}")
        op.execute(f"CREATE POLICY ita_{role}_select ON {TABLE} FOR SELECT TO ita_{role} USING (true)")


def _add_column(table: str, postgres: bool) -> None:
    key = f"fk_{table}_sector_id"
    if postgres:
        empty = COLUMNS[table] == "NULL"
        add_column(table, sa.Column("sector_id", sa.Integer(), nullable=empty, server_default="1"))
        additions.add_key(key, table, "sector_id", f"{TABLE} (id)")
        return
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN sector_id INTEGER {COLUMNS[table]} DEFAULT '1'"
        f" CONSTRAINT {key} REFERENCES {TABLE} (id)"
    )


def _offices(columns: list[str]) -> None:
    """One office of each kind for the country, now in each sector."""
    of_country = sa.text("province_id IS NULL")
    op.drop_index(OFFICE, "letter_office", if_exists=True)
    op.create_index(
        OFFICE, "letter_office", columns, unique=True, sqlite_where=of_country, postgresql_where=of_country
    )


#: rules of a desk's key: what it was, and with the desks of other sectors' offices
DESKS = {
    False: (
        "desk = CASE WHEN agency_id IS NOT NULL THEN 'agency:' || agency_id"
        " WHEN province_id IS NOT NULL THEN 'province:' || province_id ELSE 'dla' END"
    ),
    True: (
        "CASE WHEN agency_id IS NOT NULL THEN desk = 'agency:' || agency_id"
        " WHEN province_id IS NOT NULL THEN desk = 'province:' || province_id"
        " ELSE desk = 'dla' OR desk LIKE 'dla:%' END"
    ),
}


def _desks(postgres: bool, *, several: bool) -> None:
    """At which desks letters come in: of one back office, or of several."""
    for table in ("delivery", "receipt_book"):
        name = f"ck_{table}_ck_{table}_desk"
        if not postgres:
            was, now = (f"CONSTRAINT {name} CHECK ({DESKS[one]})" for one in (not several, several))
            additions.said_anew(table, {was: now})
            continue
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        additions.add_rule(name, table, ["desk"], DESKS[several])


def _kinds(postgres: bool) -> None:
    """Kinds and sizes are of a sector by a key now."""
    for table in KINDS:
        name = f"fk_{table}_sector_id"
        if postgres:
            additions.add_key(name, table, "sector_id", f"{TABLE} (id)")
        else:
            last = f"CONSTRAINT uq_{table}_code UNIQUE (code)"
            key = f"CONSTRAINT {name} FOREIGN KEY(sector_id) REFERENCES {TABLE} (id)"
            additions.said_anew(table, {last: f"{last}, {key}"})
        op.create_index(f"ix_{table}_sector_id", table, ["sector_id"], if_not_exists=True)


def _kinds_as_before(postgres: bool) -> None:
    for table in KINDS:
        name = f"fk_{table}_sector_id"
        op.drop_index(f"ix_{table}_sector_id", table)
        if postgres:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            key = f", CONSTRAINT {name} FOREIGN KEY(sector_id) REFERENCES {TABLE} (id)"
            additions.said_anew(table, {key: ""})


def _places_of_postgresql() -> None:
    add_column("province", sa.Column("sector_id", sa.Integer(), nullable=False, server_default="1"))
    additions.add_key("fk_province_sector_id", "province", "sector_id", f"{TABLE} (id)")
    add_index("ix_province_sector_id", "province", ["sector_id"])
    for table, within, columns in NAMED_WITHIN:
        for column in columns:
            add_index(f"uq_{table}_{within}_{column}", table, [within, column], unique=True)
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS uq_{table}_{column}")


#: what tells places apart, and within what
NAMED_WITHIN = (("province", "sector_id", ("code", "name")), ("district", "province_id", ("code",)))
PROVINCE_COLUMNS = "code, name, name_en, region, sort_key, id, search_key, version, size"
PROVINCE = """
    code VARCHAR(2) NOT NULL,
    name VARCHAR(80) NOT NULL,
    name_en VARCHAR(80) NOT NULL,
    region VARCHAR(80) NOT NULL,
    sort_key VARCHAR(200) NOT NULL,
    id INTEGER NOT NULL CONSTRAINT pk_province PRIMARY KEY AUTOINCREMENT,
    search_key VARCHAR(400) DEFAULT '' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    size VARCHAR(1)"""
OF_SECTOR = """,
    sector_id INTEGER DEFAULT '1' NOT NULL CONSTRAINT fk_province_sector_id REFERENCES sector (id)"""
UNIQUE_PROVINCE = """,
    CONSTRAINT uq_province_code UNIQUE (code),
    CONSTRAINT uq_province_name UNIQUE (name)"""
DISTRICT_COLUMNS = "code, name, sort_key, province_id, id, search_key, version"
DISTRICT = """
    code VARCHAR(4) NOT NULL,
    name VARCHAR(120) NOT NULL,
    sort_key VARCHAR(300) NOT NULL,
    province_id INTEGER NOT NULL,
    id INTEGER NOT NULL CONSTRAINT pk_district PRIMARY KEY AUTOINCREMENT,
    search_key VARCHAR(400) DEFAULT '' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    CONSTRAINT fk_district_province_id FOREIGN KEY(province_id) REFERENCES province (id)"""
UNIQUE_DISTRICT = """,
    CONSTRAINT uq_district_code UNIQUE (code)"""
INDEXES = {"province": ("sort_key",), "district": ("province_id", "sort_key")}


def _places_of_sqlite() -> None:
    """A UNIQUE of a table is taken away by writing it anew: 77 and 928 rows."""
    _rebuilt("province", PROVINCE + OF_SECTOR, PROVINCE_COLUMNS)
    _rebuilt("district", DISTRICT, DISTRICT_COLUMNS)
    op.create_index("ix_province_sector_id", "province", ["sector_id"])
    for table, within, columns in NAMED_WITHIN:
        for column in columns:
            op.create_index(f"uq_{table}_{within}_{column}", table, [within, column], unique=True)


def _rebuilt(table: str, definition: str, columns: str) -> None:
    """Write a table anew; what points at it keeps its name, and no id is ever given again."""
    op.execute("PRAGMA legacy_alter_table=ON")
    given = op.get_bind().scalar(sa.text(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"))  # noqa: S608
    op.execute(f"CREATE TABLE new_{table} ({definition})")
    op.execute(f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table} ORDER BY id")  # noqa: S608
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    if given is not None:
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {int(given)})")  # noqa: S608
    op.execute("PRAGMA legacy_alter_table=OFF")
    for column in INDEXES[table]:
        op.create_index(f"ix_{table}_{column}", table, [column])


# -- rules between rows --------------------------------------------------------------------------------------

PLACE_OF_GRANT = (
    "SELECT sector_id FROM province WHERE id ="
    " coalesce(NEW.province_id, (SELECT province_id FROM agency WHERE id = NEW.agency_id))"
)
#: of which sector a person is, is settled by the first right; every other one lies in it
SETTLED = (
    "UPDATE account SET sector_id = CASE WHEN NEW.role = 'nacc' THEN NULL"
    f" WHEN NEW.province_id IS NULL AND NEW.agency_id IS NULL THEN sector_id ELSE ({PLACE_OF_GRANT}) END"
    " WHERE id = NEW.account_id"
)
FIRST_RIGHT = (
    'NOT EXISTS (SELECT 1 FROM "grant" AS held WHERE held.account_id = NEW.account_id AND held.id <> NEW.id)'
)
ELSEWHERE = (
    "(NEW.province_id IS NOT NULL OR NEW.agency_id IS NOT NULL) AND EXISTS (SELECT 1 FROM account"
    f" WHERE id = NEW.account_id AND sector_id <> ({PLACE_OF_GRANT}))"
)
RIGHTS = '(SELECT count(*) FROM "grant" WHERE account_id = NEW.id)'
NOT_ITS_SECTOR = (
    "(SELECT sector_id FROM province WHERE id = NEW.province_id)"
    " <> (SELECT sector_id FROM round WHERE id = NEW.round_id)"
)


def _triggers_of_sqlite() -> None:
    changed = "NEW.sector_id IS NOT OLD.sector_id"
    for table in ("province", "round"):
        _on_sqlite(f"{STAYS}_{table}", f"UPDATE OF sector_id ON {table}", changed, STAYS)
    _on_sqlite(f"{STAYS}_account", "UPDATE OF sector_id ON account", f"{changed} AND {RIGHTS} > 1", STAYS)
    held = 'EXISTS (SELECT 1 FROM "grant" WHERE account_id = NEW.account_id)'
    _on_sqlite(f"{GRANTED}_apart", 'INSERT ON "grant"', f"{held} AND {ELSEWHERE}", GRANTED)
    _on_sqlite(TAKES_PART, "INSERT ON participation", NOT_ITS_SECTOR, TAKES_PART)
    op.execute(f'CREATE TRIGGER {GRANTED} AFTER INSERT ON "grant" WHEN {FIRST_RIGHT} BEGIN {SETTLED}; END')


def _on_sqlite(name: str, act: str, when: str, said: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END")


def _triggers_of_postgresql() -> None:
    changed = "NEW.sector_id IS DISTINCT FROM OLD.sector_id"
    _function(STAYS, f"IF {changed} THEN {_stop(STAYS)}; END IF;")
    for table in ("province", "round"):
        _trigger(STAYS, table, "BEFORE UPDATE OF sector_id")
    _function(f"{STAYS}_account", f"IF {changed} AND {RIGHTS} > 1 THEN {_stop(STAYS)}; END IF;")
    _trigger(f"{STAYS}_account", "account", "BEFORE UPDATE OF sector_id")
    _function(
        GRANTED,
        # whoever comes second waits here, and sees the other's right afterwards
        " PERFORM 1 FROM account WHERE id = NEW.account_id FOR NO KEY UPDATE;"
        f" IF {FIRST_RIGHT} THEN {SETTLED}; ELSIF {ELSEWHERE} THEN {_stop(GRANTED)}; END IF;",
    )
    _trigger(GRANTED, '"grant"', "AFTER INSERT")
    _function(TAKES_PART, f"IF {NOT_ITS_SECTOR} THEN {_stop(TAKES_PART)}; END IF;")
    _trigger(TAKES_PART, "participation", "BEFORE INSERT")


def _stop(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'"


def _function(name: str, body: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NEW; END $$"
    )


def _trigger(name: str, table: str, when: str) -> None:
    op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


# -- the second wall -----------------------------------------------------------------------------------------


def _narrowed() -> Iterator[tuple[str, str, str]]:
    """Tables, the rows of a sector, and whom they narrow."""
    for table, rows in EVERYWHERE.items():
        yield table, rows, f"ita_country, {BELOW}"
    for table in OF_PLACES:
        yield table, IN_PLACE, "ita_country"
    for table, rows in OTHERS.items():
        yield table, rows, "ita_country"
    yield "audit_event", BY_ACCOUNT, "ita_country"


def _walls() -> None:
    for table, rows, roles in _narrowed():
        # what is written into the record is read by who may; it is written by everybody
        acts = "SELECT" if table == "audit_event" else "ALL"
        op.execute(f'DROP POLICY IF EXISTS within_sector ON "{table}"')
        op.execute(
            f'CREATE POLICY within_sector ON "{table}" AS RESTRICTIVE FOR {acts} TO {roles} USING ({ALL} OR ({rows}))'
        )
