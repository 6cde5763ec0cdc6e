"""Fifteen thousand accounts: who they are, how they are reached, their slips, second factors and lost passwords.

Columns are added in place: on SQLite a table written anew would need its key's rule and its triggers once more.

Revision ID: 0018
Revises: 0017
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from models.base import Instant
from models.search import account_key

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: by table: what is added to it
ADDED = {
    "account": {
        "position": "VARCHAR(160) NOT NULL DEFAULT ''",
        "search_key": "VARCHAR(600) NOT NULL DEFAULT ''",
        "email_proved_at": "{moment}",
        "province_id": "INTEGER CONSTRAINT fk_account_province_id REFERENCES province (id)",
        "browsers_forgotten": "INTEGER NOT NULL DEFAULT 0",
    },
    "activation_code": {
        "issued_at": "{moment}",
        "issued_by_id": "INTEGER CONSTRAINT fk_activation_code_issued_by_id REFERENCES account (id)",
        "province_id": "INTEGER CONSTRAINT fk_activation_code_province_id REFERENCES province (id)",
    },
    "grant": {
        "capacity": (
            "VARCHAR(32) NOT NULL DEFAULT 'holder'"
            " CONSTRAINT ck_grant_capacity CHECK (capacity IN ('holder', 'acting', 'deputy'))"
        ),
        "order_number": "VARCHAR(80) NOT NULL DEFAULT ''",
        "follows_id": 'INTEGER CONSTRAINT fk_grant_follows_id REFERENCES "grant" (id)',
    },
    "grant_request": {
        "valid_from": "{moment}",
        "valid_until": "{moment}",
        "capacity": (
            "VARCHAR(32) NOT NULL DEFAULT 'holder'"
            " CONSTRAINT ck_grant_request_capacity CHECK (capacity IN ('holder', 'acting', 'deputy'))"
        ),
        "order_number": "VARCHAR(80) NOT NULL DEFAULT ''",
    },
    "sign_in_session": {
        "factor_due": "BOOLEAN NOT NULL DEFAULT false",
        "browser": "VARCHAR(80) NOT NULL DEFAULT ''",
        "network": "VARCHAR(60) NOT NULL DEFAULT ''",
        "challenge": "{bytes}",
    },
}
TYPES = {
    "postgresql": {"moment": "TIMESTAMP WITH TIME ZONE", "bytes": "BYTEA"},
    "sqlite": {"moment": "DATETIME", "bytes": "BLOB"},
}
#: of "asked" in grant_request, before and after
ASKED, ASKED_NOW = "'right', 'code'", "'right', 'code', 'factor'"
NEW = (
    "people_setting",
    "province_contact",
    "account_batch",
    "lost_password",
    "mail_code",
    "passkey",
    "recovery_code",
    "slip_order",
    "totp_secret",
    "agency_contact",
)


def upgrade() -> None:
    _add_columns()
    _found()
    _asked(ASKED, ASKED_NOW)
    _people()
    _contacts()
    _second_factors()


def downgrade() -> None:
    for table in reversed(NEW):
        op.drop_table(table)
    _asked(ASKED_NOW, ASKED)
    op.drop_index("ix_activation_code_issued_by_id", "activation_code")
    op.drop_index("ix_account_province_id", "account")
    op.drop_index("uq_grant_follows_id", "grant")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')


def _add_columns() -> None:
    types = TYPES[op.get_bind().dialect.name]
    for table, columns in ADDED.items():
        for column, made_as in columns.items():
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {made_as.format(**types)}')
    op.create_index("ix_account_province_id", "account", ["province_id"])
    op.create_index("ix_activation_code_issued_by_id", "activation_code", ["issued_by_id"])
    op.create_index("uq_grant_follows_id", "grant", ["follows_id"], unique=True)


def _found() -> None:
    """Accounts that are there already are found by what they say of a person."""
    connection = op.get_bind()
    rows = connection.exec_driver_sql("SELECT id, name, username, email, phone FROM account").all()
    change = sa.text("UPDATE account SET search_key = :key WHERE id = :id")
    for key, *texts in rows:
        connection.execute(change, {"id": key, "key": account_key(*texts)})


def _asked(before: str, after: str) -> None:
    """Another list of what a second person may be asked for."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE grant_request DROP CONSTRAINT ck_grant_request_asked")
        op.execute(
            f"ALTER TABLE grant_request ADD CONSTRAINT ck_grant_request_asked CHECK (what IN ({after}))"
        )
        return
    row = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'grant_request'"
    )
    made_by = row.scalar_one()
    assert before in made_by, "the check of what is asked for stands in the table's own text"
    _replace(connection, "grant_request", made_by.replace(before, after))


