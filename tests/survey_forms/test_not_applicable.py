"""A choice without points, from the form and the interview to the closed, scored round: out of mean and n."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.instrument import InstrumentKind, OitItem
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import RosterGroup, Round, RoundState
from portal.ballot.closing import empty_marks
from portal.content.year import ContentScale, YearContent, load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.results.computing import WITHHELD
from portal.results.opening import open_round_boxes
from portal.rounds.building.edits import indicators, items, questions, scales
from portal.rounds.content.reading import content_of
from portal.rounds.content.writing import write_content
from survey_forms import context
from tests.factories.base import Make
from tests.factories.work import InterviewFactory, RosterEntryFactory, SampleDrawFactory
from tests.support.ballots import bring_round_to
from tests.support.browser import DESKTOP, sound
from tests.support.client import PortalClient
from tests.support.respondents import citizen_id, confirm, link_codes, token_in
from tests.support.world import World

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
FOUR = ContentScale(
    "FOUR", ("ไม่เกี่ยวข้อง", "น้อย", "ปานกลาง", "มาก"), (None, Decimal(0), Decimal(50), Decimal(100)), "สี่ระดับ"
)
TEN = ContentScale(
    "TEN", tuple(f"ระดับ {place}" for place in range(1, 11)), tuple(map(Decimal, range(10, 110, 10)))
)
YES = ContentScale("YES", ("มี", "ไม่มี", "ไม่เกี่ยวข้อง"), (Decimal(100), Decimal(0), None), "มีหรือไม่มี")


def small_year() -> YearContent:
    """IIT of one indicator and EIT of two, each question on a scale of another size; all weight on both."""
    it = load_year(2561)
    bare = tuple(replace(one, indicators=(), questions=(), items=()) for one in it.instruments)
    it = replace(it, instruments=bare, scales=(), detail_threshold=5)
    for scale in (FOUR, TEN, YES):
        it = scales.add_scale(it, scale)
    four, ten, yes = (scale.code for scale in it.scales)
    for kind, code in (("iit", "1"), ("iit", "2"), ("eit", "6"), ("eit", "7")):
        it = indicators.add_indicator(it, kind, name=f"ตัวชี้วัด {code}", code=code)
    it = questions.add_question(it, "iit", indicator="1", text="งานเร็วเพียงใด", scale=four)
    it = questions.add_question(it, "iit", indicator="2", text="ให้กี่คะแนน", scale=ten)
    it = questions.add_question(it, "eit", indicator="6", text="มีป้ายหรือไม่", scale=yes)
    it = questions.add_question(it, "eit", indicator="7", text="ให้กี่คะแนน", scale=ten)
    it = indicators.add_indicator(it, "oit", name="การเปิดเผย", code="9")
    return items.add_item(it, indicator="9", title="แผน", criterion="", example="", kinds=())


@pytest.fixture
def asked(app: Portal, world: World) -> Iterator[dict[InstrumentKind, str]]:
    """The small year in the world's round, with the links of the first agency."""
    confirm(app, world)
    with app.app_context(), writing(), privileged("a small year") as session:
        round = session.get_one(Round, world.round_id)
        round.touch()
        dated = content_of(session, round).windows
        write_content(session, round, replace(small_year(), windows=dated))
    context.clear()
    yield link_codes(app, world)
    context.clear()


def answer(app: Portal, code: str, people: Sequence[Sequence[int]], first: int) -> None:
    """Each sends a form, as a browser does."""
    client = app.test_client()
    for number, choices in enumerate(people, start=first):
        page = client.get(f"/s/{code}").text
        form = {"t": token_in(page), "id": citizen_id(number)}
        form |= {f"q{slot}": str(choice) for slot, choice in enumerate(choices)}
        assert client.post(f"/s/{code}", data=form).status_code == 303


def interviewed(app: Portal, world: World, make: Make, client: PortalClient, choices: Sequence[int]) -> None:
    """An interviewer seals what one person says, on the form of the call."""
    with app.app_context(), privileged("a test draws") as session:
        own = session.get_one(Participation, world.participation["a1"])
        group = session.scalars(select(RosterGroup)).first()
        session.expunge_all()
    entry = make(RosterEntryFactory, participation=own, group=group)
    make(SampleDrawFactory, participation=own)
    call = make(InterviewFactory, participation=own, roster_entry=entry)
    url = f"/rounds/{world.round_id}/assessor/{own.id}/calls/{call.id}"
    form = {"version": str(call.version)} | {f"q{slot}": str(choice) for slot, choice in enumerate(choices)}
    answer = client.submit(url, form)
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/saved"), answer.text


def scored(world: World) -> None:
    """The one item of the checklist has all its points."""
    with writing(), privileged("a test scores") as session:
        item = session.scalars(select(OitItem)).one()
        own = session.get_one(Participation, world.participation["a1"])
        sheet = Disclosure(participation=own, state=DisclosureState.SCORED)
        sheet.answers = [DisclosureAnswer(participation_id=own.id, item=item, score=Decimal(100))]
        session.add(sheet)


