"""Migration 0042: kinds and sizes become rows; what a CHECK said, foreign keys say, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.old_databases import Rows, database_before

pytestmark = [pytest.mark.postgres, pytest.mark.long]
BEFORE, KINDS = "0041_serves_0029", "0042_serves_0029"
INDICES = "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA foreign_keys=ON"))
    with engine.begin() as connection:
        yield connection


def add(url: str, kind: str, size: str | None = None, code: str | None = None) -> None:
    with connected(url) as connection:
        rows = Rows(connection)
        found = connection.execute(text("SELECT id, province_id FROM district")).first()
        if found is None:
            province = rows.add("province", code="52", name="ลำปาง")
            district = rows.add("district", code="5204", name="เกาะคา", province_id=province)
        else:
            district, province = found
        rows.add(
            "agency", kind=kind, size=size, code=code, name=kind, full_name=f"{kind}{size}{code}",
            district_id=district, province_id=province,
        )  # fmt: skip


def kinds_of(url: str) -> list[tuple[str, ...]]:
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(text("SELECT kind, size FROM agency ORDER BY id"))]


def test_rows_stay_and_a_kind_is_known_once_it_is_a_row(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with database_before(BEFORE, engine, tmp_path, request) as url:
        add(url, "sao", "M")
        add(url, "special")
        with pytest.raises(IntegrityError):
            add(url, "school")
        with connected(url) as connection:
            besides = connection.execute(text(INDICES)).all() if engine == "sqlite" else []
        migrate.upgrade(url, KINDS)
        assert kinds_of(url) == [("sao", "M"), ("special", None)]
        for kind, size in (("school", None), ("sao", "X")):
            with pytest.raises(IntegrityError):
                add(url, kind, size)
        with connected(url) as connection:
            for statement in (
                "INSERT INTO agency_kind (code, name, short, head) VALUES ('school', 'โรงเรียน', 'รร.', '')",
                "INSERT INTO agency_size (code, name) VALUES ('X', 'ใหญ่พิเศษ')",
            ):
                connection.execute(text(statement))
            if engine == "sqlite":
                assert set(besides) <= set(connection.execute(text(INDICES)).all()), "nothing of it went"
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        add(url, "school", "X", "06520001")
        with pytest.raises(IntegrityError), connected(url) as connection:
            connection.execute(text("DELETE FROM agency_kind WHERE code = 'school'"))


def test_the_way_back_refuses_while_a_row_would_break_the_old_rule(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with database_before(KINDS, engine, tmp_path, request) as url:
        with connected(url) as connection:
            insert = "INSERT INTO agency_kind (code, name, short, head) VALUES ('school', 'รร', 'รร', '')"
            connection.execute(text(insert))
        add(url, "school")
        add(url, "pao", "L")
        with pytest.raises(RuntimeError, match="1 rows of agency are of a kind that was added on screen"):
            migrate.downgrade(url, BEFORE)
        with connected(url) as connection:
            connection.execute(text("DELETE FROM agency WHERE kind = 'school'"))
        migrate.downgrade(url, BEFORE)
        assert kinds_of(url) == [("pao", "L")]
        with pytest.raises(IntegrityError):
            add(url, "school")
        migrate.upgrade(url, KINDS)
        assert kinds_of(url) == [("pao", "L")]


@pytest.mark.only("sqlite")
def test_a_table_that_was_made_by_other_hands_is_left_alone(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with database_before(BEFORE, engine, tmp_path, request) as url:
        with connected(url) as connection:
            connection.exec_driver_sql("PRAGMA writable_schema = ON")
            connection.exec_driver_sql(
                "UPDATE sqlite_master SET sql = replace(sql, 'ck_agency_agencysize', 'ck_other')"
                " WHERE name = 'agency'"
            )
        with pytest.raises(RuntimeError, match="agency is not as migrations made it"):
            migrate.upgrade(url, KINDS)
        with connected(url) as connection:
            assert (
                connection.execute(text("SELECT name FROM sqlite_master WHERE name = 'agency_kind'")).all()
                == []
            )
