"""What is edited has versions, and rules between rows are the database's. Rows that break one are mended.

Each mending is printed. Nothing of an assessment is deleted: of two rounds, links or agencies one keeps what
was doubled and the other gets something else; of two settings, codes or assignments one stays. No table is
written anew: on SQLite that would lose its checks and its keys.

Revision ID: 0012
Revises: 0011
"""

import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EDITED = (
    "account", "agency", "assessor_body", "district", "letter_setting", "oit_item", "province", "question",
    "roster_entry", "roster_judgement",
)  # fmt: skip
WITHOUT_CODE = sa.text("code IS NULL")
OF_THE_COUNTRY = sa.text("province_id IS NULL")
LIVING = sa.text("revoked_at IS NULL")
#: how far a round has come: of two rounds of one year the further one keeps it
FURTHEST = {"opened": 0, "closed": 1, "open": 2, "draft": 3}
LAST_YEAR = 2700


def upgrade() -> None:
    for table in EDITED:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    _accounts()
    _codes()
    _rounds()
    _settings()
    _links()
    _agencies()
    _assignments()


def downgrade() -> None:
    for name, table in (
        ("uq_assignment_participation_id", "assignment"),
        ("uq_agency_without_code", "agency"),
        ("uq_survey_link_living", "survey_link"),
        ("uq_letter_setting_of_the_country", "letter_setting"),
        ("uq_letter_setting_kind_province_id", "letter_setting"),
        ("uq_round_name", "round"),
        ("uq_round_fiscal_year", "round"),
        ("uq_activation_code_account_id", "activation_code"),
        ("uq_account_folded_username", "account"),
    ):
        op.drop_index(name, table)
    op.create_index("ix_round_fiscal_year", "round", ["fiscal_year"])
    op.create_index("ix_activation_code_account_id", "activation_code", ["account_id"])
    op.drop_column("account", "folded_username")
    for table in EDITED:
        op.drop_column(table, "version")


def _rows(statement: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(statement)).mappings())


def _change(statement: str, **values: Any) -> None:
    op.get_bind().execute(sa.text(statement), values)


def _say(text: str) -> None:
    sys.stdout.write(f"0012: {text}\n")


def _later(rows: Iterable[Any], *names: str) -> list[Any]:
    """Every row whose values of these columns stand in a row before it."""
    seen: set[tuple[Any, ...]] = set()
    later = []
    for row in rows:
        key = tuple(row[name] for name in names)
        if key in seen:
            later.append(row)
        seen.add(key)
    return later


def _accounts() -> None:
    """A user name is one person's in any case. The later account of a name gets another: "twin" → "twin-2"."""
    folded_username = sa.Column("folded_username", sa.String(160), nullable=False, server_default="")
    op.add_column("account", folded_username)
    taken: set[str] = set()
    rows = _rows("SELECT id, username FROM account ORDER BY id")
    names = {_fold(row["username"]) for row in rows}
    for row in rows:
        name, folded, number = row["username"], _fold(row["username"]), 2
        while folded in taken:
            name = f"{row['username'].strip()[:70]}-{number}"
            folded = _fold(name) if _fold(name) not in names else folded
            number += 1
        taken.add(folded)
        _change(
            "UPDATE account SET username = :n, folded_username = :f WHERE id = :i",
            n=name,
            f=folded,
            i=row["id"],
        )
        if name != row["username"]:
            _say(
                f"the user name {row['username']!r} of account {row['id']} was another's: it is {name!r} now"
            )
    _index("uq_account_folded_username", "account", ["folded_username"])


