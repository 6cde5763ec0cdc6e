"""The register in several hands: an agency is entered once, by form or by file, with a code or without."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from models.agency import Agency
from models.place import District
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.world import World

FILE = """lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th
06520499,TAO,ใหม่,องค์การบริหารส่วนตำบลใหม่,S,52,ลำปาง,5204,เกาะคา
"""


def count(app: Portal, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(Agency).where(*where)) or 0


def test_an_agency_without_a_code_added_by_several_is_one(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        district = session.scalars(select(District.id).where(District.code == "5204")).one()
    people = visitors(app, world, *["dla"] * AT_ONCE)
    form = {"name": "ใหม่", "kind": "sao", "code": "", "district": str(district), "size": "", "active": "y"}
    answers = pressed(people, "/admin/agencies/new/", form)
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, Agency.name == "ใหม่") == 1


def test_a_file_imported_by_several_workers_is_written_once(app: Portal, world: World) -> None:
    table = read_agencies(FILE.encode(), "agencies.csv")

    def run() -> int:
        with app.app_context(), writing(), privileged("a test imports") as session:
            return len(apply_registry(session, table).new)

    assert sorted(at_once([run] * AT_ONCE)) == [0] * (AT_ONCE - 1) + [1]
    assert count(app, Agency.code == "06520499") == 1
