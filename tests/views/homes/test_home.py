"""Where a person lands: the open round, a desk to choose, or the words that there is nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from models.account import Account, Role
from models.granting import Notice
from models.participation import Participation
from models.round import RoundState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import GrantFactory, NoticeFactory
from tests.factories.rounds import RoundFactory
from tests.support.client import PortalClient
from tests.support.first_days import forget_rounds
from tests.support.homes import lines_in
from tests.support.points import Point, bring
from tests.support.rosters import draw
from tests.support.world import NOW, World, row

ClientAs = Callable[[str], PortalClient]


@pytest.mark.parametrize(("state", "lands"), [(RoundState.OPEN, "old"), (RoundState.CLOSED, "new")])
def test_one_lands_in_the_open_round_else_in_the_newest(
    app: Portal, make: Make, world: World, client_as: ClientAs, state: RoundState, lands: str
) -> None:
    newer = make(RoundFactory)
    bring(app, world, Point(round=state))
    answer = client_as("nacc").get("/")
    assert answer.location == f"/rounds/{world.round_id if lands == 'old' else newer.id}/home"


def test_an_agency_that_no_round_took_in_is_told_who_decides(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context(), writing(), privileged("no round of this agency") as session:
        session.execute(delete(Participation).where(Participation.id == world.participation["a1"]))
    page = client_as("agency_admin").get("/").text
    assert "สำนักงาน ป.ป.ช. เป็นผู้กำหนดหน่วยงานที่เข้ารับการประเมิน" in page


@pytest.mark.usefixtures("thawed")
def test_before_the_first_round_one_is_told_who_makes_it(app: Portal, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("no round at all") as session:
        session.info["unrecorded"] = True
        forget_rounds(session)
    page = client_as("province").get("/").text
    assert "เมื่อสำนักงาน ป.ป.ช. สร้างรอบแรกแล้ว ขั้นตอนจะแสดงที่นี่" in page


def test_an_agency_outside_a_round_is_told_so(make: Make, client_as: ClientAs) -> None:
    other = make(RoundFactory, state=RoundState.OPEN)
    page = client_as("executive").get(f"/rounds/{other.id}/home").text
    assert "หน่วยงานของท่านไม่อยู่ในรอบการประเมินนี้" in page
    assert client_as("executive").get("/rounds/999/home").status_code == 404


def test_who_has_not_chosen_a_desk_is_asked_for_it(
    app: Portal, make: Make, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        account = row(Account, world.account["province"])
    make(GrantFactory, account=account, role=Role.PROVINCE, province_id=world.province["81"])
    assert client_as("province").get("/").location == "/desks"


def test_what_was_told_is_put_away_once_it_is_read(
    app: Portal, make: Make, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        mine, other = row(Account, world.account["executive"]), row(Account, world.account["dla"])
    first, second, foreign = (
        make(NoticeFactory, account=account, at=NOW - timedelta(hours=1)) for account in (mine, mine, other)
    )
    client, home = client_as("executive"), f"/rounds/{world.round_id}/home"
    assert "เกี่ยวกับบัญชีของท่าน" in client.get(home).text
    assert client.submit("/notices", {"newest": str(first.id)}).location == "/"
    assert "เกี่ยวกับบัญชีของท่าน" in client.get(home).text, "the second came after the page"
    client.submit("/notices", {"newest": str(second.id)})
    assert "เกี่ยวกับบัญชีของท่าน" not in client.get(home).text
    with app.app_context():
        assert row(Notice, first.id).seen_at == row(Notice, second.id).seen_at == NOW
        assert row(Notice, foreign.id).seen_at is None


def test_a_draw_gives_the_interviewer_people_to_call(app: Portal, world: World, client_as: ClientAs) -> None:
    draw(app, world, 5)
    for person in ("assessor", "interviewer"):
        (line, *_more) = lines_in(client_as(person).get(f"/rounds/{world.round_id}/home").text)
        assert (line.title, line.text) == ("สัมภาษณ์ 1 แห่ง", "ยังไม่ได้โทร 5 คน")
        assert client_as(person).get(line.url).status_code == 200
