"""Incoming letters: what was sent before lies at its desk, and what a desk received the database keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.old_databases import NOW, Rows, database_before

pytestmark = [pytest.mark.postgres, pytest.mark.long]
BEFORE = "0024"
DAY = date(2018, 11, 9)


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's URL of a database in which a letter that was sent reached no desk."""
    with database_before(BEFORE, engine, tmp_path, request) as url:
        yield url


def _fill(rows: Rows) -> None:
    """A circular that was replaced, the one in its place, one not sent yet, and NACC's letter."""
    round_id = rows.add(
        "round", fiscal_year=2561, state="open", name="รอบ", eit_combine="pooled", first_digits="1"
    )
    places = [rows.add("province", code=code, name=code) for code in ("52", "81")]
    file = rows.add("stored_file", name="ก.pdf", content=b"%PDF")
    offices = {
        kind: rows.add("letter_office", kind=kind, texts={"name": f"กรม {kind}"}, signing="number_first",
                       register="general", checked=False)
        for kind in ("dla", "nacc")
    }  # fmt: skip

    def dispatch(kind: str, office: str, state: str, number: str, **more: Any) -> int:
        key = rows.add(
            "dispatch", round_id=round_id, office_id=offices[office], kind=kind, state=state,
            subject="เรื่อง", number=number, dated=DAY, made_at=NOW, issued_at=NOW, cites=[], urgency="ด่วน",
            **more,
        )  # fmt: skip
        for place in places if kind == "circular" else [None]:
            rows.add(
                "letter", round_id=round_id, kind=kind, number=number, province_id=place,
                dated=DAY, subject="เรื่อง", file_id=file, created_at=NOW, data={}, dispatch_id=key,
            )  # fmt: skip
        return key

    first = dispatch("circular", "dla", "replaced", "ว 1", sent_at=NOW, withdrawn_at=NOW, reason="วันที่ผิด")
    dispatch("circular", "dla", "sent", "ว 2", sent_at=NOW, replaces_id=first)
    dispatch("circular", "dla", "issued", "ว 3")
    dispatch("nacc_to_dla", "nacc", "sent", "ปช 1", sent_at=NOW)


def test_what_was_sent_before_lies_unread_at_its_desk(old: str) -> None:
    engine = create_engine(old, poolclass=NullPool)
    with engine.begin() as connection:
        _fill(Rows(connection))
    migrate.upgrade(old)
    with engine.begin() as connection:
        rows = Rows(connection).of("delivery", "desk", "sender", "number", "replaced_by", "void_reason")
        assert rows == [
            ("province:1", "กรม dla", "ว 1", "ว 2", "วันที่ผิด"),
            ("province:2", "กรม dla", "ว 1", "ว 2", "วันที่ผิด"),
            ("province:1", "กรม dla", "ว 2", "", ""),
            ("province:2", "กรม dla", "ว 2", "", ""),
            ("dla", "กรม nacc", "ปช 1", "", ""),
        ]
        assert {read for (read,) in Rows(connection).of("delivery", "read_at")} == {None}
    assert migrate.differences(old) == []
    migrate.downgrade(old, BEFORE)
    assert "delivery" not in tables(old)


def tables(url: str) -> set[str]:
    """The tables of a database."""
    return set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())
