"""The assessor's room over HTTP: who comes in, what is shown before and after opening, the interview form."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from models.audit import AuditEvent
from models.instrument import InstrumentKind
from models.roster import Interview, RosterJudgement, RosterVerdict, SampleDraw
from models.roster import InterviewOutcome as Outcome
from models.survey import AnswerCount, Channel
from portal.ballot import recount
from portal.core.database.session import db, privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.record import events_of
from tests.support.rosters import draw, fill_roster, judge, name_of, phone_of
from tests.support.world import NOW, World, row

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
OUTSIDERS = ["agency_admin", "executive", "dla", "nacc", "province", "assessor_other"]
ANSWERS = {f"q{slot}": str(1 + slot % 2) for slot in range(19)}


def at(world: World, rest: str = "", agency: str = "a1") -> str:
    """An address of the assessor's room."""
    base = f"/rounds/{world.round_id}/assessor"
    return f"{base}/{world.participation[agency]}/{rest}" if rest else base


# -- who comes in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["assessor", "interviewer"])
def test_the_list_has_the_assigned_agencies_only(
    app: Portal, world: World, client_as: ClientAs, person: str
) -> None:
    page = client_as(person).get(at(world)).text
    assert "เทศบาลตำบลเกาะคา" in page
    assert "องค์การบริหารส่วนตำบลท่าผา" in page
    assert "ไสไทย" not in page


@pytest.mark.parametrize("person", OUTSIDERS)
def test_others_find_nothing(app: Portal, world: World, client_as: ClientAs, person: str) -> None:
    calls = draw(app, world, 3)
    client = client_as(person)
    for rest in ("roster", "sample", "calls", f"calls/{calls[0]}", f"calls/{calls[0]}/saved"):
        assert client.get(at(world, rest)).status_code == 404, rest
    posts: list[tuple[str, dict[str, str]]] = [
        ("roster/names", {}),
        ("judgement", {"verdict": "more_names", "note": "x"}),
        ("sample", {"people": "3"}),
        ("sample/more", {"people": "1"}),
        (f"calls/{calls[0]}", {**ANSWERS, "version": "1"}),
        (f"calls/{calls[0]}/outcome", {"step": "refuse", "version": "1"}),
        (f"calls/{calls[0]}/void", {"reason": "wrong_person", "confirm": "1", "version": "1"}),
    ]
    for rest, data in posts:
        assert client.submit(at(world, rest), data).status_code == 404, rest
    with app.app_context():
        assert row(Interview, calls[0]).outcome is Outcome.PENDING
        assert events_of("roster.open") == []


def test_an_interviewer_neither_judges_nor_draws_nor_voids(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    calls = draw(app, world, 3)
    client = client_as("interviewer")
    for rest, data in (
        ("judgement", {"verdict": "more_names", "note": "x"}),
        ("sample", {"people": "3"}),
        ("sample/more", {"people": "1"}),
        (f"calls/{calls[0]}/void", {"reason": "wrong_person", "confirm": "1", "version": "1"}),
    ):
        assert client.submit(at(world, rest), data).status_code == 404, rest


def test_an_interview_of_another_agency_is_not_found(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 3)
    client = client_as("assessor")
    assert client.get(at(world, f"calls/{calls[0]}", "a2")).status_code == 404


# -- the list ----------------------------------------------------------------------------------------------


def test_search_and_filter_by_what_is_to_do(app: Portal, world: World, client_as: ClientAs) -> None:
    fill_roster(app, world)
    client = client_as("assessor")
    assert "ท่าผา" not in client.get(at(world) + "?todo=judge").text
    assert "เกาะคา" in client.get(at(world) + "?todo=judge").text
    assert "ไม่พบหน่วยงาน" in client.get(at(world) + "?search=ไสไทย").text
    assert client.get(at(world) + "?todo=nonsense&page=x").status_code == 200


def test_the_list_costs_the_same_number_of_queries_for_one_agency_and_for_two(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    draw(app, world, 5)
    with app.app_context():
        engine = db.engine
    counts = []
    for person in ("assessor", "assessor_other"):
        client = client_as(person)
        seen: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_rest: object, seen: Any = seen
        ) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(at(world)).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]


# -- the roster --------------------------------------------------------------------------------------------


