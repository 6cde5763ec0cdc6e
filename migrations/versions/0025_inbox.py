"""Incoming letters: what was sent lies at the desk of its addressee, with its receipt and its notices.

Letters that were sent before lie at their desks from the day on which they were sent, unread. What a letter at a
desk says, and a receipt that was given, the database itself keeps as it is.

Revision ID: 0025
Revises: 0024
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

DESK = (
    "desk = CASE WHEN agency_id IS NOT NULL THEN 'agency:' || agency_id"
    " WHEN province_id IS NOT NULL THEN 'province:' || province_id ELSE 'dla' END"
)
#: of a letter at a desk: what never changes, and what is entered once
FIXED = (
    "id", "letter_id", "dispatch_id", "replaces_id", "round_id", "desk", "province_id", "agency_id", "passed_from_id",
    "sender", "through", "note", "number", "dated", "subject", "urgency", "sent_at",
)  # fmt: skip
ONCE = ("read_at", "taken_at", "receipt_year", "receipt_number", "received_at", "void_at")
SAID = "this is in the record of incoming letters"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
#: who reads and who writes the rows of each table, by the role of the transaction
EVERY, OWN_PROVINCE, OWN_AGENCY = "true", f"province_id = {PLACE}", f"agency_id = {PLACE}"
WRITE = "SELECT, INSERT, UPDATE"
WALLS = {
    "delivery": {
        "system": (WRITE, EVERY),
        "country": (WRITE, EVERY),
        "province": (WRITE, OWN_PROVINCE),
        "agency": ("SELECT, UPDATE", OWN_AGENCY),
    },
    "receipt_book": {
        "system": (WRITE, EVERY),
        "country": (WRITE, EVERY),
        "province": (WRITE, OWN_PROVINCE),
        "agency": (WRITE, OWN_AGENCY),
    },
    "letter_notice": {
        "system": (WRITE, EVERY),
        "country": ("SELECT", EVERY),
        "province": ("SELECT", OWN_PROVINCE),
    },
}


def upgrade() -> None:
    _deliveries()
    _books()
    _notices()
    if op.get_bind().dialect.name == "postgresql":
        _walls()
    _fill()
    _freeze()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER kept_delivery ON delivery")
        op.execute("DROP FUNCTION kept_delivery()")
    for table in ("letter_notice", "receipt_book", "delivery"):
        op.drop_table(table)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, Instant(), nullable=nullable)


def _deliveries() -> None:
    op.create_table(
        "delivery",
        *(_whole(name) for name in ("id", "letter_id", "dispatch_id")),
        _whole("replaces_id", nullable=True),
        _whole("round_id"),
        _text("desk", 40),
        *(_whole(name, nullable=True) for name in ("province_id", "agency_id", "passed_from_id")),
        _text("sender", 200),
        _text("through", 200),
        _text("note", 500),
        _text("number", 80),
        sa.Column("dated", sa.Date(), nullable=False),
        _text("subject", 500),
        _text("urgency", 20),
        _moment("sent_at", nullable=False),
        _moment("read_at"),
        _text("read_by", 160),
        _moment("taken_at"),
        _text("taken_by", 160),
        _whole("receipt_year", nullable=True),
        _whole("receipt_number", nullable=True),
        _moment("received_at"),
        _moment("void_at"),
        _text("void_reason", 300),
        _text("replaced_by", 80),
        sa.CheckConstraint(DESK, name="ck_delivery_desk"),
        sa.CheckConstraint("(receipt_number IS NULL) = (receipt_year IS NULL)", name="ck_delivery_receipt"),
        _points("delivery", "letter_id", "letter"),
        _points("delivery", "dispatch_id", "dispatch"),
        _points("delivery", "replaces_id", "dispatch"),
        _points("delivery", "round_id", "round"),
        _points("delivery", "province_id", "province"),
        _points("delivery", "agency_id", "agency"),
        _points("delivery", "passed_from_id", "delivery"),
        _key("delivery"),
        sqlite_autoincrement=True,
    )
    for column in ("dispatch_id", "province_id", "agency_id", "passed_from_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])
    op.create_index("uq_delivery_letter_id_desk", "delivery", ["letter_id", "desk"], unique=True)
    receipt = ["desk", "receipt_year", "receipt_number"]
    op.create_index("uq_delivery_desk_receipt_year_receipt_number", "delivery", receipt, unique=True)


def _books() -> None:
    op.create_table(
        "receipt_book",
        _whole("id"),
        _text("desk", 40),
        _whole("province_id", nullable=True),
        _whole("agency_id", nullable=True),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        _whole("year"),
        _whole("last"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(DESK, name="ck_receipt_book_desk"),
        sa.CheckConstraint("last >= 0", name="ck_receipt_book_last"),
        _points("receipt_book", "province_id", "province"),
        _points("receipt_book", "agency_id", "agency"),
        _key("receipt_book"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_book_province_id", "receipt_book", ["province_id"])
    op.create_index("ix_receipt_book_agency_id", "receipt_book", ["agency_id"])
    op.create_index("uq_receipt_book_desk", "receipt_book", ["desk"], unique=True)


def _notices() -> None:
    op.create_table(
        "letter_notice",
        _whole("id"),
        _whole("delivery_id"),
        _whole("province_id", nullable=True),
        _text("address", 200),
        _moment("tried_at", nullable=False),
        _moment("sent_at"),
        _text("fault", 120),
        _points("letter_notice", "delivery_id", "delivery"),
        _points("letter_notice", "province_id", "province"),
        _key("letter_notice"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_notice_province_id", "letter_notice", ["province_id"])
    op.create_index(
        "uq_letter_notice_delivery_id_address", "letter_notice", ["delivery_id", "address"], unique=True
    )


def _walls() -> None:
    """Each desk's own rows; a province those of its agencies too; the offices of the country those of all."""
    for table, roles in WALLS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for role, (acts, rows) in roles.items():
            op.execute(f"GRANT {acts} ON {table} TO ita_{role}")
            op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_{role}")
            op.execute(
                f"CREATE POLICY ita_{role}_all ON {table} FOR ALL TO ita_{role} USING ({rows}) WITH CHECK ({rows})"
            )


