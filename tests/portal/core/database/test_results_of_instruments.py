"""Migration 0020 tells of every score that was stored before of which instrument it is."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import ResultNode
from portal.core.database import migrate
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.command_line import let_go
from tests.support.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.long]
#: level and code as they were stored, and the instrument that follows
STORED = {
    ("instrument", "eit"): "eit",
    ("question", "I1"): "iit",
    ("question", "E1"): "eit",
    ("indicator", "1"): "iit",
    ("indicator", "6"): "eit",
    ("indicator", "9"): "oit",
    ("sub_indicator", "9.1"): "oit",
    ("item", "O1"): "oit",
}


def test_scores_that_were_there_say_their_instrument(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test stores scores") as session:
        row = session.get_one(Participation, world.participation["a1"])
        owner = {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id}
        session.add_all(
            ResultNode(**owner, instrument=InstrumentKind.OIT, level=level, code=code, n=1)
            for level, code in STORED
        )
    url = app.settings.database_owner_url
    let_go(app)
    migrate.downgrade(url, "0019")
    migrate.upgrade(url)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        rows = connection.execute(text("SELECT level, code, instrument FROM result_node")).all()
    assert {(level, code): instrument for level, code, instrument in rows} == STORED
