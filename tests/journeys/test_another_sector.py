"""A sector of 900 health units beside local administration: set up, prepared and answered by screens alone.

The NACC adds the sector and names the first officers of its office; these bring kinds, units and people; the
NACC opens a round for them beside the one that is open; units prepare, confirm and are answered about. There
is no command line and no service call in it. All 900 are in the register and in the round and have accounts;
``SECTOR_UNITS`` of them (12 unless it says otherwise, all: 900) walk through preparation and answers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

import openpyxl
import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import Round
from models.sector import Sector
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.web import Portal
from survey_forms import context
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.client import PortalClient, client_of
from tests.support.respondents import EIT, IIT, citizen_id, filled, token_in
from tests.support.screens import code_in, fill, press, taken, upload
from tests.support.slips import activated
from tests.support.world import World

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.timeout(3600)]
UNITS = 900
WALKED = int(os.environ.get("SECTOR_UNITS", "12"))
NAME, SHORT, OFFICE = "หน่วยบริการสุขภาพทดลอง", "สธ.", "สำนักงานทดลองของหน่วยบริการสุขภาพ"
KIND = {"name": "โรงพยาบาลส่งเสริมสุขภาพ", "short": "รพ.สต.", "code": "health", "head": "ผู้อำนวยการ รพ.สต."}
YEAR, SCHEME = "2562", "HEALTH"
#: first and last day of each stage: all are open on the day of the tests' world
DAYS = {
    "preparation": ("1/11/2561", "15/11/2561"),
    "iit": ("5/11/2561", "30/11/2561"),
    "eit": ("5/11/2561", "30/11/2561"),
    "eit_interview": ("5/11/2561", "7/12/2561"),
    "oit": ("5/11/2561", "7/12/2561"),
    "oit_scoring": ("5/11/2561", "21/12/2561"),
}
ROSTER = "\n".join(
    [
        "ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล",
        *(f"{n},นายสมมุติ คนที่{n},,ผู้มาติดต่อหรือรับบริการเรื่องอื่น,08{n:08d}," for n in range(1, 6)),
    ]
)


@dataclass
class Health:
    """The sector as the journey goes on."""

    app: Portal
    nacc: PortalClient
    other_nacc: PortalClient
    id: int = 0
    round_id: int = 0


def person(app: Portal, code: str) -> PortalClient:
    """Somebody who comes in with a code for the first time."""
    client = client_of(app)
    taken(activated(client, code))
    return client


def work(app: Portal) -> None:
    """The worker does what waits."""
    worker.work(app, until_idle=True)


def set_up(health: Health) -> PortalClient:
    """The NACC adds the sector, its places and its officers; gives the desk of the first officer."""
    fill(
        health.nacc,
        "/admin/sectors/new/",
        {"name": NAME, "short": SHORT, "office": OFFICE, "province_office": "สำนักงานทดลองจังหวัด"},
    )
    with health.app.app_context(), privileged("a test looks for the new sector's page") as session:
        health.id = session.scalars(select(Sector.id).where(Sector.short == SHORT)).one()
    page = f"/admin/sectors/{health.id}/start"
    press(health.nacc, page, f"/admin/sectors/{health.id}/places")
    officers = []
    for number in (1, 2):
        username = f"health.officer{number}"
        fill(health.nacc, page, {"username": username, "name": f"เจ้าหน้าที่ทดลอง {number}"})
        waiting = health.other_nacc.get("/admin/rights").text
        (confirm,) = re.findall(r'action="(/admin/rights/\d+/confirm)"', waiting)
        officers.append(person(health.app, code_in(press(health.other_nacc, "/admin/rights", confirm))))
    assert "username" not in health.nacc.get(page).text, "the office gives rights itself from now on"
    return officers[0]


def bring_units(health: Health, officer: PortalClient) -> None:
    """A kind, a register of 900 units by workbook, and accounts for all of them."""
    fill(officer, "/admin/kinds/new/", KIND)
    book, content = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(("ประเภท", "ชื่อ", "จังหวัด", "อำเภอ"))
    for number in range(1, UNITS + 1):
        sheet.append((KIND["short"], f"บ้านทดลอง {number}", "ลำปาง", ("เกาะคา", "เมืองลำปาง")[number % 2]))
    book.save(content)
    looked = upload(officer, "/admin/registry/import", "units.xlsx", content.getvalue())
    assert "900" in officer.get(looked.location).text
    press(officer, looked.location, urlsplit(looked.location).path)
    work(health.app)
    press(officer, "/admin/people/make/", "/admin/people/make/")
    work(health.app)


def open_round(health: Health) -> None:
    """The NACC makes a round for the sector and opens it, beside the one that is open."""
    made = fill(
        health.nacc,
        "/rounds/new",
        {"fiscal_year": YEAR, "name": "รอบทดลองของหน่วยบริการสุขภาพ", "start": "shipped:2561",
         "scheme": SCHEME, "sector": str(health.id)},
    )  # fmt: skip
    page = made.location
    health.round_id = int(page.rsplit("/", 1)[1])
    days = {
        f"{stage}__main__{edge}": day
        for stage, edges in DAYS.items()
        for edge, day in zip(("first", "last"), edges, strict=True)
    }
    fill(health.nacc, f"{page}/windows", days)
    press(health.nacc, page, f"{page}/agencies")
    press(health.nacc, page, f"{page}/keys")
    fill(health.nacc, f"{page}/open", {"confirm": "1"})


def accounts_of(app: Portal, round_id: int) -> list[tuple[int, int, int]]:
    """Of the first units: the participation, and the accounts of admin and executive."""
    with app.app_context(), privileged("a test looks for units' accounts") as session:
        query = (
            select(Participation.id, Grant.role, Grant.account_id)
            .join(Grant, Grant.agency_id == Participation.agency_id)
            .where(Participation.round_id == round_id)
            .order_by(Participation.id)
        )
        found: dict[int, dict[Role, int]] = {}
        for key, role, account in session.execute(query):
            found.setdefault(key, {})[role] = account
    assert len(found) == UNITS
    return [(key, one[Role.AGENCY_ADMIN], one[Role.EXECUTIVE]) for key, one in list(found.items())[:WALKED]]


def prepare(
    health: Health, officer: PortalClient, admin_id: int, executive_id: int
) -> dict[InstrumentKind, str]:
    """A unit's four steps by its two people; gives its links."""
    admin, executive = (
        person(
            health.app, code_in(press(officer, f"/admin/accounts/{key}/code", f"/admin/accounts/{key}/code"))
        )
        for key in (admin_id, executive_id)
    )
    base = f"/rounds/{health.round_id}/preparation"
    fill(admin, f"{base}/headcount", {"headcount": "8"})
    looked = upload(admin, f"{base}/roster/import", "roster.csv", ROSTER.encode())
    press(admin, looked.location, urlsplit(looked.location).path)
    press(admin, base, f"{base}/submit")
    fill(executive, f"{base}/confirm", {"confirm": "1"})
    page = admin.get(f"/rounds/{health.round_id}/links").text
    codes = list(dict.fromkeys(re.findall(r'href="[^"]*(/s/[\w-]+)"', page)))
    assert len(codes) == 2, "one link for those inside, one for those outside"
    return dict(zip((IIT, EIT), codes, strict=True))


