"""A workbook of accounts: what each row would do, every fault at its cell, and that it does just that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO

import openpyxl
import pytest

from models.account import Account, Role
from models.descriptive import FieldKind, FieldOwner
from portal.core.database.session import privileged, writing
from portal.core.imports.spreadsheet import Row, Table
from portal.core.web import Portal
from portal.people import accounts
from portal.people.bulk import filling, making, workbook
from portal.people.bulk.filling import FillPlan
from portal.people.bulk.standing import Which
from portal.people.bulk.workbook_file import COLUMNS, Said, parse, read_accounts, role_names
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory
from tests.support.world import NOW, World

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("in_app")]
ADMIN = "Admin ของหน่วยงาน"
A2 = {"code": "06520402", "role": ADMIN}


@pytest.fixture
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def without_person(in_app: None, world: World) -> int:
    """The account of a2's admin, made in bulk; gives its id."""
    with writing(), privileged("a test makes") as session:
        which = Which(agency_ids=(world.agency["a2"],), role=Role.AGENCY_ADMIN)
        places = making.portion(session, which, after=0, size=1)
        (made,) = making.make(session, making.lacks(session, places, which.role))
        return made


def table(*rows: Mapping[str, str]) -> Table:
    return Table("a.xlsx", "0" * 64, {}, tuple(Row(at, dict(row)) for at, row in enumerate(rows, start=2)))


def planned(world: World, *rows: Mapping[str, str], desk: str = "province") -> FillPlan:
    with privileged("a test plans") as session:
        return workbook.plan(session, table(*rows), world.actor(desk))


def faults_of(plan: FillPlan) -> list[tuple[int, str]]:
    return [(wrong.row.number, fault.column) for wrong in plan.wrong for fault in wrong.wrongs]


@pytest.mark.usefixtures("without_person")
def test_a_row_fills_what_it_says_and_nothing_else(world: World) -> None:
    said = {**A2, "name": "นางทดลอง  ใหม่", "phone": "๐๘๑-๒๓๔-๕๖๗๘", "email": "-"}
    plan = planned(world, said)
    (fill,) = plan.fill
    assert fill.changes == {"name": ("", "นางทดลอง ใหม่"), "phone": ("", "0812345678")}
    with writing(), privileged("a test applies") as session:
        made, filled = filling.apply_filling(session, plan)
        assert (made, list(filled)) == ([], [str(fill.held.account_id)])
        account = session.get_one(Account, fill.held.account_id)
        assert (account.name, account.phone, account.email) == ("นางทดลอง ใหม่", "0812345678", "")
        assert "นางทดลอง" in account.search_key or "ทดลอง" in account.search_key
    assert planned(world, said).same == 1, "read in again it says nothing new"
    with writing(), privileged("a test takes back") as session:
        assert filling.restore(session, filled) == 1
        assert session.get_one(Account, fill.held.account_id).name == ""


def test_what_the_person_or_somebody_else_changed_since_is_not_taken_back(
    world: World, without_person: int
) -> None:
    plan = planned(world, {**A2, "name": "นางทดลอง ใหม่"})
    with writing(), privileged("a test applies") as session:
        _made, filled = filling.apply_filling(session, plan)
        session.get_one(Account, without_person).name = "นางทดลอง ใหม่กว่า"
    with writing(), privileged("a test takes back") as session:
        assert filling.restore(session, filled) == 0
        session.get_one(Account, without_person).name = "นางทดลอง ใหม่"
        session.get_one(Account, without_person).activated_at = NOW
        session.flush()
        assert filling.restore(session, filled) == 0


def test_an_account_that_is_activated_between_dry_run_and_import_stays(
    world: World, without_person: int
) -> None:
    plan = planned(world, {**A2, "name": "นางทดลอง ใหม่"})
    with writing(), privileged("somebody activates") as session:
        session.get_one(Account, without_person).activated_at = NOW
    with writing(), privileged("a test applies") as session:
        assert filling.apply_filling(session, plan) == ([], {})


