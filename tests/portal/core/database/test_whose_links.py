"""A database from before links had owners: posters of internal links, and asks for the office, are found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.old_databases import Rows, database_before

pytestmark = pytest.mark.postgres
BEFORE = "0027"


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    with database_before(BEFORE, engine, tmp_path, request) as url:
        yield url


def _fill(rows: Rows) -> None:
    """Two posters, and two agencies, of which one was asked to collect at its office."""
    for name in ("a4-iit-05520401.pdf", "a4-eit-05520401.pdf", "b-iit-no-poster.pdf"):
        file = rows.add("stored_file", name=name, content=b"x", sha256="0" * 64, size=1, content_type="x")
        if name.startswith("a4"):
            rows.add("job", kind="links.poster", state="done", file_id=file, title="x", lane=1)
    province = rows.add("province", code="52", name="ลำปาง")
    district = rows.add("district", code="5204", name="เกาะคา", province_id=province)
    place = {"province_id": province, "district_id": district}
    rows.add("round", fiscal_year=2561, state="open", name="รอบ", eit_combine="pooled", first_digits="1")
    for number, verdict in enumerate(("collect_on_site", "representative")):
        agency = rows.add("agency", kind="sao", name=f"ท่า{number}", full_name=f"อบต.ท่า{number}", **place)
        mine = rows.add("participation", round_id=1, agency_id=agency, kind="sao", state="confirmed", **place)
        owner = {"participation_id": mine, "agency_id": agency, "province_id": province}
        rows.add("roster_judgement", verdict=verdict, **owner)


@pytest.mark.long
def test_posters_are_marked_and_who_was_asked_has_a_link(old: str) -> None:
    engine = create_engine(old, poolclass=NullPool)
    with engine.begin() as connection:
        _fill(Rows(connection))
    migrate.upgrade(old)
    with engine.begin() as connection:
        rows = Rows(connection)
        marked = [name for name, internal in rows.of("stored_file", "name", "internal") if internal]
        assert marked == ["a4-iit-05520401.pdf"]
        ((participation, code),) = rows.of("on_site_link", "participation_id", "code")
        assert (participation, len(code)) == (1, 21)
    migrate.downgrade(old, BEFORE)
    migrate.upgrade(old)
    assert migrate.differences(old) == []
