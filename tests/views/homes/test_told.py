"""Notices at home in the round's own words: of stages that are open, of deadlines, of what is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.round import Round, RoundState
from models.year import RoundText
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.notices import Notices
from tests.support.client import PortalClient
from tests.support.world import NOW, World

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("thawed")]
ClientAs = Callable[[str], PortalClient]


def word(app: Portal, world: World, **words: str) -> None:
    with app.app_context(), writing(), privileged("a round that words notices") as session:
        for key, said in words.items():
            session.add(RoundText(round_id=world.round_id, key=f"notice.{key}", words=said))


def home(client_as: ClientAs, world: World, person: str) -> str:
    return str(client_as(person).get(f"/rounds/{world.round_id}/home").text)


def test_an_agency_reads_what_the_round_announces_about_the_open_stages(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    word(
        app,
        world,
        preparation="ส่งก่อน <วันสุดท้าย>\n%(until)s ปี %(year)s",
        oit_scoring="ถึงผู้ประเมินเท่านั้น",
        steps_left="เหลือ %(left)s ขั้นตอน รีบดำเนินการ",
    )
    for person in ("agency_admin", "executive", "province", "dla"):
        page = home(client_as, world, person)
        assert "ส่งก่อน &lt;วันสุดท้าย&gt;<br>" in page and "ปี 2561" in page, person
        assert "ถึงผู้ประเมินเท่านั้น" not in page, person
    assert "ส่งก่อน" not in home(client_as, world, "assessor")
    assert "เหลือ 4 ขั้นตอน รีบดำเนินการ" in home(client_as, world, "agency_admin")
    clock(NOW + timedelta(days=400))
    assert "ส่งก่อน" not in home(client_as, world, "agency_admin"), "the stage is over"


def test_without_words_of_the_round_the_product_s_stand(world: World, client_as: ClientAs) -> None:
    page = home(client_as, world, "agency_admin")
    assert "ขั้นเตรียมการปิดวันที่ 8 ธันวาคม 2561" in page.replace("\xa0", " ")


def test_words_that_do_not_fit_are_not_shown(app: Portal) -> None:
    with app.app_context():
        wrong = Notices({"notice.preparation_closes": "ปิด %(who)s", "notice.oit": "100 % %(until)s"})
        assert "%(who)s" not in wrong.of("notice.preparation_closes", when="พรุ่งนี้")
        assert "พรุ่งนี้" in wrong.of("notice.preparation_closes", when="พรุ่งนี้")
        assert wrong.of("notice.oit", until="พรุ่งนี้", year=2561) == ""


def test_a_closed_round_says_in_its_words_what_it_waits_for(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    word(app, world, closed="รอเปิดหีบ ประกาศผลทางเว็บไซต์ของสำนักงาน")
    with app.app_context(), writing(), privileged("a closed round") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    assert "รอเปิดหีบ ประกาศผลทางเว็บไซต์ของสำนักงาน" in home(client_as, world, "executive")