def answer(app: Portal, links: dict[InstrumentKind, str], number: int) -> None:
    """One person inside and one outside answer, on any phone."""
    for offset, (kind, link) in enumerate(links.items()):
        visitor = client_of(app)
        token = token_in(visitor.get(link).text)
        sent = visitor.post(link, data=filled(token, citizen_id(2 * number + offset), kind))
        assert sent.status_code == 303, (kind, sent.status_code)


@pytest.fixture
def health(app: Portal, client_as: Callable[[str], PortalClient], make: Make) -> Health:
    other = make(AccountFactory, username="nacc.other", name="เจ้าหน้าที่ ป.ป.ช. ทดลอง")
    make(GrantFactory, account=other, role=Role.NACC)
    second = client_of(app)
    second.sign_in_as(other.id)
    return Health(app, client_as("nacc"), second)


def test_health_units_are_assessed_beside_local_administration(
    health: Health, client_as: Callable[[str], PortalClient], world: World
) -> None:
    app = health.app
    officer = set_up(health)
    assert OFFICE in officer.get("/", follow_redirects=True).text
    bring_units(health, officer)
    open_round(health)
    context.clear()
    for number, (_key, admin, executive) in enumerate(accounts_of(app, health.round_id)):
        answer(app, prepare(health, officer, admin, executive), number)

    status = officer.get(f"/rounds/{health.round_id}/status").text
    assert f"{WALKED:,}" in status and f"{UNITS:,}" in status
    answers = officer.get(f"/rounds/{health.round_id}/status?tab=iit")
    assert answers.status_code == 200
    _see_nothing_of_one_another(health, officer, client_as("dla"), world)
    rounds = health.nacc.get("/rounds").text
    assert SCHEME in rounds and str(world_year(app, world)) in rounds, "both are open, side by side"


def _see_nothing_of_one_another(
    health: Health, officer: PortalClient, local: PortalClient, world: World
) -> None:
    pages = (
        "/admin/agencies/",
        "/admin/people",
        "/admin/accounts/",
        "/admin/provinces/",
        "/admin/kinds/",
        "/admin/record/",
    )
    for page in pages:
        own, theirs = officer.get(page).text, local.get(page).text
        assert KIND["name"] not in theirs and "บ้านทดลอง" not in theirs, page
        assert "เทศบาล" not in own, page
    assert local.get(f"/rounds/{health.round_id}/status").status_code == 404
    assert officer.get(f"/rounds/{world.round_id}/status").status_code == 404
    assert local.get(f"/rounds/{world.round_id}/status").status_code == 200


def world_year(app: Portal, world: World) -> int:
    """The fiscal year of the round that was open before."""
    with app.app_context(), privileged("a test looks") as session:
        return session.get_one(Round, world.round_id).fiscal_year


def test_accounts_of_units_are_of_their_sector(health: Health) -> None:
    officer = set_up(health)
    bring_units(health, officer)
    with health.app.app_context(), privileged("a test looks") as session:
        units = select(Account.sector_id).join(Grant, Grant.account_id == Account.id).where(
            Grant.role == Role.AGENCY_ADMIN
        )  # fmt: skip
        of_sectors = session.scalars(units).all()
    assert of_sectors.count(health.id) == UNITS and of_sectors.count(1) > 0
