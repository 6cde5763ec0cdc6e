"""What an opened round asks and how it is counted the database itself freezes, even to its owner."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from models.base import Base
from models.round import RoundState
from portal.content.year import ContentText, ContentTranslation
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from tests.support.furniture import DRAFT
from tests.support.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.long]
#: each table of a round's content, with its words: what a spelling correction may touch
WORDS = {
    "instrument": {"name"},
    "indicator": {"name"},
    "question": {"text", "note"},
    "sub_item": {"text"},
    "oit_item": {"title", "criterion", "example"},
    "scale": {"name"},
    "choice": {"label"},
    "sample_rule": set[str](),
    "grade_band": set[str](),
    "roster_group": {"name"},
    "round_text": {"words"},
    "round_translation": {"words"},
}
#: beside the content: they count who saved it, and what readers have to load anew
COUNTERS = {"version", "edition"}
ROUND_RULES = ("fiscal_year", "scheme", "first_digits", "eit_combine", "detail_threshold", "total_threshold")


#: a round with a text of its own and one in a further language
WORDED = replace(
    DRAFT,
    texts=(ContentText("form.thanks", "ขอบคุณ"),),
    translations=(ContentTranslation("en", "text", "form.thanks", "words", "Thank you"),),
)


@pytest.fixture
def owner(app: Portal) -> Iterator[Connection]:
    """A connection of whom the tables belong to."""
    with app.app_context(), writing(), privileged("a round with words of its own") as session:
        setup.make_round(session, WORDED, name="รอบที่มีถ้อยคำเอง", state=RoundState.OPEN)
    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def another(column: Column[Any], value: Any) -> Any:
    """A value of the column's kind that is not this one; this one where there is none to be had."""
    if value is None and column.foreign_keys:
        return None
    if column.name == "kinds":
        return [] if value else ["tambon"]
    kind: Any = column.type.python_type
    if issubclass(kind, enum.Enum):
        return next(one for one in kind if one is not value)
    if kind is bool:
        return not value
    if kind is str:
        return f"{(value or '')[:-1]}ก"
    return (value or 0) + (Decimal(1) if kind is Decimal else 1000)


def refused(owner: Connection, statement: Any) -> bool:
    """True where the database refuses the statement because the round was opened."""
    try:
        owner.execute(statement)
    except IntegrityError as error:
        return "this round was opened" in str(error.orig)
    finally:
        owner.rollback()
    return False


@pytest.mark.parametrize("name", sorted(WORDS))
def test_no_column_of_an_opened_rounds_content_changes(owner: Connection, name: str) -> None:
    row = a_row(owner, name)
    for column in table(name).columns:
        changed = update(table(name)).where(table(name).c.id == row["id"])
        value = another(column, row[column.name])
        if column.name in COUNTERS or value == row[column.name]:
            continue
        assert refused(owner, changed.values({column.name: value})), f"{name}.{column.name} changed"


@pytest.mark.parametrize("name", sorted(WORDS))
def test_no_row_goes_and_none_comes(owner: Connection, name: str) -> None:
    row = a_row(owner, name)
    assert refused(owner, table(name).delete().where(table(name).c.id == row["id"]))
    assert refused(owner, insert(table(name)).values({**row, "id": 99_999}))


def a_row(owner: Connection, name: str) -> Any:
    return owner.execute(select(table(name)).limit(1)).mappings().one()


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in WORDS for field in sorted(WORDS[name])]
)
def test_words_change_by_the_last_correction_that_names_them_alone(
    owner: Connection, world: World, name: str, field: str
) -> None:
    row = a_row(owner, name)
    before, after = row[field], f"{row[field]}ก"
    changed = update(table(name)).where(table(name).c.id == row["id"]).values({field: after})
    _correct(owner, world, name, row["id"], field, before, "อย่างอื่น")
    assert refused(owner, changed), "by a correction that says something else"
    _correct(owner, world, name, row["id"], field, before, after)
    owner.execute(changed)
    owner.commit()
    back = changed.values({field: before})
    assert refused(owner, back), "back again by no correction"


def _correct(
    owner: Connection, world: World, name: str, row: int, field: str, before: str, after: str
) -> None:
    owner.execute(
        insert(table("wording_correction")).values(
            round_id=world.round_id,
            thing=name,
            row_id=row,
            code="x",
            field=field,
            before=before,
            after=after,
            reason="สะกดผิด",
            made_at=datetime(2019, 1, 10, tzinfo=UTC),
        )
    )
    owner.commit()


@pytest.mark.parametrize("name", ROUND_RULES)
def test_no_rule_of_an_opened_round_changes(owner: Connection, world: World, name: str) -> None:
    rounds = table("round")
    row = owner.execute(select(rounds).where(rounds.c.id == world.round_id)).mappings().one()
    change = update(rounds).where(rounds.c.id == world.round_id)
    value = "123" if name == "first_digits" else another(rounds.c[name], row[name])
    assert refused(owner, change.values({name: value}))


def test_an_opened_round_is_no_draft_again_and_does_not_go(owner: Connection, world: World) -> None:
    rounds = table("round")
    assert refused(owner, update(rounds).where(rounds.c.id == world.round_id).values(state=RoundState.DRAFT))
    assert refused(owner, rounds.delete().where(rounds.c.id == world.round_id))


def test_grace_times_and_the_name_may_still_change(owner: Connection, world: World) -> None:
    rounds = table("round")
    owner.execute(
        update(rounds).where(rounds.c.id == world.round_id).values(grace_seconds=1200, name="ชื่อใหม่ของรอบ")
    )
    owner.commit()


def test_every_table_of_the_content_is_in_this_file() -> None:
    """What hangs on a round's instruments and scales, or stands beside them, is its content."""
    own = {"instrument", "scale"}
    hanging = {
        one.name
        for one in Base.metadata.sorted_tables
        for key in one.foreign_keys
        if key.column.table.name in {"instrument", "scale", "question"} and "agency_id" not in one.c
    }
    assert own | hanging <= WORDS.keys(), (own | hanging) - WORDS.keys()
