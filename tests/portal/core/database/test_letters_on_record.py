"""Letters on record: those of before come along, and what is issued the database itself keeps as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from models.dispatch import Dispatch, DispatchState, LetterNumber, NumberUse
from models.letter import Letter, StoredFile
from models.letter_office import Register
from portal.core.database import migrate
from portal.core.database.session import db
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters import numbers
from portal.letters.offices import Ways, office_row
from tests.support.letters import OFFICES, Order, ordered, set_up
from tests.support.old_databases import NOW, Rows, database_before
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.long]
BEFORE = "0022"


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's URL of a database in which a letter was final with one click."""
    with database_before(BEFORE, engine, tmp_path, request) as url:
        yield url


def _fill(rows: Rows) -> None:
    """Two circulars (one of them made twice for a province), NACC's letter, a summary, and three offices."""
    round_id = rows.add(
        "round", fiscal_year=2561, state="open", name="รอบ", eit_combine="pooled", first_digits="1"
    )
    places = [rows.add("province", code=code, name=code) for code in ("52", "81")]
    dla = {"name": "กรม", "signatory_name": "นายทดลอง", "signatory_position": "อธิบดี"}
    rows.add("letter_setting", kind="circular", texts=dla)
    rows.add("letter_setting", kind="province_summary", province_id=places[0], texts={"name": "จังหวัด"})
    file = rows.add("stored_file", name="ก.pdf", content=b"%PDF")

    def letter(kind: str, number: str, province: int | None) -> None:
        rows.add(
            "letter",
            round_id=round_id,
            kind=kind,
            number=number,
            province_id=province,
            dated=date(2018, 11, 9),
            subject="เรื่อง",
            file_id=file,
            created_at=NOW,
            data={"urgency": "ด่วน", "references": ["หนังสือ ก"]},
        )

    for number in ("มท 0810.7/ว 12", "มท 0810.7/ว 13"):
        for place in places:
            letter("circular", number, place)
    letter("circular", "มท 0810.7/ว 13", places[0])
    letter("nacc_to_dla", "ปช 0001/ที่", None)
    letter("province_summary", "", places[0])


@pytest.mark.long
def test_letters_of_before_are_dispatches_that_were_issued_then(old: str) -> None:
    engine = create_engine(old, poolclass=NullPool)
    with engine.begin() as connection:
        _fill(Rows(connection))
    migrate.upgrade(old)
    with engine.begin() as connection:
        rows = Rows(connection)
        assert rows.of("letter_office", "kind", "province_id") == [
            ("dla", None),
            ("province", 1),
            ("nacc", None),
        ]
        assert rows.of("signatory", "office_id", "name", "position") == [(1, "นายทดลอง", "อธิบดี")]
        assert rows.of("dispatch", "kind", "state", "number", "urgency") == [
            ("circular", "issued", "มท 0810.7/ว 12", "ด่วน"),
            ("circular", "issued", "มท 0810.7/ว 13", "ด่วน"),
            ("nacc_to_dla", "issued", "ปช 0001/ที่", "ด่วน"),
        ]
        assert [key for (key,) in rows.of("letter", "dispatch_id")] == [1, 1, 2, 2, None, 3, None]
        assert len({key for (key,) in rows.of("letter", "public_id") if key}) == 6
        used = rows.of("letter_number", "year", "number", "dispatch_id")
        assert used == [(2561, 12, 1), (2561, 13, 2)], "a number that ends with none is left as it is"
    migrate.downgrade(old, BEFORE)
    with engine.begin() as connection:
        kept = Rows(connection).of("letter_setting", "kind", "texts")
        assert [kind for kind, _texts in kept] == ["circular", "province_summary", "nacc_to_dla"]
        assert kept[0][1]["signatory_name"] == "นายทดลอง"
    migrate.upgrade(old)
    assert migrate.differences(old) == []


@pytest.fixture
def owner(app: Portal, world: World) -> Iterator[Connection]:
    """A connection of whom the tables belong to; a circular is issued, and two numbers are reserved."""
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        ordered(world, "dla", Order(number=""))
        worker.work(app, until_idle=True)
        with acting_as(world.actor("dla")) as actor:
            office = office_row(OFFICES["dla"])
            assert office is not None
            numbers.reserve(office, 2561, False, 2, "ทดลอง", actor=actor)
            db.session.commit()
    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def refused(owner: Connection, statement: Any) -> bool:
    """True where the database refuses the statement because it is about the record."""
    try:
        owner.execute(statement)
    except IntegrityError as error:
        return "this is in the record of letters" in str(error.orig)
    finally:
        owner.rollback()
    return False


def used(statement: Any) -> Any:
    return statement.where(LetterNumber.use == NumberUse.USED)


#: each would make something else of what is on record
OTHERWISE = (
    update(Dispatch).values(number="มท 0817.2/ว 9"),
    update(Dispatch).values(dated=date(2018, 11, 10)),
    update(Dispatch).values(subject="เรื่องอื่น"),
    update(Dispatch).values(cites=["อื่น"]),
    update(Dispatch).values(cited_ids=[1]),
    update(Dispatch).values(data_file_id=None),
    update(Dispatch).values(state=DispatchState.DRAFT),
    delete(Dispatch),
    update(Letter).values(subject="เรื่องอื่น"),
    update(Letter).values(public_id=None),
    update(Letter).values(body_sha256="0", body_size=1),
    update(Letter).values(data={}),
    delete(Letter),
    update(StoredFile).values(content=b"%PDF-2"),
    update(StoredFile).values(sha256="0"),
    used(update(LetterNumber)).values(use=NumberUse.RESERVED, dispatch_id=None),
    used(update(LetterNumber)).values(reason="อื่น"),
    update(LetterNumber).values(number=LetterNumber.number + 10),
    delete(LetterNumber),
)
#: each tells what became of it
BESIDE = (
    update(Dispatch).values(state=DispatchState.WITHDRAWN, reason="ผิดเรื่อง", withdrawn_at=NOW),
    update(Dispatch).values(sent_at=NOW, scan_file_id=select(StoredFile.id).limit(1).scalar_subquery()),
    update(LetterNumber)
    .where(LetterNumber.use == NumberUse.RESERVED)
    .values(use=NumberUse.SKIPPED, reason="ไม่ใช้"),
    update(StoredFile).values(name="อื่น.pdf"),
    update(Dispatch).values(print_file_id=None),
)


def test_what_is_on_record_changes_for_nobody(owner: Connection) -> None:
    assert [str(statement) for statement in OTHERWISE if not refused(owner, statement)] == []


def test_what_became_of_it_is_written_beside_it(owner: Connection) -> None:
    for statement in BESIDE:
        assert owner.execute(statement).rowcount, statement
        owner.rollback()