def test_a_role_that_nobody_has_gets_an_account_where_the_row_says_something(world: World) -> None:
    plan = planned(world, {**A2, "name": "นายทดลอง หนึ่ง", "position": "ปลัด"}, {**A2, "role": "ผู้บริหาร"})
    assert (len(plan.add), plan.same, plan.wrong) == (1, 1, [])
    with writing(), privileged("a test applies") as session:
        (made,), _filled = filling.apply_filling(session, plan)
        account = session.get_one(Account, made)
        assert (account.username, account.name, account.position) == (
            "06520402-admin", "นายทดลอง หนึ่ง", "ปลัด"
        )  # fmt: skip
        assert account.province_id == world.province["52"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"activated_at": NOW}, filling.ACTIVATED),
        ({"active": False}, filling.SHUT),
    ],
)
def test_what_is_the_person_s_own_or_shut_is_left_and_said(
    world: World, without_person: int, change: dict[str, object], why: str
) -> None:
    with writing(), privileged("the account as the case has it") as session:
        for name, value in change.items():
            setattr(session.get_one(Account, without_person), name, value)
    plan = planned(world, {**A2, "name": "นางทดลอง ใหม่"})
    assert [left.why for left in plan.left] == [why] and plan.empty


def test_a_person_with_a_right_elsewhere_is_filled_by_the_back_office_alone(
    world: World, without_person: int
) -> None:
    with writing(), privileged("a right elsewhere") as session:
        account = session.get_one(Account, without_person)
        accounts.give_grant(session, account, Role.AGENCY_ADMIN, agency_id=world.agency["b2"])
    row = {**A2, "name": "นางทดลอง ใหม่"}
    assert [left.why for left in planned(world, row).left] == [filling.ELSEWHERE]
    assert len(planned(world, row, desk="dla").fill) == 1


@pytest.mark.usefixtures("without_person")
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"code": "06810101"}, "code"),  # of another province
        ({"code": "99999999"}, "code"),
        ({"code": ""}, "code"),
        ({"role": "พนักงาน"}, "role"),
        ({"username": "somebody"}, "username"),
        ({"phone": "โทรหาที่สำนักงาน"}, "phone"),
        ({"email": "no-at"}, "email"),
        ({"name": "ก" * 161}, "name"),
        ({"code": "", "agency": "ไม่มีที่นี่"}, "agency"),
        ({"code": "", "username": "somebody"}, "username"),
    ],
)
def test_each_fault_is_at_its_cell(world: World, row: dict[str, str], column: str) -> None:
    plan = planned(world, {**A2, "name": "นางทดลอง ใหม่"}, {"role": ADMIN, "code": "05520401"} | row)
    assert faults_of(plan) == [(3, column)] and len(plan.fill) == 1


def test_the_same_account_twice_is_a_fault_of_the_second_row(world: World) -> None:
    plan = planned(world, {**A2, "name": "นางทดลอง หนึ่ง"}, {**A2, "name": "นางทดลอง สอง"})
    assert faults_of(plan) == [(3, "role")] and len(plan.add) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"code": "6520402", "role": ADMIN},
        {"agency": "องค์การบริหารส่วนตำบลท่าผา", "role": "admin"},
        {"agency": "อบต.ท่าผา", "district": "อำเภอเกาะคา", "role": ADMIN},
        {"username": "06520402-ADMIN", "role": ADMIN},
    ],
)
@pytest.mark.usefixtures("without_person")
def test_a_row_names_its_account_by_code_name_or_user_name(world: World, row: dict[str, str]) -> None:
    (fill,) = planned(world, {**row, "name": "นางทดลอง ใหม่"}).fill
    assert fill.held.username == "06520402-admin"


