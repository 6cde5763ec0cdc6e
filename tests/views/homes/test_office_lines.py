"""Single lines of the offices' homes: letters grown old, rights that wait, missing dates, the countdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from models.letter import LetterKind
from models.participation import Participation
from models.participation import PreparationState as S
from models.round import Round, Stage, Window
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.letters import LetterFactory
from tests.factories.people import AccountFactory, GrantRequestFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.points import Point, bring
from tests.support.world import NOW, World, acting_as, row
from views.homes import field, offices
from views.homes.agency import Countdown
from views.homes.tasks import Errand, OfficeHome

Clock = Callable[[object], None]


def home(app: Portal, world: World, person: str) -> OfficeHome:
    with app.app_context(), acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        return {
            "nacc": lambda: offices.nacc_home(round, [round]),
            "dla": lambda: offices.dla_home(round),
            "province": lambda: field.province_home(round, actor=actor),
            "assessor": lambda: field.assessor_home(round, leads=True),
            "interviewer": lambda: field.assessor_home(round, leads=False),
        }[person]()


def line(found: OfficeHome, endpoint: str) -> Errand | None:
    return next((task for task in found.tasks if task.endpoint == endpoint), None)


def without_windows(app: Portal, *stages: Stage) -> None:
    with app.app_context(), writing(), privileged("a test takes dates away") as session:
        session.execute(delete(Window).where(Window.stage.in_(stages)))


@pytest.mark.parametrize(
    ("days", "complete", "there"),
    [(None, False, True), (6, False, False), (7, False, True), (30, True, False)],
)
def test_a_letter_is_worth_making_again_while_agencies_are_behind(
    app: Portal, make: Make, world: World, days: int | None, complete: bool, there: bool
) -> None:
    with app.app_context():
        round = row(Round, world.round_id)
    if days is not None:
        sent_at = NOW - timedelta(days=days)
        make(LetterFactory, round=round, kind=LetterKind.NACC_TO_DLA, created_at=sent_at)
    for agency in world.agency if complete else ():
        bring(app, world, Point(S.CONFIRMED), agency)
    found = line(home(app, world, "nacc"), "dispatches.nacc")
    assert (found is not None) is there
    if found is not None:
        assert ("ฉบับล่าสุดทำเมื่อ 2 พฤศจิกายน 2561" in found.text) is (days is not None)


def test_a_round_without_agencies_has_no_letters_and_leads_to_the_register(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("nobody takes part") as session:
        session.info["unrecorded"] = True
        for one in session.query(Participation):
            session.delete(one)
    found = home(app, world, "dla")
    assert [task.endpoint for task in found.tasks] == ["agencies.index_view"]
    assert found.behind == ()


def test_a_right_waits_for_an_officer_who_did_not_ask_for_it(app: Portal, make: Make, world: World) -> None:
    make(GrantRequestFactory, asked_by=make(AccountFactory, name="นายแรก ขอไว้"))
    found = line(home(app, world, "dla"), "right_requests.index")
    assert found is not None
    assert (found.title, found.text) == ("มีคำขอสิทธิ 1 รายการรอท่านยืนยัน", "ขอโดย นายแรก ขอไว้")
    assert line(home(app, world, "nacc"), "right_requests.index") is None


@pytest.mark.parametrize("mine", ["asked_by_id", "account_id"])
def test_nobody_is_the_second_officer_of_their_own_request(
    app: Portal, make: Make, world: World, mine: str
) -> None:
    request = make(GrantRequestFactory)
    with app.app_context(), writing(), privileged("a test makes it the officer's own") as session:
        session.info["unrecorded"] = True
        setattr(session.get_one(type(request), request.id), mine, world.account["dla"])
    assert line(home(app, world, "dla"), "right_requests.index") is None


def test_of_many_agencies_without_an_executive_the_first_are_named(
    app: Portal, make: Make, world: World
) -> None:
    with app.app_context():
        round = row(Round, world.round_id)
    for _number in range(4):
        make(ParticipationFactory, round=round)
    found = line(home(app, world, "dla"), "accounts.index_view")
    lines = [task for task in home(app, world, "dla").tasks if task.endpoint == "accounts.index_view"]
    assert found is not None
    assert lines[-1].title == "ยังไม่มีบัญชีผู้บริหาร 6 แห่ง"
    assert lines[-1].text.count(" · ") == 4
    assert lines[-1].text.endswith(" …")


def test_surveys_without_dates_are_nacc_s_next_act(app: Portal, world: World) -> None:
    without_windows(app, Stage.IIT, Stage.EIT, Stage.EIT_INTERVIEW)
    found = line(home(app, world, "nacc"), "rounds.windows")
    assert found is not None
    assert (found.title, found.due, found.due_kind) == (
        "กำลังประเมินปีงบประมาณ 2561",
        "แบบสำรวจยังไม่กำหนดวัน",
        "bad",
    )


def test_between_its_stages_a_round_is_named(app: Portal, world: World, clock: Clock) -> None:
    clock(NOW - timedelta(days=60))
    found = line(home(app, world, "nacc"), "status.show")
    assert found is not None
    assert found.text == "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561"


def counted(found: Countdown | None) -> tuple[str, str, str, str] | None:
    if found is None:
        return None
    return found.number, found.unit, found.title.replace("\u00a0", " "), found.kind


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-60, ("29", "วัน", "ขั้นเตรียมการ เปิดวันที่ 10 ตุลาคม 2561 เวลา 00:00 น.", "info")),
        (0, ("29", "วัน", "ขั้นเตรียมการ ปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "info")),
        (24, ("5", "วัน", "ขั้นเตรียมการ ปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "warn")),
        (28, ("1", "วัน", "ขั้นเตรียมการ ปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "bad")),
        (70, ("4", "วัน", "การให้คะแนน OIT ปิดวันที่ 22 มกราคม 2562 เวลา 24:00 น.", "warn")),
        (90, None),
    ],
)
def test_the_country_counts_down_to_what_the_clock_does_next(
    app: Portal, world: World, clock: Clock, days: int, expected: tuple[str, str, str, str] | None
) -> None:
    clock(NOW + timedelta(days=days))
    assert counted(home(app, world, "nacc").countdown) == expected


def test_the_countdown_says_what_hangs_on_preparation_while_it_is_open(
    app: Portal, world: World, clock: Clock
) -> None:
    found = home(app, world, "province").countdown
    assert found is not None
    assert found.text == "ยังไม่ครบ 2 แห่ง หากไม่ยืนยันภายในกำหนด จะประเมินหน่วยงานไม่ได้"
    clock(NOW + timedelta(days=35))
    found = home(app, world, "province").countdown
    assert found is not None
    assert found.text == ""


def test_an_interviewer_counts_down_to_the_interviews_alone(app: Portal, world: World, clock: Clock) -> None:
    clock(NOW + timedelta(days=59))
    assert counted(home(app, world, "interviewer").countdown) == (
        "14",
        "ชั่วโมง",
        "การสัมภาษณ์ EIT ปิดวันที่ 7 มกราคม 2562 เวลา 24:00 น.",
        "bad",
    )
    clock(NOW + timedelta(days=60))
    assert home(app, world, "interviewer").countdown is None
    assert home(app, world, "assessor").countdown is not None


def test_scoring_without_an_end_urges_nobody(app: Portal, world: World, clock: Clock) -> None:
    without_windows(app, Stage.OIT_SCORING)
    clock(NOW + timedelta(days=65))
    found = line(home(app, world, "nacc"), "rounds.close")
    assert found is not None
    assert found.title == "ปิดรอบปีงบประมาณ 2561 แบบสำรวจสิ้นสุดครบแล้ว"
