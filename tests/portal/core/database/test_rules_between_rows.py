"""A database from before the rules between rows is mended on its way up, and each mending is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, insert, select
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.postgres import Server

pytestmark = pytest.mark.postgres
NOW = datetime(2018, 11, 9, 3, tzinfo=UTC)
BEFORE = "0011"


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's URL of a database as it was before the rules."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        migrate.upgrade(url, BEFORE)
        yield url
        return
    server: Server = request.getfixturevalue("postgres_server")
    server.create_database("old")
    url = server.url(server.owner, "old").render_as_string(hide_password=False)
    migrate.upgrade(url, BEFORE)
    yield url
    server.drop_database("old")


class Rows:
    """Rows of tables as a database has them now, without our models; what is not given is filled in."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.tables = connection, MetaData()
        self.tables.reflect(connection)

    def add(self, table_name: str, /, **values: Any) -> int:
        """Insert a row; gives its id."""
        table = self.tables.tables[table_name]
        for column in table.columns:
            if column.name not in values and column.name != "id" and not column.nullable:
                values[column.name] = _something(column)
        made = self.connection.execute(insert(table).values(values).returning(table.c.id))
        return int(made.scalar_one())

    def of(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of every row, in the order of their ids."""
        table = self.tables.tables[name]
        query = select(*(table.c[column] for column in columns)).order_by(table.c.id)
        return [tuple(row) for row in self.connection.execute(query)]


def _something(column: Any) -> Any:
    kinds: dict[Any, Any] = {
        int: 1,
        bool: True,
        str: "",
        bytes: b"",
        datetime: NOW,
        date: NOW.date(),
        dict: {},
    }
    return kinds.get(column.type.python_type, 0)


def _fill(rows: Rows) -> None:
    """Everything doubled that the portal let through under PostgreSQL."""
    province = rows.add("province", code="52", name="ลำปาง")
    district = rows.add("district", code="5204", name="เกาะคา", province_id=province)
    place = {"province_id": province, "district_id": district}
    agencies = [
        rows.add("agency", kind="sao", name="ท่าผา", full_name="อบต.ท่าผา", active=True, **place)
        for _twice in range(2)
    ]
    for state, name in (("draft", "ร่าง"), ("open", "รอบจริง"), ("draft", "รอบจริง")):
        rows.add("round", fiscal_year=2561, state=state, name=name, eit_combine="pooled", first_digits="1")
    mine = rows.add("participation", round_id=2, agency_id=agencies[0], kind="sao", state="entering", **place)
    own = {"participation_id": mine, "agency_id": agencies[0], "province_id": province}
    for name in ("หนึ่ง", "สอง"):
        rows.add("assignment", body_id=rows.add("assessor_body", name=name), **own)
    for username in ("Twin", "twin", "twin-2"):
        rows.add("account", username=username, name=username)
    for digest in (b"a" * 32, b"b" * 32):
        rows.add("activation_code", account_id=1, code_hash=digest)
    for province_id, name in ((None, "เดิม"), (None, "ใหม่"), (province, "จังหวัด")):
        rows.add("letter_setting", kind="circular", province_id=province_id, texts={"name": name})
    for code in ("a", "b", "c"):
        rows.add("survey_link", instrument="iit", code=code, **own)


def test_what_was_doubled_is_mended_and_said(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = create_engine(old, poolclass=NullPool)
    with engine.begin() as connection:
        _fill(Rows(connection))
    migrate.upgrade(old)
    said = capsys.readouterr().out
    with engine.begin() as connection:
        rows = Rows(connection)
        assert rows.of("round", "fiscal_year", "state", "name") == [
            (2562, "draft", "ร่าง"),
            (2561, "open", "รอบจริง"),
            (2563, "draft", "รอบจริง (3)"),
        ]
        assert rows.of("account", "username", "folded_username", "version") == [
            ("Twin", "twin", 1),
            ("twin-3", "twin-3", 1),
            ("twin-2", "twin-2", 1),
        ]
        assert rows.of("activation_code", "code_hash") == [(b"b" * 32,)]
        assert [texts["name"] for (texts,) in rows.of("letter_setting", "texts")] == ["ใหม่", "จังหวัด"]
        assert [code for code, end in rows.of("survey_link", "code", "revoked_at") if end is None] == ["c"]
        assert rows.of("agency", "full_name") == [("อบต.ท่าผา",), ("อบต.ท่าผา (2)",)]
        assert rows.of("assignment", "body_id") == [(1,)]
    assert said.count("0012: ") == 10, said
    migrate.downgrade(old, BEFORE)
    migrate.upgrade(old)
    assert migrate.differences(old) == []
