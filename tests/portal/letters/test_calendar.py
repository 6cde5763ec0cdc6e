"""A round whose three windows are past, running and to come: letters, screens and files name one last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from models.round import Round, Stage, Window, WindowKind
from models.thai import thai_date, thai_date_short
from portal.core.database.session import db, privileged, writing
from portal.core.stages import stage_state
from portal.core.web import Portal
from portal.letters.figures import country_status, facts_of, province_statuses
from portal.letters.words.composing import circular_for, nacc_letter_for
from reports.letter_data import Office
from tests.support.client import PortalClient
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
TODAY = NOW.date()
#: days from today at which each window opens and closes (the closing day is the first that is not in it)
THREE = (
    (WindowKind.MAIN, -30, -10),
    (WindowKind.SUPPLEMENTARY, -5, 3),
    (WindowKind.LAST_CALL, 8, 16),
)
LAST_DAY = date(2018, 11, 24)


@pytest.fixture
def three_windows(app: Portal, world: World) -> Portal:
    """Preparation as the world's round has it now: one window past, one running, one to come."""
    midnight = datetime.combine(TODAY, datetime.min.time(), NOW.tzinfo)
    with app.app_context(), writing(), privileged("three windows") as session:
        round = session.get_one(Round, world.round_id)
        for window in [one for one in round.windows if one.stage is Stage.PREPARATION]:
            session.delete(window)
        session.flush()
        session.add_all(
            Window(
                round_id=round.id,
                stage=Stage.PREPARATION,
                kind=kind,
                opens_at=midnight + timedelta(days=first),
                closes_at=midnight + timedelta(days=end),
            )
            for kind, first, end in THREE
        )
    return app


def test_a_letter_of_today_tells_all_three_windows(three_windows: Portal, world: World) -> None:
    office = Office("กรมทดลอง", number_prefix="มท 0817.2")
    with three_windows.app_context(), acting_as(world.actor("dla")):
        round = db.session.get_one(Round, world.round_id)
        facts = facts_of(round)
        status = province_statuses(round)[world.province["52"]]
        letters = (
            circular_for(status, office=office, facts=facts, number="9", dated=TODAY).letter,
            nacc_letter_for(
                country_status(round), office=office, facts=facts, number="9", dated=TODAY
            ).letter,
        )
    windows = (
        "โดยได้เปิดระบบให้หน่วยงานดำเนินการเมื่อวันที่ 10 - 29 ตุลาคม 2561 "
        "ขณะนี้อยู่ในช่วงเปิดระบบรอบเสริม วันที่ 4 - 11 พฤศจิกายน 2561 "
        "และจะเปิดระบบรอบสุดท้าย วันที่ 17 - 24 พฤศจิกายน 2561"
    )
    for letter in letters:
        text = "\n".join(part for one in letter.paragraphs for part in (one.text, *one.points))
        assert windows in text
        assert f"ภายในวันที่ {thai_date(LAST_DAY)} ซึ่งเป็นวันสุดท้าย" in text
        assert "ขณะนี้อยู่ในขั้นตอนการเก็บข้อมูล" in text, "the surveys of this world run already"
        assert "ลำดับต่อไป" not in text
    assert letters[0].number == "มท 0817.2/ว 9"


@pytest.mark.parametrize("person", ["agency_admin", "province", "dla"])
def test_screens_name_the_last_day_of_the_letters(
    three_windows: Portal, world: World, client_as: Callable[[str], PortalClient], person: str
) -> None:
    pages = {
        "agency_admin": f"/rounds/{world.round_id}/preparation",
        "province": f"/rounds/{world.round_id}/status/provinces/{world.province['52']}",
        "dla": f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}",
    }
    page = client_as(person).get(pages[person]).get_data(as_text=True)
    assert f"วันสุดท้าย {thai_date_short(LAST_DAY)}" in page
    with three_windows.app_context(), privileged("a test looks") as session:
        assert stage_state(session.get_one(Round, world.round_id), Stage.PREPARATION).last_day == LAST_DAY
