"""Files of a roster: the form, the agency's own export, the rows to mend; what stands in them, for whom."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.participation import Participation
from models.phones import shown
from portal.core.errors import NotFound
from portal.core.web import Portal
from portal.rosters import files
from portal.rosters.file import read_roster
from portal.rosters.importing import plan_roster
from tests.support.record import events_of
from tests.support.rosters import fill_roster, name_of, own, phone_of
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres
HEADINGS = ["ลำดับ", "ชื่อ-สกุล", "หน่วยงาน", "กลุ่ม", "โทรศัพท์", "อีเมล"]


@pytest.fixture
def filled(app: Portal, world: World) -> Iterator[World]:
    """a1 with three people, inside an application context and in Thai."""
    fill_roster(app, world, people=3, confirmed=False)
    with app.test_request_context():
        yield world


def exported(world: World, form: str) -> bytes:
    with acting_as(world.actor("agency_admin")) as actor:
        return files.export(own(world), form, actor=actor)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_has_every_row_in_clear_as_the_import_reads_it(filled: World, form: str) -> None:
    table = read_roster(exported(filled, form), f"roster.{form}")
    assert [(one["number"], one["name"], one["phone"]) for one in table.rows] == [
        (str(number), name_of("a1", number), shown(phone_of(number))) for number in (1, 2, 3)
    ]
    with acting_as(filled.actor("agency_admin")):
        plan = plan_roster(own(filled), table)
    assert (plan.good, len(plan.known), plan.wrong) == ([], 3, [])


def test_the_record_says_who_took_how_many_rows_and_no_name(filled: World) -> None:
    exported(filled, "csv")
    (event,) = events_of("roster.export")
    assert event.account_id == filled.account["agency_admin"]
    assert (event.row, event.after) == (str(filled.participation["a1"]), {"rows": 3, "format": "csv"})


def test_a_roster_leaves_by_its_own_admin_only(filled: World) -> None:
    roster = row(Participation, filled.participation["a1"])
    for person in filled.grant.keys() - {"agency_admin"}:
        with pytest.raises(NotFound), acting_as(filled.actor(person)) as actor:
            files.export(roster, "xlsx", actor=actor)
    assert events_of("roster.export") == []


def test_the_form_has_the_headings_and_the_groups_of_its_round(filled: World) -> None:
    with acting_as(filled.actor("agency_admin")):
        round = own(filled).round
        content = files.template(round)
        groups = [group.name for group in round.roster_groups]
        year = round.fiscal_year
    sheet, notes = load_workbook(BytesIO(content)).worksheets[:2]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    words = [str(cell.value) for line in notes.iter_rows() for cell in line if cell.value]
    assert set(groups) <= {word.split(". ", 1)[-1] for word in words}
    assert any(str(year) in word for word in words)
    assert name_of("a1", 1) not in words


def test_a_row_to_mend_stands_as_it_was_sent_with_each_fault_at_its_cell(filled: World) -> None:
    sent = {"name": "", "group": "ผู้ขายสินค้า", "phone": "08 1234 5678"}
    content = files.faults([(7, sent, {"name": "ไม่มีชื่อ", "group": "ไม่ใช่กลุ่มของแบบฟอร์ม"})])
    heading, line = load_workbook(BytesIO(content)).worksheets[0].iter_rows()
    assert [cell.value for cell in heading] == [*HEADINGS, "แถวในไฟล์ที่ส่ง"]
    assert [cell.value or "" for cell in line] == ["", "", "", "ผู้ขายสินค้า", "08 1234 5678", "", "7"]
    notes = {cell.coordinate: cell.comment.text for cell in line if cell.comment}
    assert notes == {"B2": "ไม่มีชื่อ", "D2": "ไม่ใช่กลุ่มของแบบฟอร์ม"}
