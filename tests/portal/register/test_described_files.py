"""Descriptive fields in a file of the register: planned, imported, kept and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.descriptive import FieldKind, FieldOwner
from models.register_import import RegisterImport
from portal.core import described
from portal.core.database.session import privileged, writing
from portal.core.imports.spreadsheet import Table
from portal.core.web import Portal
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.kept import undo_import
from portal.register.plan import RegistryPlan, plan_registry
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory

pytestmark = pytest.mark.postgres

HEADER = "lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th"
KOKHA = "05520401,SUBDIST_MUN,เกาะคา,เทศบาลตำบลเกาะคา,M,52,ลำปาง,5204,เกาะคา"
NEW = "06520403,TAO,ใหม่,องค์การบริหารส่วนตำบลใหม่,S,52,ลำปาง,5204,เกาะคา"


@pytest.fixture(autouse=True)
def fields(make: Make) -> None:
    make(DescriptiveFieldFactory, key="area", label="เนื้อที่ (ไร่)", kind=FieldKind.NUMBER)
    make(DescriptiveFieldFactory, key="since", label="วันจัดตั้ง", kind=FieldKind.DATE)
    make(DescriptiveFieldFactory, key="gone", label="เลิกแล้ว", active=False)


def table(*lines: str, heading: str = "เนื้อที่ (ไร่),วันจัดตั้ง,เลิกแล้ว") -> Table:
    with privileged("a test reads") as session:
        known = described.in_use(session, FieldOwner.AGENCY)
    return read_agencies("\n".join((f"{HEADER},{heading}", *lines)).encode(), "agencies.csv", known)


def applied(*lines: str) -> RegistryPlan:
    read = table(*lines)
    with writing(), privileged("a test imports") as session:
        return apply_registry(session, read)


def held(code: str) -> object:
    with privileged("a test looks") as session:
        return session.scalar(select(Agency.described).where(Agency.code == code))


def test_a_column_headed_by_the_label_is_planned_imported_kept_and_taken_back(app: Portal) -> None:
    with app.app_context():
        applied(f"{KOKHA},1200,9/11/2561,x")
        assert held("05520401") == {"area": 1200, "since": "2018-11-09"}, "a field out of use is not read"
        plan = applied(f'{KOKHA},"1,300.5",,', f"{NEW},7,,")
        assert plan.changed[0].changes == {"described_area": (1200, 1300.5)}
        assert held("05520401") == {"area": 1300.5, "since": "2018-11-09"}, "an empty cell changes nothing"
        assert held("06520403") == {"area": 7}
        with privileged("a test looks") as session:
            kept = session.get_one(RegisterImport, plan.import_id).changes
            assert kept[0]["after"]["described_area"] == 7
            assert kept[1]["before"] == {"described_area": 1200}
        with writing(), privileged("a test takes back") as session:
            undone = undo_import(session, plan.import_id or 0, account_id=None)
        assert (undone.restored, undone.removed, undone.left) == (1, 1, [])
        assert held("05520401") == {"area": 1200, "since": "2018-11-09"}
        assert applied(f"{KOKHA},1200,2018-11-09T00:00:00,").empty, "what is there already changes nothing"


def test_what_changed_since_is_left(app: Portal) -> None:
    with app.app_context():
        plan = applied(f"{KOKHA},1,,")
        applied(f"{KOKHA},2,,")
        with writing(), privileged("a test takes back") as session:
            undone = undo_import(session, plan.import_id or 0, account_id=None)
        assert undone.left == ["เทศบาลตำบลเกาะคา"] and held("05520401") == {"area": 2}


def test_a_wrong_cell_names_its_row_and_column(app: Portal) -> None:
    with app.app_context():
        read = table(f"{KOKHA},มาก,,", f"{NEW},,วันไหน,")
        with privileged("a test plans") as session:
            plan = plan_registry(session, read)
    assert [(row.row.number, row.wrong.column) for row in plan.wrong] == [
        (2, "described_area"),
        (3, "described_since"),
    ]