def test_names_are_shown_after_opening_which_is_noted_once_a_day(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world)
    client = client_as("assessor")
    assert name_of("a1", 7) not in client.get(at(world, "roster")).text
    for _again in range(2):
        assert client.submit(at(world, "roster/names")).status_code == 302
    page = client.get(at(world, "roster")).text
    assert name_of("a1", 7) in page
    assert phone_of(7) in page
    with app.app_context():
        noted = events_of("roster.open")
    assert [(event.row, event.account_id) for event in noted] == [
        (str(world.participation["a1"]), world.account["assessor"])
    ]
    assert name_of("a1", 7)[:8] not in str(noted[0].after)
    clock(NOW + timedelta(days=1))
    client = client_as("assessor")
    assert name_of("a1", 7) not in client.get(at(world, "roster")).text


def test_opening_one_roster_opens_no_other(app: Portal, world: World, client_as: ClientAs) -> None:
    fill_roster(app, world, "a1", people=5)
    fill_roster(app, world, "a2", people=5)
    client = client_as("assessor")
    client.submit(at(world, "roster/names"))
    assert name_of("a2", 1) not in client.get(at(world, "roster", "a2")).text


def test_a_get_writes_nothing(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 3)
    client = client_as("assessor")
    with app.app_context(), privileged("look") as session:
        before = len(session.scalars(select(AuditEvent.id)).all())
    for rest in ("roster", "sample", "calls", f"calls/{calls[0]}", f"calls/{calls[0]}/saved"):
        assert client.get(at(world, rest)).status_code == 200, rest
    with app.app_context(), privileged("look") as session:
        assert len(session.scalars(select(AuditEvent.id)).all()) == before


def test_the_judgement_is_saved_and_a_request_for_names_says_which(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    fill_roster(app, world)
    client = client_as("assessor")
    answer = client.submit(at(world, "judgement"), {"verdict": "more_names"})
    assert answer.status_code == 422
    assert "เขียนว่าขาดรายชื่อกลุ่มใด" in answer.text
    assert client.submit(at(world, "judgement"), {}).status_code == 422
    assert client.submit(at(world, "judgement"), {"verdict": "collect_on_site"}).status_code == 302
    with app.app_context(), privileged("look") as session:
        found = session.scalars(select(RosterJudgement)).one()
        assert found.verdict is RosterVerdict.COLLECT_ON_SITE


# -- the sample --------------------------------------------------------------------------------------------


def test_the_page_of_the_sample_lets_anybody_draw_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world)
    client = client_as("assessor")
    assert 'value="30"' in client.get(at(world, "sample")).text
    assert client.submit(at(world, "sample"), {"people": "6"}).status_code == 302
    assert client.submit(at(world, "sample/more"), {"people": "2"}).status_code == 302
    page = client.get(at(world, "sample")).text
    found = re.search(r"<code[^>]*>([0-9a-f]{64})</code>", page)
    assert found
    shown = [int(number) for number in re.findall(r'<span class="ita-code">(\d+)</span>', page)]

    def rank(number: int) -> bytes:
        return hmac.new(bytes.fromhex(found[1]), str(number).encode(), hashlib.sha256).digest()

    assert shown == sorted(range(1, 41), key=rank)[:8]


@pytest.mark.parametrize("size", ["0", "41", "", "ten"])
def test_a_size_outside_the_roster_stays_on_the_form(
    app: Portal, world: World, client_as: ClientAs, size: str
) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world)
    assert client_as("assessor").submit(at(world, "sample"), {"people": size}).status_code == 422
    with app.app_context(), privileged("look") as session:
        assert session.scalars(select(SampleDraw)).all() == []


# -- the interview -----------------------------------------------------------------------------------------


def test_an_interview_is_sealed_counted_and_never_shown_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    calls = draw(app, world, 3)
    client = client_as("interviewer")
    address = at(world, f"calls/{calls[0]}")
    assert 'name="q0"' not in client.get(address).text  # no interview before the names were opened
    client.submit(at(world, "roster/names"), {"back": str(calls[0])})
    page = client.get(address).text
    assert len(set(re.findall(r'name="(q\d+)"\s+value="0"', page))) == 19
    saved = client.submit(address, {**ANSWERS, "version": "1"})
    assert saved.status_code == 302
    assert f"calls/{calls[1]}" in client.get(saved.location).text
    again = client.get(address).text
    assert 'type="radio"' not in again
    assert "checked" not in again
    with app.app_context():
        key = (world.participation["a1"], InstrumentKind.EIT, Channel.INTERVIEW)
        assert row(AnswerCount, key).count == 1
        assert recount.differences(world.round_id) == []


