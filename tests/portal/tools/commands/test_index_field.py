"""``index-field``: a descriptive field gets an index and loses it, as often as it is asked."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, pool, text

from models.descriptive import FieldKind
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory
from tests.support.command_line import Command

pytestmark = pytest.mark.postgres

NAME = "ix_agency_described_area"
ASKED = "SELECT id FROM agency WHERE CAST((described ->> 'area') AS NUMERIC) >= 5"


def looked(app: Portal) -> tuple[bool, str]:
    """Whether the index is there, and how the database would answer."""
    engine = create_engine(app.settings.database_owner_url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        there = NAME in connection.execute(text(NAMES[engine.dialect.name])).scalars().all()
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = " ".join(map(str, connection.execute(text(f"{explain} {ASKED}")).all()))
    return there, plan


NAMES = {
    "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'agency'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
}


def test_a_field_is_indexed_and_the_list_s_own_words_use_it(
    app: Portal, make: Make, command: Command
) -> None:
    make(DescriptiveFieldFactory, key="area", kind=FieldKind.NUMBER)
    for _again in range(2):
        told = command("index-field", "area")
        assert (told.code, told.out) == (0, f"{NAME} is there\n")
    there, plan = looked(app)
    assert there and NAME in plan
    for _again in range(2):
        assert command("index-field", "area", "--drop").code == 0
    assert not looked(app)[0]


def test_a_key_that_no_field_has_is_refused(command: Command) -> None:
    told = command("index-field", "nothing")
    assert told.code == 2 and told.err
