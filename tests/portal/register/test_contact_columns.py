"""Contacts in the import of the register: columns that it may have; what it does not say changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.contact import AgencyContact
from portal.core.database.session import privileged, writing
from portal.core.imports.spreadsheet import Table
from portal.core.web import Portal
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.kept import undo_import
from portal.register.plan import RegistryPlan, plan_registry
from tests.support.record import events_of
from tests.support.world import World

pytestmark = pytest.mark.postgres
HEADER = "รหัส อปท.,ประเภท,ชื่อ,ขนาด,รหัสอำเภอ,โทรศัพท์,อีเมล,เว็บไซต์,ที่อยู่"
KOKHA = "05520401,ทต.,เกาะคา,M,5204"
NEW = "06520403,อบต.,ใหม่,S,5204"


def table(*lines: str, header: str = HEADER) -> Table:
    return read_agencies("\n".join((header, *lines)).encode(), "agencies.csv")


def planned(*lines: str, header: str = HEADER) -> RegistryPlan:
    with privileged("a test plans") as session:
        return plan_registry(session, table(*lines, header=header))


def applied(*lines: str) -> RegistryPlan:
    with writing(), privileged("a test imports") as session:
        return apply_registry(session, table(*lines))


def contacts() -> dict[str, tuple[str, str, int]]:
    """Telephone, e-mail and version, by the names of agencies."""
    columns = (AgencyContact.phone, AgencyContact.email, AgencyContact.version)
    with privileged("a test looks") as session:
        query = select(Agency.name, *columns).join(AgencyContact, AgencyContact.agency_id == Agency.id)
        return {name: (phone, email, version) for name, phone, email, version in session.execute(query)}


def test_contacts_come_with_new_agencies_and_those_that_are_known(app: Portal) -> None:
    with app.app_context():
        plan = applied(f"{KOKHA},0-2555-0100 ต่อ 9,saraban@example.go.th,,", f"{NEW},๐ ๒๕๕๕ ๐๑๐๑,-,,")
        assert plan.counts == {"new": 1, "changed": 1, "unchanged": 0, "wrong": 0}
        assert contacts() == {
            "เกาะคา": ("025550100 ต่อ 9", "saraban@example.go.th", 1),
            "ใหม่": ("025550101", "", 1),
        }
        [event] = events_of("registry.import")
        assert event.after is not None
        [changed] = event.after["changed"].values()
        assert changed == {"contact.phone": "025550100 ต่อ 9", "contact.email": "saraban@example.go.th"}
        again = planned(f"{KOKHA},0-2555-0100 ต่อ 9,saraban@example.go.th,,", f"{NEW},025550101,,,")
        assert again.empty


def test_what_a_file_does_not_say_changes_nothing(app: Portal) -> None:
    with app.app_context():
        applied(f"{KOKHA},025550100,saraban@example.go.th,,")
        assert planned(f"{KOKHA},,,,").empty, "empty cells"
        assert planned(KOKHA, header="รหัส อปท.,ประเภท,ชื่อ,ขนาด,รหัสอำเภอ").empty, "absent columns"
        applied(f"{KOKHA},025550199,,,")
        assert contacts()["เกาะคา"] == ("025550199", "saraban@example.go.th", 2)


def test_a_number_that_is_not_sure_is_kept_as_typed(app: Portal) -> None:
    with app.app_context():
        applied(f"{KOKHA},0-2555-0100-9,,,")
        assert contacts()["เกาะคา"][0] == "0-2555-0100-9"


def test_what_cannot_be_an_address_is_told_with_its_column(app: Portal) -> None:
    with app.app_context():
        [wrong] = planned(f"{KOKHA},,ไม่ทราบ,,").wrong
        assert (wrong.wrong.column, wrong.wrong.reason) == (
            "contact.email",
            "Write the address as name@example.go.th",
        )


def test_taking_an_import_back_gives_the_contacts_back(app: Portal, world: World) -> None:
    with app.app_context():
        applied(f"{KOKHA},025550100,saraban@example.go.th,,")
        plan = applied(f"{KOKHA},025550199,,,", f"{NEW},025550101,,,")
        with writing(), privileged("a test takes it back") as session:
            undone = undo_import(session, plan.import_id or 0, account_id=None)
        assert (undone.restored, undone.removed, undone.left) == (1, 1, [])
        assert contacts() == {"เกาะคา": ("025550100", "saraban@example.go.th", 3)}


def test_contacts_that_the_agency_changed_since_stay(app: Portal, world: World) -> None:
    with app.app_context():
        plan = applied(f"{KOKHA},025550199,,,")
        with writing(), privileged("somebody changes it") as session:
            session.scalars(select(AgencyContact)).one().phone = "025550177"
        with writing(), privileged("a test takes it back") as session:
            undone = undo_import(session, plan.import_id or 0, account_id=None)
        assert undone.left == ["เทศบาลตำบลเกาะคา"] and contacts()["เกาะคา"][0] == "025550177"
