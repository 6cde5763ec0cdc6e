"""A survey over time: its last sum is the figure of every screen; pictures that say what they show."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Stage, Window
from models.windows import WindowSpan
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.status.figures import SurveyCounts
from portal.status.looking_ahead import look_ahead
from portal.status.progress import Progress, furthest_behind
from tests.factories.base import rows_in
from tests.factories.work import AnswerCountFactory, DailyCountFactory
from tests.support.client import PortalClient
from tests.support.tables import table_in
from tests.support.world import NOW, World
from views.status.charts import HEIGHT, WIDTH, pace_chart, progress_chart

ClientAs = Callable[[str], PortalClient]
TODAY = NOW.date()


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/status/progress{rest}"


@pytest.fixture
def answered(app: Portal, world: World) -> World:
    """Seven answers of a1 until yesterday, two of today; one of b1 in the other province."""
    with app.app_context(), writing(), privileged("answers") as session, rows_in(session):
        session.info["unrecorded"] = True
        for agency, days in (("a1", {3: 4, 1: 3, 0: 2}), ("b1", {2: 1})):
            one = session.get_one(Participation, world.participation[agency])
            one.headcount, one.roster_count, one.state = 40, 40, PreparationState.CONFIRMED
            one.activated_at = one.confirmed_at = NOW
            for back, count in days.items():
                DailyCountFactory(
                    participation=one,
                    instrument=InstrumentKind.IIT,
                    day=TODAY - timedelta(days=back),
                    count=count,
                )
            AnswerCountFactory(participation=one, instrument=InstrumentKind.IIT, count=sum(days.values()))
    with app.app_context():
        look_ahead()
    return world


@pytest.mark.postgres
def test_days_add_up_to_what_every_screen_says(answered: World, client_as: ClientAs) -> None:
    for person, query, days in (
        ("dla", "", [("2", "10"), ("3", "8"), ("1", "5"), ("4", "4")]),
        ("nacc", f"?province={answered.province['81']}", [("0", "1"), ("0", "1"), ("1", "1")]),
        ("province", "", [("2", "9"), ("3", "7"), ("0", "4"), ("4", "4")]),
        (
            "province",
            f"?province={answered.province['81']}",
            [("2", "9"), ("3", "7"), ("0", "4"), ("4", "4")],
        ),
    ):
        page = client_as(person).get(here(answered, query)).text
        assert [tuple(row[1:]) for row in table_in(page)[: len(days)]] == days, (person, query)
    country = client_as("dla").get(f"/rounds/{answered.round_id}/status?tab=iit").text
    assert ">10 <small>" in country


def test_pictures_say_what_they_show(answered: World, client_as: ClientAs) -> None:
    page = client_as("dla").get(here(answered)).text
    pictures = re.findall(r'<svg class="ita-chart".*?</svg>', page, re.DOTALL)
    assert len(pictures) == 2
    for picture in pictures:
        title, words = re.findall(r'id="([^"]+)"', picture)[:2]
        assert f'aria-labelledby="{title} {words}"' in picture
        assert "style=" not in picture
    assert "ถึงขณะนี้มี 10 คำตอบ ขั้นต่ำของทุกหน่วยงานรวม 60" in pictures[0]
    assert "จังหวัดเรียงตามที่ยังขาด" in page
    assert "จังหวัดเรียงตามที่ยังขาด" not in client_as("province").get(here(answered)).text


@pytest.mark.parametrize(
    ("person", "query", "status"),
    [
        ("dla", "?survey=oit", 404),
        ("dla", "?survey=eit&province=999999", 404),
        ("dla", "?survey=eit&province=nonsense", 200),
        ("agency_admin", "", 404),
        ("executive", "", 404),
        ("assessor", "", 404),
    ],
)
def test_who_looks_at_what(world: World, client_as: ClientAs, person: str, query: str, status: int) -> None:
    answer = client_as(person).get(here(world, query))
    assert answer.status_code == status
    if status == 200:
        assert "ยังไม่มีคำตอบ" in answer.text


def test_a_survey_without_dates_has_no_picture(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("IIT has no dates") as session:
        for window in session.query(Window).where(Window.stage == Stage.IIT):
            session.delete(window)
    assert "ยังไม่มีคำตอบ" in client_as("dla").get(here(world)).text


@pytest.mark.parametrize("most", [0, 1, 3, 9, 47, 1_340_000])
def test_everything_lies_inside_the_picture(app: Portal, world: World, most: int) -> None:
    spans = _spans(app, world)
    days = tuple((TODAY + timedelta(days=more), most // 3 * more) for more in range(4))
    progress = Progress(spans, days, SurveyCounts(2, 1, sum(n for _day, n in days), most), TODAY)
    for chart in (progress_chart(progress), pace_chart(progress)):
        boxes = [*chart.windows, *chart.bars]
        assert all(0 <= box.x <= box.x + box.width <= WIDTH for box in boxes)
        assert all(0 <= box.y <= box.y + box.height <= HEIGHT for box in boxes)
        places = [tuple(map(float, place.split(","))) for place in chart.line.split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
        assert 2 <= len(chart.up) <= 7 and chart.across
        assert [mark.at for mark in chart.up] == sorted((mark.at for mark in chart.up), reverse=True)


def test_a_survey_that_is_over_ends_with_its_last_day(app: Portal, world: World) -> None:
    spans = _spans(app, world)
    over = Progress(spans, ((TODAY, 3),), SurveyCounts(), TODAY + timedelta(days=400))
    assert over.last == spans[-1].last_day
    assert progress_chart(over).today is None


def test_only_provinces_with_something_left_are_behind() -> None:
    assert furthest_behind([], {}) == []


def _spans(app: Portal, world: World) -> tuple[WindowSpan, ...]:
    with app.app_context(), privileged("a test looks") as session:
        windows = session.query(Window).where(Window.stage == Stage.IIT)
        return tuple(window.span for window in windows)
