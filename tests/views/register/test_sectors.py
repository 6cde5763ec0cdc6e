"""A sector is added, given places and its first officers; what is refused, and what the office sees then."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.account import Account, Grant, Role
from models.audit import AuditEvent
from models.base import CountryOnly
from models.onboarding import PeopleSetting
from models.place import District, Province
from models.round import Round
from models.sector import USUAL_SECTOR, Sector
from portal.core import factors
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused, ScopeViolation
from portal.core.sectors import within
from portal.core.web import Portal
from portal.people import accounts
from portal.register import sectors
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.factories.places import DescriptiveFieldFactory, DistrictFactory, ProvinceFactory, SectorFactory
from tests.support.client import PortalClient, client_of
from tests.support.screens import code_in, fill, press
from tests.support.sectors import OFFICE, part
from tests.support.slips import activated
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
NEW = {
    "name": "หน่วยงานสาธารณสุขทดลอง",
    "short": "สธ.",
    "office": "สำนักงานสาธารณสุขทดลอง",
    "province_office": "สำนักงานสาธารณสุขจังหวัด",
}


@pytest.fixture
def nacc(client_as: ClientAs) -> PortalClient:
    return client_as("nacc")


@pytest.fixture
def other_nacc(app: Portal, make: Make) -> PortalClient:
    account = make(AccountFactory, username="nacc.other", name="เจ้าหน้าที่ ป.ป.ช. ทดลอง")
    make(GrantFactory, account=account, role=Role.NACC)
    client = client_of(app)
    client.sign_in_as(account.id)
    return client


@pytest.fixture
def sector(app: Portal, nacc: PortalClient) -> int:
    """A new sector, as a screen makes it."""
    fill(nacc, "/admin/sectors/new/", NEW)
    with app.app_context(), privileged("a test looks") as session:
        return session.scalars(select(Sector.id).where(Sector.short == "สธ.")).one()


def start(sector_id: int) -> str:
    return f"/admin/sectors/{sector_id}/start"


def test_the_nacc_alone_adds_sectors(client_as: ClientAs, sector: int) -> None:
    for person in ("dla", "province", "agency_admin", "executive", "assessor"):
        for url in ("/admin/sectors/", "/admin/sectors/new/", start(sector)):
            assert client_as(person).get(url).status_code == 404, (person, url)


@pytest.mark.parametrize(("field", "words"), [("name", "มีกลุ่มอื่นใช้ชื่อนี้แล้ว"), ("short", "มีกลุ่มอื่นใช้ชื่อย่อนี้แล้ว")])
def test_two_sectors_are_told_apart(nacc: PortalClient, sector: int, field: str, words: str) -> None:
    other = NEW | {"name": "โรงเรียนทดลอง", "short": "รร.", field: NEW[field]}
    answer = nacc.submit("/admin/sectors/new/", other)
    assert answer.status_code == 422 and words in answer.text


def test_places_are_taken_up_once_and_told_in_one_event(app: Portal, nacc: PortalClient, sector: int) -> None:
    for _time in range(2):
        press(nacc, start(sector), f"/admin/sectors/{sector}/places")
    assert "กลุ่มนี้มีครบแล้ว" in nacc.get(start(sector)).text
    with app.app_context(), privileged("a test looks") as session:
        own = select(Province.id).where(Province.sector_id == sector)
        assert session.scalar(select(func.count()).select_from(own.subquery())) == 2
        here = District.province_id.in_(own)
        assert session.scalar(select(func.count(District.id)).where(here)) == 4
        told = session.scalars(select(AuditEvent).where(AuditEvent.act == "sectors.take_places")).all()
        assert [event.after for event in told] == [{"provinces": 2, "districts": 4}]


def test_the_first_sector_is_not_set_up(nacc: PortalClient) -> None:
    assert nacc.get(start(USUAL_SECTOR)).status_code == 404
    assert nacc.submit(f"/admin/sectors/{USUAL_SECTOR}/places").status_code == 404
    assert nacc.get(start(999)).status_code == 404


def test_only_a_sector_that_nothing_hangs_on_is_deleted(app: Portal, nacc: PortalClient, sector: int) -> None:
    press(nacc, start(sector), f"/admin/sectors/{sector}/places")
    for key, words in ((sector, "จึงลบไม่ได้"), (USUAL_SECTOR, "กลุ่มแรกลบไม่ได้")):
        answer = nacc.submit("/admin/sectors/delete/", {"id": str(key), "confirm": "1"})
        assert answer.status_code == 409 and words in answer.text
    fill(nacc, "/admin/sectors/new/", NEW | {"name": "โรงเรียน", "short": "รร."})
    assert nacc.submit("/admin/sectors/delete/", {"id": str(sector + 1), "confirm": "1"}).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        assert set(session.scalars(select(Sector.short))) == {"อปท.", "สธ."}


def test_first_officers_are_named_by_one_and_confirmed_by_another(
    app: Portal, nacc: PortalClient, other_nacc: PortalClient, sector: int
) -> None:
    for number in (1, 2):
        fill(nacc, start(sector), {"username": f"health{number}", "name": f"เจ้าหน้าที่ทดลอง {number}"})
    refused = nacc.submit(start(sector), {"username": "health3", "name": "อีกคน"})
    assert refused.status_code == 422 and "ให้สิทธิผู้อื่นเองได้" in refused.text
    (mine, _theirs) = re.findall(r"/admin/rights/(\d+)/withdraw", nacc.get("/admin/rights").text)
    assert nacc.submit(f"/admin/rights/{mine}/confirm").status_code == 409, "nobody is both of the two"
    assert nacc.submit(f"/admin/rights/{mine}/withdraw").status_code == 302
    (waits,) = re.findall(r'action="(/admin/rights/\d+/confirm)"', other_nacc.get("/admin/rights").text)
    visitor = client_of(app)
    assert activated(visitor, code_in(press(other_nacc, "/admin/rights", waits))).status_code == 302
    home = visitor.get("/", follow_redirects=True).text
    assert NEW["office"] in home
    with app.app_context(), privileged("a test looks") as session:
        officer = session.scalars(select(Account).where(Account.username == "health2")).one()
        assert (officer.sector_id, [grant.role for grant in officer.grants]) == (sector, [Role.DLA])


def test_a_taken_user_name_is_said_at_its_field(nacc: PortalClient, sector: int) -> None:
    answer = nacc.submit(start(sector), {"username": "dla", "name": "อีกคน"})
    assert answer.status_code == 422 and "อีกคน" in answer.text


def test_a_round_asks_for_its_sector_once_there_are_several(
    app: Portal, nacc: PortalClient, client_as: ClientAs, make: Make
) -> None:
    assert 'name="sector"' not in nacc.get("/rounds/new").text
    made = make(SectorFactory)
    values = {"fiscal_year": "2570", "name": "รอบของกลุ่มอื่น", "start": "nothing", "scheme": "X"}
    answer = fill(nacc, "/rounds/new", {**values, "sector": str(made.id)})
    with app.app_context(), privileged("a test looks") as session:
        key = int(answer.location.rsplit("/", 1)[1])
        assert session.get_one(Round, key).sector_id == made.id
    assert client_as("dla").get(f"/rounds/{key}/status").status_code == 404


def test_a_person_has_no_rights_in_two_sectors(app: Portal, make: Make, world: World) -> None:
    other = make(SectorFactory)
    province = make(ProvinceFactory, sector_id=other.id)
    with app.app_context():
        with writing(), privileged("a right elsewhere") as session, pytest.raises(Refused):
            account = session.get_one(Account, world.account["province"])
            accounts.give_grant(session, account, Role.PROVINCE, province_id=province.id)
        with pytest.raises((IntegrityError, Refused)), privileged("past the application") as session:
            account = session.get_one(Account, world.account["province"])
            session.add(Grant(account=account, role=Role.PROVINCE, province_id=province.id, valid_from=NOW))
            session.flush()


def test_the_first_right_settles_the_sector_of_a_person(app: Portal, make: Make, world: World) -> None:
    other = make(SectorFactory)
    province = make(ProvinceFactory, sector_id=other.id)
    account = make(AccountFactory)
    make(GrantFactory, account=account, role=Role.PROVINCE, province_id=province.id)
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Account, account.id).sector_id == other.id
        assert session.get_one(Account, world.account["nacc"]).sector_id is None


@pytest.mark.parametrize("table", ["province", "round"])
def test_a_row_stays_in_its_sector(app: Portal, make: Make, world: World, table: str) -> None:
    other = make(SectorFactory)
    with (
        app.app_context(),
        writing(),
        privileged("a test tries") as session,
        pytest.raises((IntegrityError, Refused)),
    ):
        session.execute(text(f"UPDATE {table} SET sector_id = {other.id}"))


def test_an_office_writes_nothing_into_another_sector(app: Portal, world: World) -> None:
    parted, _key = part(app, world)
    with app.app_context():
        for values in ({"province_id": world.province["52"]}, {"province_id": world.province["81"]}):
            own = values["province_id"] == world.province["81"]
            with acting_as(parted.actor(OFFICE)):
                district = District(
                    code="5299" if not own else "8199", name="อำเภอใหม่", sort_key="x", **values
                )
                db.session.add(district)
                if own:
                    db.session.flush()
                else:
                    with pytest.raises(ScopeViolation):
                        db.session.flush()
                db.session.rollback()


def test_the_same_name_and_code_stand_in_two_sectors(app: Portal, make: Make, world: World) -> None:
    other = make(SectorFactory)
    province = make(ProvinceFactory, sector_id=other.id, code="52", name="ลำปาง")
    make(DistrictFactory, province=province, code="5204", name="เกาะคา")
    with pytest.raises((IntegrityError, Refused)):
        make(ProvinceFactory, sector_id=other.id, code="52", name="อีกแห่ง")


def test_settings_of_accounts_are_those_of_the_own_sector(app: Portal, world: World) -> None:
    """What one office demands of its people is demanded of nobody else's."""
    parted, _key = part(app, world)
    client = client_of(app)
    client.sign_in_as(parted.account[OFFICE])
    fill(client, "/admin/people/settings", {"help_name": "ศูนย์ทดลองของ สธ.", "help_phone": "025550100"})
    own = client.get("/admin/people/settings").text
    client.sign_in_as(world.account["dla"])
    assert "ศูนย์ทดลองของ สธ." in own and "ศูนย์ทดลองของ สธ." not in client.get("/admin/people/settings").text
    with app.app_context(), writing(), privileged("a factor is demanded there") as session:
        session.scalars(select(PeopleSetting)).one().factor_roles = ["dla", "province"]
    with app.app_context(), privileged("a test looks") as session:
        asked = {
            person: factors.missing(session, session.get_one(Account, parted.account[person]), role)
            for person, role in ((OFFICE, Role.DLA), ("dla", Role.DLA), ("province", Role.PROVINCE))
        }
    assert asked == {OFFICE: True, "dla": False, "province": False}