def opened(world: World) -> None:
    """The round is closed, its marks go, its boxes are opened and everything is scored."""
    bring_round_to(world.round_id, RoundState.CLOSED)
    empty_marks(world.round_id)
    open_round_boxes(world.round_id, private_key=None)


def nodes(world: World) -> dict[tuple[str, str, str], tuple[Decimal | None, int]]:
    with privileged("a test looks") as session:
        mine = ResultNode.participation_id == world.participation["a1"]
        rows = session.scalars(select(ResultNode).where(mine)).all()
        return {(row.instrument.value, row.level, row.code): (row.score, row.n) for row in rows}


def result(world: World) -> tuple[Decimal | None, str]:
    with privileged("a test looks") as session:
        mine = Result.participation_id == world.participation["a1"]
        total, reason = session.execute(select(Result.total, Result.reason).where(mine)).one()
        return total, reason


@pytest.mark.usefixtures("thawed")
@pytest.mark.postgres
def test_who_says_not_applicable_is_in_no_mean_and_no_n_up_to_the_published_result(
    app: Portal,
    world: World,
    asked: dict[InstrumentKind, str],
    make: Make,
    client_as: Callable[[str], PortalClient],
) -> None:
    answer(app, asked[IIT], list(zip((1, 1, 1, 4, 4, 3, 2, 2), (10, 9, 8, 7, 6, 5, 4, 3), strict=True)), 1)
    answer(app, asked[EIT], [(1, 10), (3, 10), (3, 10), (3, 10)], 1)
    interviewed(app, world, make, client_as("interviewer"), (2, 5))
    with app.app_context():
        scored(world)
        opened(world)
        found = nodes(world)
        total, reason = result(world)
    # 100, 100, 50, 0, 0 of five; three of eight said that it does not concern them
    assert found["iit", "question", "I1"] == (Decimal(50), 5)
    assert found["iit", "question", "I2"] == (Decimal(65), 8)
    assert found["iit", "instrument", "iit"] == (Decimal("57.5"), 8)
    # one yes and one no of five: too few, so neither it nor what stands beside it is shown
    assert found["eit", "question", "E1"] == (None, 2) and found["eit", "indicator", "6"][0] is None
    assert found["eit", "question", "E2"] == (None, 5) and found["eit", "indicator", "7"][0] is None
    assert found["eit", "instrument", "eit"] == (Decimal(70), 5)
    assert (total, reason) == (Decimal("78.25"), "")


@pytest.mark.usefixtures("thawed")
@pytest.mark.postgres
def test_a_survey_that_concerned_too_few_has_no_score_to_show_and_no_total(
    app: Portal, world: World, asked: dict[InstrumentKind, str]
) -> None:
    answer(app, asked[IIT], [(4, 10)] * 6, 1)
    with app.app_context(), writing(), privileged("one question only") as session:
        round = session.get_one(Round, world.round_id)
        round.touch()
        write_content(session, round, indicators.remove_indicator(content_of(session, round), "eit", "7"))
    context.clear()
    answer(app, asked[EIT], [(1,), (2,), (3,), (3,), (3,), (3,)], 1)
    with app.app_context():
        scored(world)
        opened(world)
        found = nodes(world)
        total, reason = result(world)
    assert [score for (kind, _level, _code), (score, _n) in found.items() if kind == "eit"] == [None] * 3
    assert (total, reason) == (None, WITHHELD)


@pytest.mark.usefixtures("thawed")
@pytest.mark.browser
def test_few_and_many_choices_are_chosen_on_a_phone(
    app: Portal, asked: dict[InstrumentKind, str], address: str, phone: Page
) -> None:
    phone.goto(f"{address}/s/{asked[EIT]}")
    phone.get_by_label("เลขบัตรประชาชนของท่าน").fill(citizen_id(1))
    forward = phone.get_by_role("button", name="ถัดไป")
    forward.click()
    phone.get_by_role("radio", name="ไม่เกี่ยวข้อง").check()
    sound(phone)
    forward.click()
    expect(phone.get_by_role("radio")).to_have_count(10)
    sound(phone)
    phone.get_by_role("radio", name="ระดับ 10").check()
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible()


@pytest.mark.usefixtures("thawed")
@pytest.mark.browser
def test_on_a_wide_screen_many_choices_stand_below_one_another(
    asked: dict[InstrumentKind, str], address: str, plain_phone: Page
) -> None:
    plain_phone.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    plain_phone.goto(f"{address}/s/{asked[EIT]}")
    expect(plain_phone.locator(".t.y3 .q")).to_have_count(1)
    expect(plain_phone.locator(".t .q")).to_have_count(1)
    expect(plain_phone.locator(".q b", has_text="ระดับ 10")).to_be_visible()