def test_several_people_of_a_role_are_told_apart_by_their_user_names(
    world: World, without_person: int
) -> None:
    with writing(), privileged("a second admin") as session:
        other = Account(username="second", name="")
        session.add(other)
        session.flush()
        accounts.give_grant(session, other, Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    assert faults_of(planned(world, {**A2, "name": "ก"})) == [(2, "username")]
    (fill,) = planned(world, {**A2, "username": "second", "name": "ก"}).fill
    assert fill.held.account_id not in (None, without_person)


@pytest.mark.usefixtures("without_person")
def test_what_is_downloaded_can_be_read_in_again_and_says_nothing_new(world: World) -> None:
    actor = world.actor("province")
    with privileged("a test downloads") as session:
        content = workbook.download(workbook.rows_of(session, Which().within(actor)))
    read = read_accounts(content, "accounts.xlsx")
    assert len(read.rows) == 4 and set(read.columns) == set(COLUMNS) and read.notes == ()
    with privileged("a test plans") as session:
        plan = workbook.plan(session, read, actor)
    assert (plan.same, plan.fill, plan.add, plan.left, plan.wrong) == (4, [], [], [], [])


@pytest.fixture
def described_fields(make: Make) -> None:
    """A number and a choice of accounts that the back office added."""
    number, choice = FieldKind.NUMBER, FieldKind.CHOICE
    make(DescriptiveFieldFactory, owner=FieldOwner.ACCOUNT, key="years", label="อายุราชการ", kind=number)
    shirts = [{"code": "c1", "label": "เล็ก", "active": True}, {"code": "c2", "label": "ใหญ่", "active": True}]
    make(
        DescriptiveFieldFactory,
        owner=FieldOwner.ACCOUNT,
        key="shirt",
        label="เสื้อ",
        kind=choice,
        choices=shirts,
        position=1,
    )


@pytest.mark.usefixtures("described_fields")
def test_added_fields_are_filled_downloaded_and_taken_back(world: World, without_person: int) -> None:
    plan = planned(world, {**A2, "described_years": "๑๒", "described_shirt": "ใหญ่"})
    (fill,) = plan.fill
    assert fill.changes == {"described_years": (None, 12), "described_shirt": (None, "c2")}
    with writing(), privileged("a test applies") as session:
        _made, filled = filling.apply_filling(session, plan)
        assert session.get_one(Account, without_person).described == {"years": 12, "shirt": "c2"}
    actor = world.actor("province")
    with privileged("a test downloads") as session:
        content = workbook.download(workbook.rows_of(session, Which().within(actor)))
        read = read_accounts(content, "accounts.xlsx", workbook.fields())
        assert workbook.plan(session, read, actor).same == 4, "what is downloaded says nothing new"
    assert ("12", "ใหญ่") in {(row["described_years"], row["described_shirt"]) for row in read.rows}
    with writing(), privileged("a test takes back") as session:
        session.get_one(Account, without_person).described = {"years": 13, "shirt": "c2"}
        assert filling.restore(session, filled) == 0, "somebody changed it since"
        session.get_one(Account, without_person).described = {"years": 12, "shirt": "c2"}
        assert filling.restore(session, filled) == 1
        assert session.get_one(Account, without_person).described is None


@pytest.mark.usefixtures("described_fields")
def test_added_fields_make_an_account_and_what_they_cannot_hold_is_told_at_the_cell(world: World) -> None:
    wrong = {"code": "06520401", "role": ADMIN, "described_years": "สิบ", "described_shirt": "กลาง"}
    plan = planned(world, {**A2, "described_years": "3"}, wrong)
    assert faults_of(plan) == [(3, "described_years"), (3, "described_shirt")]
    with writing(), privileged("a test applies") as session:
        (made,), _filled = filling.apply_filling(session, plan)
        assert session.get_one(Account, made).described == {"years": 3}


@pytest.mark.usefixtures("world")
def test_rows_to_mend_come_back_with_a_note_at_the_cell(world: World) -> None:
    content = workbook.faults(planned(world, {**A2, "email": "no-at"}))
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    cell = sheet.cell(2, list(COLUMNS).index("email") + 1)
    assert cell.value == "no-at" and cell.comment is not None and "name@place.th" in cell.comment.text


def test_thai_is_read_in_its_normal_form() -> None:
    said = parse(Row(2, {**A2, "name": " นาย  ทดลอง "}), role_names())
    assert isinstance(said, Said) and said.values == {"name": "นาย ทดลอง"}
