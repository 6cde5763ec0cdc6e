"""The test world parted in two sectors: the second province, and who works for it, is of another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from models.account import Role
from models.sector import Sector
from models.zone import BANGKOK
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import accounts
from tests.support.world import World

#: the province that is given to the other sector, and the office of the country that keeps that one
PROVINCE, OFFICE = "81", "dla_other"


def part(app: Portal, world: World) -> tuple[World, int]:
    """Give the second province to a sector of its own, with its people and a back office.

    Gives the world with that office among its people, and the id of the sector.
    """
    world = deepcopy(world)  # the same object serves every test
    with app.app_context(), writing(), privileged("another sector of the test world") as session:
        session.info["unrecorded"] = True
        sector = Sector(
            name="หน่วยงานสาธารณสุขทดลอง",
            short="สธ.",
            office="สำนักงานทดลองของหน่วยงานสาธารณสุข",
            province_office="สำนักงานสาธารณสุขจังหวัด",
        )
        session.add(sector)
        session.flush()
        key = sector.id
        account = accounts.make_account(
            session,
            username=OFFICE,
            name=f"ผู้ใช้ทดลอง {OFFICE}",
            role=Role.DLA,
            valid_from=datetime(2018, 1, 1, tzinfo=BANGKOK),
        )
        account.sector_id = key
        session.flush()
        world.account[OFFICE], world.grant[OFFICE] = account.id, account.grants[0].id
    people = ", ".join(str(number) for name, number in world.account.items() if name.endswith("_other"))
    with _unguarded(app) as connection:
        connection.execute(
            text("UPDATE province SET sector_id = :sector WHERE id = :id"),
            {"sector": key, "id": world.province[PROVINCE]},
        )
        connection.execute(text(f"UPDATE account SET sector_id = {key} WHERE id IN ({people})"))
        of_other = "SELECT announcement_id FROM announcement_place WHERE agency_id IN (:b1, :b2)"
        # what stands in the second half was written, and not sent yet
        for where in (f"id IN ({of_other})", f"id - 1 IN ({of_other})"):
            connection.execute(
                text(f"UPDATE announcement SET sector_id = {key} WHERE {where}"),
                {name: world.agency[name] for name in ("b1", "b2")},
            )
        connection.execute(text("UPDATE announcement SET sector_id = 1 WHERE sector_id IS NULL"))
    return world, key


def give_round(app: Portal, world: World, sector_id: int) -> None:
    """Give the round to a sector, which no act of the portal ever does."""
    with _unguarded(app) as connection:
        values = {"sector": sector_id, "id": world.round_id}
        connection.execute(text("UPDATE round SET sector_id = :sector WHERE id = :id"), values)


@contextmanager
def _unguarded(app: Portal) -> Iterator[Connection]:
    """A transaction of the owner without the guards that keep a row in its sector."""
    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        postgres = connection.dialect.name == "postgresql"
        for table in ("province", "round"):
            if postgres:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER sector_stays"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS sector_stays_{table}"))
        yield connection
        if postgres:
            for table in ("province", "round"):
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER sector_stays"))