def _replace(connection: Connection, name: str, made_by: str) -> None:
    """Write a table anew from its text, with its rows, indexes and triggers. SQLite only."""
    hanging = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ? AND sql IS NOT NULL",
        (name,),
    )
    again = [row[0] for row in hanging]
    head = re.compile(rf'^\s*CREATE TABLE "?{re.escape(name)}"?')
    connection.exec_driver_sql(head.sub(f'CREATE TABLE "new_{name}"', made_by))
    connection.exec_driver_sql(f'INSERT INTO "new_{name}" SELECT * FROM "{name}"')
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    for statement in again:
        connection.exec_driver_sql(statement)


def _people() -> None:
    op.create_table(
        "people_setting",
        sa.Column("single", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("provinces_make_accounts", sa.Boolean(), nullable=False),
        sa.Column("factor_roles", sa.JSON(), nullable=False),
        sa.Column("help_name", sa.String(length=160), nullable=False),
        sa.Column("help_phone", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_people_setting_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_setting")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_people_setting_single", "people_setting", ["single"], unique=True)

    op.create_table(
        "account_batch",
        sa.Column(
            "kind",
            sa.Enum(
                "lacking", "workbook", name="batchkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_batch_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_account_batch_province_id")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["account.id"], name=op.f("fk_account_batch_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_batch")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_batch_province_id"), "account_batch", ["province_id"], unique=False)

    op.create_table(
        "slip_order",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ordered_at", Instant(), nullable=False),
        sa.Column("ready_at", Instant(), nullable=True),
        sa.Column("gone_at", Instant(), nullable=True),
        sa.Column("downloaded_at", Instant(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_slip_order_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_order")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_slip_order_account_id"), "slip_order", ["account_id"], unique=False)

    op.create_table(
        "lost_password",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=120), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "answered",
                "refused",
                name="loststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_lost_password_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_lost_password_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_password")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lost_password_account_id"), "lost_password", ["account_id"], unique=False)
    op.create_index(
        "uq_lost_password_waiting",
        "lost_password",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "mail_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "prove", "reset", name="mailpurpose", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_mail_code_code_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_mail_code_account_id_purpose", "mail_code", ["account_id", "purpose"], unique=True)


def _contacts() -> None:
    op.create_table(
        "province_contact",
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=160), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_province_contact_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_province_contact_province_id", "province_contact", ["province_id"], unique=True)

    op.create_table(
        "agency_contact",
        sa.Column("phone", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=160), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_contact_agency_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_agency_contact_province_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["account.id"],
            name=op.f("fk_agency_contact_reviewed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agency_contact_province_id"), "agency_contact", ["province_id"], unique=False)
    op.create_index(
        op.f("ix_agency_contact_reviewed_by_id"), "agency_contact", ["reviewed_by_id"], unique=False
    )
    op.create_index("uq_agency_contact_agency_id", "agency_contact", ["agency_id"], unique=True)


def _second_factors() -> None:
    op.create_table(
        "totp_secret",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_totp_secret_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_secret")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_totp_secret_account_id", "totp_secret", ["account_id"], unique=True)

    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"], unique=False)
    op.create_index("uq_passkey_credential_id", "passkey", ["credential_id"], unique=True)