def test_every_line_needs_a_choice_and_what_was_chosen_stays(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    calls = draw(app, world, 3)
    client = client_as("interviewer")
    client.submit(at(world, "roster/names"))
    address = at(world, f"calls/{calls[0]}")
    data = {**ANSWERS, "q3": "", "q7": "99", "version": "1"}
    back = client.submit(address, data)
    assert back.status_code == 422
    assert back.text.count(" checked") == 17
    assert 'href="#q3"' in back.text
    assert client.submit(address, {**ANSWERS, "q3": "0", "version": "1"}).status_code == 302


def test_outcomes_and_a_stale_page(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 3)
    client = client_as("interviewer")
    address = at(world, f"calls/{calls[0]}/outcome")
    assert client.submit(address, {"step": "no_answer", "version": "1"}).status_code == 302
    stale = client.submit(address, {"step": "refuse", "version": "1"})
    assert stale.status_code == 409
    assert client.submit(address, {"step": "answer", "version": "2"}).status_code == 409
    assert client.submit(address, {"step": "refuse"}).status_code == 409
    with app.app_context():
        assert row(Interview, calls[0]).outcome is Outcome.NO_ANSWER


def test_voiding_asks_for_reason_and_tick(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 3)
    client = client_as("assessor")
    client.submit(at(world, f"calls/{calls[0]}"), {**ANSWERS, "version": "1"})
    version = str(_version(app, calls[0]))
    address = at(world, f"calls/{calls[0]}/void")
    assert client.get(address).status_code == 200
    assert client.submit(address, {"reason": "wrong_person", "version": version}).status_code == 422
    assert client.submit(address, {"confirm": "1", "version": version}).status_code == 422
    data = {"reason": "wrong_person", "confirm": "1", "version": version}
    assert client.submit(address, data).status_code == 302
    with app.app_context():
        assert row(Interview, calls[0]).outcome is Outcome.VOIDED
        assert recount.differences(world.round_id) == []
    assert client.get(address).status_code == 409


def _version(app: Portal, interview_id: int) -> int:
    with app.app_context():
        found: int = row(Interview, interview_id).version
        return found


def test_outside_the_window_nothing_can_be_done(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    calls = draw(app, world, 3)
    clock(NOW + timedelta(days=200))
    client = client_as("assessor")
    client.submit(at(world, "roster/names"))
    page = client.get(at(world, f"calls/{calls[0]}"))
    assert page.status_code == 200
    assert 'name="q0"' not in page.text
    for rest, data in (
        ("judgement", {"verdict": "representative"}),
        ("sample/more", {"people": "1"}),
        (f"calls/{calls[0]}", {**ANSWERS, "version": "1"}),
        (f"calls/{calls[0]}/outcome", {"step": "refuse", "version": "1"}),
    ):
        assert client.submit(at(world, rest), data).status_code == 409, rest


@pytest.mark.parametrize("more", ["0", "38", "", "ten"])
def test_more_people_than_are_left_stay_on_the_form(
    app: Portal, world: World, client_as: ClientAs, more: str
) -> None:
    draw(app, world, 3)
    answer = client_as("assessor").submit(at(world, "sample/more"), {"people": more})
    assert answer.status_code == 422
    with app.app_context(), privileged("look") as session:
        assert session.scalars(select(SampleDraw.sample_size)).all() == [3]


def test_after_the_last_call_nobody_is_proposed(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 1)
    client = client_as("interviewer")
    noted = client.submit(at(world, f"calls/{calls[0]}/outcome"), {"step": "no_answer", "version": "1"})
    page = client.get(noted.location).text  # who did not answer is the only one left: not at once again
    assert f'href="{at(world, f"calls/{calls[0]}")}"' not in page
    back = client.submit(at(world, f"calls/{calls[0]}/outcome"), {"step": "reopen", "version": "2"})
    assert back.location == at(world, f"calls/{calls[0]}")


def test_each_tab_of_the_call_list_has_its_outcomes(app: Portal, world: World, client_as: ClientAs) -> None:
    calls = draw(app, world, 4)
    client = client_as("interviewer")
    client.submit(at(world, "roster/names"), {"back": "calls"})
    for interview_id, step in zip(calls, ("no_answer", "wrong_number", "refuse"), strict=False):
        client.submit(at(world, f"calls/{interview_id}/outcome"), {"step": step, "version": "1"})
    every = [0, 1, 2, 3]
    tabs = {"pending": [3], "again": [0, 1], "closed": [2], "answered": [], "": every, "nonsense": every}
    for view, shown in tabs.items():
        rows = client.get(at(world, f"calls?view={view}")).text.partition("<tbody")[2]
        assert [place for place, key in enumerate(calls) if f'calls/{key}"' in rows] == shown, view
