"""Whether a stage is open for an agency, the words of why not, and how long there is still time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from models.participation import Participation
from models.round import Round, Stage, Window, WindowKind
from models.windows import StageState, WindowSpan
from portal.core import stages
from portal.core.errors import Closed
from portal.core.web import Portal
from tests.support.world import NOW

DAY = timedelta(days=1)
#: 10 and 20 November, at midnight
TENTH = datetime.fromisoformat("2018-11-10T00:00+07:00")
TWENTIETH = TENTH + 10 * DAY
GRACE = timedelta(minutes=10)
BOTH = [(TENTH, TENTH + DAY), (TWENTIETH, TWENTIETH + DAY)]


def round_of(*spans: tuple[datetime, datetime], stage: Stage = Stage.PREPARATION) -> Round:
    windows = [
        Window(stage=stage, kind=WindowKind.MAIN, opens_at=first, closes_at=last) for first, last in spans
    ]
    return Round(windows=windows, office_grace_seconds=int(GRACE.total_seconds()))


def test_a_stage_has_the_windows_of_its_own_name() -> None:
    round = round_of((TENTH, TWENTIETH))
    assert [span.opens_at for span in stages.spans_of(round, Stage.PREPARATION)] == [TENTH]
    assert stages.spans_of(round, Stage.OIT) == ()


@pytest.mark.parametrize("stage", Stage)
def test_offices_have_time_after_a_window_where_they_type_for_long(stage: Stage) -> None:
    given = stage in (Stage.PREPARATION, Stage.OIT)
    assert stages.grace_of(round_of(), stage) == (GRACE if given else timedelta(0))
    late = stages.stage_state(round_of((TENTH, TWENTIETH), stage=stage), stage, TWENTIETH)
    assert late.is_open is given


def test_without_a_moment_it_is_the_clock_s(clock: Callable[[object], None]) -> None:
    round = round_of((TENTH, TWENTIETH))
    for moment, is_open in ((TENTH - DAY, False), (TENTH, True), (TWENTIETH + GRACE, False)):
        clock(moment)
        assert stages.stage_state(round, Stage.PREPARATION).is_open is is_open
        assert stages.stage_of(Participation(round=round), Stage.PREPARATION).is_open is is_open


def test_outside_its_windows_a_stage_is_refused_with_its_times(
    app: Portal, clock: Callable[[object], None]
) -> None:
    agency = Participation(round=round_of((TENTH, TWENTIETH)))
    clock(TENTH)
    assert stages.require_open(agency, Stage.PREPARATION).is_open
    clock(TENTH - DAY)
    with pytest.raises(Closed, match="opens on") as refused:
        stages.require_open(agency, Stage.PREPARATION)
    assert (refused.value.opens_at, refused.value.closed_at) == (TENTH, None)


@pytest.mark.parametrize(
    ("spans", "now", "words"),
    [
        ([], TENTH, "ขั้นตอนนี้ยังไม่ได้กำหนดวัน"),
        ([(TENTH, TWENTIETH)], TENTH - DAY, "ยังไม่เปิด เปิด 10 พฤศจิกายน 2561 เวลา 00:00 น."),
        ([(TENTH, TWENTIETH)], TWENTIETH + DAY, "ปิดแล้ว เปิดถึง 19 พฤศจิกายน 2561 เวลา 24:00 น."),
        (
            BOTH,
            TENTH + 3 * DAY,
            "ยังไม่เปิด เปิด 20 พฤศจิกายน 2561",
        ),
    ],
)
def test_why_a_stage_is_closed_is_said_with_its_day(
    app: Portal, spans: list[tuple[datetime, datetime]], now: datetime, words: str
) -> None:
    with app.test_request_context():
        said = stages.closed(stages.stage_state(round_of(*spans), Stage.PREPARATION, now)).message
        assert words in said.replace("\u00a0", " ")


def test_every_stage_has_a_short_and_a_full_name_of_its_own(app: Portal) -> None:
    with app.test_request_context():
        for names in (stages.STAGE_NAMES, stages.STAGE_TITLES):
            assert list(names) == list(Stage)
            assert len({str(name) for name in names.values()}) == len(Stage)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (6 * DAY + timedelta(hours=13), ("6", "วัน")),
        (6 * DAY - timedelta(seconds=1), ("5", "วัน")),
        (DAY, ("1", "วัน")),
        (DAY - timedelta(seconds=1), ("23", "ชั่วโมง")),
        (timedelta(hours=5) - timedelta(seconds=1), ("4", "ชั่วโมง")),
        (timedelta(hours=1), ("1", "ชั่วโมง")),
        (timedelta(hours=1) - timedelta(seconds=1), ("59", "นาที")),
        (timedelta(seconds=5), ("1", "นาที")),
        (-DAY, ("1", "นาที")),
    ],
)
def test_the_time_left_is_said_in_its_unit(app: Portal, left: timedelta, said: tuple[str, str]) -> None:
    with app.test_request_context():
        assert stages.time_left(NOW, NOW + left) == said


def due(app: Portal, state: StageState) -> tuple[str, str]:
    with app.test_request_context():
        words, kind = stages.due_words(state)
        return words.replace("\u00a0", " "), kind


@pytest.mark.parametrize(("days", "kind"), [(30, ""), (7, ""), (6, "warn"), (0.1, "warn")])
def test_a_near_deadline_is_a_warning(app: Portal, days: float, kind: str) -> None:
    end = NOW + timedelta(days=days)
    assert due(app, StageState.at([WindowSpan(NOW, end, "main")], NOW))[1] == kind


def test_a_deadline_names_its_last_day_and_what_is_left(app: Portal) -> None:
    words, _kind = due(app, StageState.at([WindowSpan(TENTH, TWENTIETH, "main")], TENTH))
    assert words == "ภายใน 19 พ.ย. 2561 เวลา 24:00 น. · อีก 10 วัน"


def test_in_the_grace_time_it_says_that_it_has_closed(app: Portal) -> None:
    state = StageState.at([WindowSpan(TENTH, TWENTIETH, "main")], TWENTIETH, grace=GRACE)
    words, kind = due(app, state)
    assert words == "ปิด 19 พ.ย. 2561 เวลา 24:00 น. แล้ว · ยังรับสิ่งที่กำลังส่ง"
    assert kind == "warn"


def test_a_break_before_the_last_day_is_said_with_it(app: Portal) -> None:
    again = WindowSpan(TWENTIETH + 2 * DAY, TWENTIETH + 10 * DAY, "last_call")
    state = StageState.at([WindowSpan(TENTH, TWENTIETH, "main"), again], TENTH)
    with app.test_request_context():
        for words in (stages.due_words(state)[0], stages.open_until(state), stages.reopening(state)):
            assert "เปิดอีกครั้ง 22 พ.ย. 2561 วันสุดท้าย 29 พ.ย. 2561" in words.replace("\u00a0", " ")


def test_without_a_break_only_the_end_is_said(app: Portal) -> None:
    with app.test_request_context():
        state = StageState.at([WindowSpan(TENTH, TWENTIETH, "main")], TENTH)
        assert stages.open_until(state).replace("\u00a0", " ") == "19 พฤศจิกายน 2561 เวลา 24:00 น."
        assert stages.reopening(state) == ""
        assert stages.open_until(StageState.at([], TENTH)) == "–"


def test_the_last_of_several_stages_closes_last(app: Portal) -> None:
    round = round_of((TENTH, TWENTIETH))
    round.windows += round_of((TENTH, TWENTIETH + DAY), stage=Stage.IIT).windows
    assert stages.last_close(round, [Stage.PREPARATION, Stage.IIT, Stage.OIT]) == TWENTIETH + DAY
    assert stages.last_close(round, [Stage.OIT]) is None