# -- what was sent before --------------------------------------------------------------------------------


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _fill() -> None:
    """A letter that has left its office lies at the desk of its addressee."""
    bind = op.get_bind()
    delivery, dispatch, letter, office = map(_table, ("delivery", "dispatch", "letter", "letter_office"))
    names = {
        row.id: row.texts.get("name", "") for row in bind.execute(sa.select(office.c.id, office.c.texts))
    }
    replaced = sa.select(dispatch.c.replaces_id, dispatch.c.number).where(dispatch.c.replaces_id.is_not(None))
    later = {row.replaces_id: row.number for row in bind.execute(replaced)}
    copies = sa.select(
        letter.c.id.label("copy_id"), letter.c.province_id.label("to_id"), letter.c.subject.label("about")
    )
    query = copies.add_columns(dispatch).join(dispatch, dispatch.c.id == letter.c.dispatch_id)
    for row in bind.execute(query.where(dispatch.c.sent_at.is_not(None)).order_by(letter.c.id)).all():
        gone = row.state in ("withdrawn", "replaced")
        values = {
            "letter_id": row.copy_id, "dispatch_id": row.id, "replaces_id": row.replaces_id, "round_id": row.round_id,
            "desk": f"province:{row.to_id}" if row.to_id else "dla", "province_id": row.to_id,
            "sender": names[row.office_id], "through": "", "note": "", "number": row.number, "dated": row.dated,
            "subject": row.about, "urgency": row.urgency, "sent_at": row.sent_at, "read_by": "", "taken_by": "",
            "void_at": row.withdrawn_at if gone else None, "void_reason": row.reason if gone else "",
            "replaced_by": later.get(row.id, "") if row.state == "replaced" else "",
        }  # fmt: skip
        bind.execute(delivery.insert().values(**values))


# -- what is in the record stays -------------------------------------------------------------------------


def _changed(differs: str) -> str:
    fixed = [f"OLD.{name} {differs} NEW.{name}" for name in FIXED]
    once = [f"(OLD.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name})" for name in ONCE]
    return " OR ".join((*fixed, *once))


def _freeze() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION kept_delivery() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"
            f" BEGIN IF TG_OP = 'DELETE' OR {_changed('IS DISTINCT FROM')} THEN"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER kept_delivery BEFORE UPDATE OR DELETE ON delivery FOR EACH ROW"
            " EXECUTE FUNCTION kept_delivery()"
        )
        return
    abort = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    op.execute(
        f"CREATE TRIGGER kept_delivery_update BEFORE UPDATE ON delivery WHEN {_changed('IS NOT')} {abort}"
    )
    op.execute(f"CREATE TRIGGER kept_delivery_delete BEFORE DELETE ON delivery {abort}")