def test_descriptive_fields_are_those_of_the_own_sector(app: Portal, world: World, make: Make) -> None:
    make(DescriptiveFieldFactory, key="area", label="เนื้อที่ของตำบล", heading="เนื้อที่ของตำบล")
    parted, key = part(app, world)
    make(DescriptiveFieldFactory, key="beds", label="จำนวนเตียง", heading="จำนวนเตียง", sector_id=key)
    for account, own, other in (
        (world.account["dla"], "เนื้อที่ของตำบล", "จำนวนเตียง"),
        (parted.account[OFFICE], "จำนวนเตียง", "เนื้อที่ของตำบล"),
    ):
        client = client_of(app)
        client.sign_in_as(account)
        for page in ("/admin/agencies/", "/admin/agencies/new/", "/admin/descriptive-fields/"):
            text = client.get(page).text
            assert own in text and other not in text, page


def test_provinces_of_two_sectors_are_told_apart_at_a_desk_of_none(
    nacc: PortalClient, make: Make, sector: int
) -> None:
    make(ProvinceFactory, sector_id=sector, code="52", name="ลำปาง")
    page = nacc.get("/admin/provinces/").text
    assert "ลำปาง (สธ.)" in page and "กระบี่ (" not in page


def test_the_first_sector_takes_up_no_places(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")), pytest.raises(Refused):
        sectors.take_places(db.session.get_one(Sector, USUAL_SECTOR))


def test_rows_of_the_country_s_offices_say_how_they_are_of_a_sector() -> None:
    class Untold(CountryOnly):
        """Of no table: nobody has said whose its rows are."""

    with pytest.raises(TypeError, match="Untold"):
        within(Untold, USUAL_SECTOR)
