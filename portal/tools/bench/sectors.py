"""Two sectors side by side: pages of local administration beside another one, and those of its office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Role
from models.agency import Agency
from models.kinds import AgencyKind, KindRow
from models.place import District
from models.round import RoundState
from models.sector import Sector
from models.thai import sort_key
from portal.content.year import load_year
from portal.core import audit
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.people import accounts
from portal.register import sectors
from portal.rounds import setup
from portal.tools.bench.office import COUNTED, GROUPED, LISTED, page
from portal.tools.bench.table import Table
from portal.tools.bench.years import CONTENT

#: units of the other sector, the fiscal year and the scheme of its round, and who keeps them
UNITS, YEAR, SCHEME, OFFICER = 900, 2571, "HEALTH", "bench-health"
KIND = AgencyKind("health")


def made(nacc_grant: int) -> int:
    """Another sector with a round of 900 units that is open; the round's id. Needs an application context."""
    with writing(), privileged("bench: another sector") as session, audit.unrecorded(session):
        sector = Sector(
            name="หน่วยบริการสุขภาพสมมุติ", short="สธ.", office="สำนักงานสมมุติ", province_office="สำนักงานสมมุติจังหวัด"
        )
        session.add(sector)
        session.flush()
        sector_id = sector.id
        nacc = actor_for_grant(session, nacc_grant)
    with acting(nacc):
        sectors.take_places(db.session.get_one(Sector, sector_id))
    with writing(), privileged("bench: units of another sector") as session, audit.unrecorded(session):
        _units(session, sector_id)
        officer = accounts.make_account(session, username=OFFICER, name="เจ้าหน้าที่สมมุติ", role=Role.DLA)
        officer.sector_id = sector_id
        content = replace(load_year(CONTENT), fiscal_year=YEAR, scheme=SCHEME)
        round = setup.make_round(
            session, content, name="รอบสมมุติของหน่วยบริการสุขภาพ", state=RoundState.OPEN, sector_id=sector_id
        )
        setup.snapshot_agencies(session, round)
        return round.id


def _units(session: Session, sector_id: int) -> None:
    session.add(
        KindRow(code=KIND.code, name="หน่วยบริการ", short="นบ.", head="หัวหน้าหน่วยบริการ", sector_id=sector_id)
    )
    session.flush()
    here = select(District.id, District.province_id, District.name).where(
        District.province.has(sector_id=sector_id)
    )
    for number, (district_id, province_id, name) in enumerate(session.execute(here.limit(UNITS))):
        own = f"{name} {number}"
        session.add(
            Agency(
                kind=KIND,
                name=own,
                full_name=f"หน่วยบริการ{own}",
                district_id=district_id,
                province_id=province_id,
                sort_key=sort_key(own),
            )
        )


def pages(
    app: Portal, table: Table, clients: tuple[Any, Any], rounds: tuple[int, int], *, times: int
) -> None:
    """The same pages at the two offices: of local administration first, each with its round."""
    for office, client, round_id in zip(
        ("of the first sector", "of 900 units"), clients, rounds, strict=True
    ):
        for name, url, query in (
            ("status", f"/rounds/{round_id}/status", GROUPED),
            ("status IIT", f"/rounds/{round_id}/status?tab=iit", COUNTED),
            ("list of agencies", "/admin/agencies/", LISTED),
        ):
            page(app, table, f"two sectors: {name} {office}", client, url, query, times=times)
