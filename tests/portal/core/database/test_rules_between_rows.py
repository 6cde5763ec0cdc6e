"""A database from before the rules between rows is mended on its way up, and each mending is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.old_databases import Rows, database_before

pytestmark = pytest.mark.postgres
BEFORE = "0011"


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's URL of a database as it was before the rules."""
    with database_before(BEFORE, engine, tmp_path, request) as url:
        yield url


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
        kind = "province_summary" if province_id else "circular"
        rows.add("letter_setting", kind=kind, province_id=province_id, texts={"name": name})
    for code in ("a", "b", "c"):
        rows.add("survey_link", instrument="iit", code=code, **own)


@pytest.mark.long
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
        assert [texts["name"] for (texts,) in rows.of("letter_office", "texts")] == ["ใหม่", "จังหวัด"]
        assert [code for code, end in rows.of("survey_link", "code", "revoked_at") if end is None] == ["c"]
        assert rows.of("agency", "full_name") == [("อบต.ท่าผา",), ("อบต.ท่าผา (2)",)]
        assert rows.of("assignment", "body_id") == [(1,)]
    assert said.count("0012: ") == 10, said
    migrate.downgrade(old, BEFORE)
    migrate.upgrade(old)
    assert migrate.differences(old) == []