def _fold(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _codes() -> None:
    """An account has one activation code: the last one issued."""
    for row in _later(_rows("SELECT id, account_id FROM activation_code ORDER BY id DESC"), "account_id"):
        _change("DELETE FROM activation_code WHERE id = :i", i=row["id"])
        _say(f"account {row['account_id']} had several activation codes: the last one works")
    op.drop_index("ix_activation_code_account_id", "activation_code")
    _index("uq_activation_code_account_id", "activation_code", ["account_id"])


def _rounds() -> None:
    """A fiscal year has one round: the one that came furthest. Others get the next free year, and keep all."""
    rows = _rows("SELECT id, fiscal_year, state, name FROM round ORDER BY id")
    rows.sort(key=lambda row: (FURTHEST[row["state"]], row["id"]))
    taken = {row["fiscal_year"] for row in rows}
    for row in _later(rows, "fiscal_year"):
        year = next(year for year in range(row["fiscal_year"] + 1, LAST_YEAR * 2) if year not in taken)
        taken.add(year)
        _change("UPDATE round SET fiscal_year = :y, version = version + 1 WHERE id = :i", y=year, i=row["id"])
        _say(f"fiscal year {row['fiscal_year']} had two rounds: {row['name']!r} stands under {year} now")
    for row in _later(rows, "name"):
        name = f"{row['name'][:180]} ({row['id']})"
        _change("UPDATE round SET name = :n, version = version + 1 WHERE id = :i", n=name, i=row["id"])
        _say(f"two rounds had the name {row['name']!r}: one is {name!r} now")
    op.drop_index("ix_round_fiscal_year", "round")
    _index("uq_round_fiscal_year", "round", ["fiscal_year"])
    _index("uq_round_name", "round", ["name"])


def _settings() -> None:
    """An office has one row of letter settings: the last one saved."""
    rows = _rows("SELECT id, kind, province_id FROM letter_setting ORDER BY id DESC")
    for row in _later(rows, "kind", "province_id"):
        _change("DELETE FROM letter_setting WHERE id = :i", i=row["id"])
        _say(f"letters {row['kind']} (province {row['province_id']}) had two settings: the later one stays")
    _index("uq_letter_setting_kind_province_id", "letter_setting", ["kind", "province_id"])
    _index("uq_letter_setting_of_the_country", "letter_setting", ["kind"], OF_THE_COUNTRY)


def _links() -> None:
    """A survey has one living link: the one made last."""
    rows = _rows(
        "SELECT id, participation_id, instrument FROM survey_link WHERE revoked_at IS NULL ORDER BY id DESC"
    )
    revoke = sa.text("UPDATE survey_link SET revoked_at = :now WHERE id = :i").bindparams(
        sa.bindparam("now", type_=Instant())
    )
    for row in _later(rows, "participation_id", "instrument"):
        op.get_bind().execute(revoke, {"now": datetime.now(UTC), "i": row["id"]})
        _say(f"participation {row['participation_id']} had several living links: link {row['id']} is revoked")
    _index("uq_survey_link_living", "survey_link", ["participation_id", "instrument"], LIVING)


def _agencies() -> None:
    """Without a code the name tells agencies of a district apart: a later one gets a number behind its name."""
    rows = _rows("SELECT id, district_id, name, full_name FROM agency WHERE code IS NULL ORDER BY id")
    names = {(row["district_id"], row["full_name"]) for row in rows}
    for row in _later(rows, "district_id", "full_name"):
        number = next(
            n for n in range(2, 1000) if (row["district_id"], f"{row['full_name']} ({n})") not in names
        )
        full = f"{row['full_name']} ({number})"
        names.add((row["district_id"], full))
        _change(
            "UPDATE agency SET name = :n, full_name = :f, version = version + 1 WHERE id = :i",
            n=f"{row['name']} ({number})", f=full, i=row["id"],
        )  # fmt: skip
        _say(
            f"the register had {row['full_name']!r} without a code twice: agency {row['id']} is {full!r} now"
        )
    _index("uq_agency_without_code", "agency", ["district_id", "full_name"], WITHOUT_CODE)


def _assignments() -> None:
    """An agency of a round has one assessor body: the one it was given first."""
    for row in _later(
        _rows("SELECT id, participation_id, body_id FROM assignment ORDER BY id"), "participation_id"
    ):
        _change("DELETE FROM assignment WHERE id = :i", i=row["id"])
        _say(f"participation {row['participation_id']} had two bodies: body {row['body_id']} lost it")
    _index("uq_assignment_participation_id", "assignment", ["participation_id"])


def _index(name: str, table: str, columns: list[str], where: Any = None) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
