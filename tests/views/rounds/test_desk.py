"""The rounds room: NACC makes, dates, opens and closes a round; nobody else finds it."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.ballot import Mark
from models.instrument import Instrument, Question
from models.job import Job, JobState
from models.participation import Participation
from models.round import GradeBand, Round, RoundState, Stage, Window, WindowKind
from models.zone import BANGKOK
from portal.ballot import keys
from portal.ballot.keys import key_folder
from portal.core.database.session import privileged, writing
from portal.core.jobs import worker
from portal.rounds import desk, windows
from tests.factories.base import Make
from tests.factories.chasing import ExtensionFactory
from tests.support import world as worlds
from tests.support.forms import form_with

NAME = "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2562"
DAYS = {"first": "1 ธ.ค. 2561", "last": "31 ธ.ค. 2561"}

pytestmark = pytest.mark.postgres


def made(client: Any, *, name: str = NAME, year: int = 2562) -> int:
    """A new draft, through the form; gives its id."""
    answer = client.submit("/rounds/new", {"name": name, "fiscal_year": str(year), "start": "shipped:2561"})
    assert answer.status_code == 302, answer.text
    return int(answer.location.rpartition("/")[2])


def windows_form(app: Any, round_id: int, changes: dict[str, str] | None = None) -> dict[str, str]:
    """The windows form as a browser would send it, with some dates typed anew."""
    with app.app_context(), privileged("a test looks") as session:
        round = session.get_one(Round, round_id)
        fields = {"version": str(round.version)}
        for (stage, kind), days in windows.current_plan(round).items():
            for edge, day in zip(("first", "last"), days, strict=True):
                fields[f"{stage.value}__{kind.value}__{edge}"] = day.isoformat() if day else ""
    return fields | (changes or {})


def every_stage() -> dict[str, str]:
    """A main window for every stage."""
    return {f"{stage.value}__main__{edge}": day for stage in Stage for edge, day in DAYS.items()}


def count(model: Any, *where: Any) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_only_nacc_finds_the_room(client_as: Any, world: worlds.World) -> None:
    for person in ("dla", "province", "agency_admin", "executive", "assessor", "interviewer"):
        client = client_as(person)
        for address in (
            "/rounds",
            "/rounds/new",
            f"/rounds/{world.round_id}",
            f"/rounds/{world.round_id}/windows",
            f"/rounds/{world.round_id}/close",
        ):
            assert client.get(address).status_code == 404, (person, address)
    assert client_as("nacc").get("/rounds").status_code == 200


def test_a_draft_begins_with_the_content_of_a_year(app: Any, client_as: Any) -> None:
    round_id = made(client_as("nacc"))
    with app.app_context():
        round = worlds.row(Round, round_id)
        assert (round.state, round.fiscal_year, round.name) == (RoundState.DRAFT, 2562, NAME)
        assert count(Instrument, Instrument.round_id == round_id) == 3
        assert count(Question, Question.instrument.has(round_id=round_id)) == 45
        assert count(GradeBand, GradeBand.round_id == round_id) == 7
        assert count(AuditEvent, AuditEvent.act == "round.make", AuditEvent.row == str(round_id)) == 1


def test_a_taken_name_is_said_at_the_field_and_what_was_typed_stays(client_as: Any) -> None:
    client = client_as("nacc")
    made(client)
    answer = client.submit("/rounds/new", {"name": NAME, "fiscal_year": "2563", "start": "shipped:2561"})
    assert answer.status_code == 422
    assert NAME in answer.text and 'value="2563"' in answer.text


def test_a_round_goes_from_draft_to_closed(app: Any, client_as: Any, clock: Any, monkeypatch: Any) -> None:
    """Also where the database's file cannot be compacted at that moment: the record does not wait for it."""

    def busy() -> bool:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(desk, "compact", busy)
    client = client_as("nacc")
    round_id = made(client)
    page = f"/rounds/{round_id}"
    assert client.submit(f"{page}/open", {"confirm": "1"}).status_code == 422  # nothing is there yet
    assert client.submit(f"{page}/windows", windows_form(app, round_id, every_stage())).status_code == 302
    assert client.submit(f"{page}/agencies").status_code == 302
    assert client.submit(f"{page}/open", {"confirm": "1"}).status_code == 422  # no keys yet
    assert client.submit(f"{page}/keys").status_code == 302
    refused = client.submit(f"{page}/open")
    assert refused.status_code == 422  # the demonstration's wording is not confirmed
    assert client.submit(f"{page}/open", {"confirm": "1"}).status_code == 302
    with app.app_context():
        round = worlds.row(Round, round_id)
        assert round.state is RoundState.OPEN and round.opened_at == worlds.NOW
        assert count(Participation, Participation.round_id == round_id) == 4
        ends = max(w.closes_at for w in _windows(round_id))
    assert client.submit(f"{page}/close", {"typed_name": "2562"}).status_code == 409  # surveys run
    clock(ends + timedelta(minutes=16))
    client = client_as("nacc")
    assert client.submit(f"{page}/close", {"typed_name": "2561"}).status_code == 422
    answer = client.submit(f"{page}/close", {"typed_name": " ๒๕๖๒ "})
    assert answer.status_code == 302
    shown = client.get(page).text
    assert "ในโหมดสาธิต กล่องคำตอบเปิดเอง" in shown and "open-boxes" not in shown
    with app.app_context():
        key_folder().destroy_urn_key(round_id)  # as in production, where its holder takes it away
    assert "open-boxes --round" in client.get(page).text
    _marks_are_emptied(app, round_id)


def _marks_are_emptied(app: Any, round_id: int) -> None:
    assert worker.work(app, until_idle=True) == 1
    with app.app_context():
        assert worlds.row(Round, round_id).state is RoundState.CLOSED
        assert count(Mark, Mark.round_id == round_id) == 0
        assert count(Job, Job.kind == "round.empty_marks", Job.state == JobState.DONE) == 1
        assert not keys.key_folder().has_mark_key(round_id)
        assert count(AuditEvent, AuditEvent.act == "round.empty_marks") == 1


def _windows(round_id: int) -> list[Window]:
    with privileged("a test looks") as session:
        rows = list(session.scalars(select(Window).where(Window.round_id == round_id)))
        session.expunge_all()
    return rows


def test_two_rounds_are_open_side_by_side(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    round_id = made(client)
    page = f"/rounds/{round_id}"
    client.submit(f"{page}/windows", windows_form(app, round_id, every_stage()))
    client.submit(f"{page}/agencies")
    client.submit(f"{page}/keys")
    assert client.submit(f"{page}/open", {"confirm": "1"}).status_code == 302
    with app.app_context():
        assert count(Round, Round.state == RoundState.OPEN) == 2
    assert NAME in client.get("/rounds").text


@pytest.mark.parametrize("typed", ["1/12/2561", "1 ธ.ค. 2561", "๑ ธันวาคม ๒๕๖๑", "2018-12-01"])
def test_days_are_read_as_people_write_them(app: Any, client_as: Any, typed: str) -> None:
    client = client_as("nacc")
    round_id = made(client)
    changes = {"iit__main__first": typed, "iit__main__last": "15/12/2561"}
    assert (
        client.submit(f"/rounds/{round_id}/windows", windows_form(app, round_id, changes)).status_code == 302
    )
    with app.app_context():
        (window,) = _windows(round_id)
        assert window.opens_at.isoformat() == "2018-12-01T00:00:00+07:00"
        assert window.closes_at.isoformat() == "2018-12-16T00:00:00+07:00"
    assert "16" not in client.get(f"/rounds/{round_id}/windows").text.partition('iit__main__last"')[2][:200]


@pytest.mark.parametrize(
    "changes",
    [
        {"iit__main__first": "20/12/2561", "iit__main__last": "1/12/2561"},
        {"iit__main__first": "20/12/2561"},
        {"iit__main__first": "วันนี้", "iit__main__last": "1/12/2561"},
        {"iit__main__first": "31/2/2562", "iit__main__last": "1/12/2562"},
        {
            "iit__main__first": "1/12/2561",
            "iit__main__last": "10/12/2561",
            "iit__last_call__first": "10/12/2561",
            "iit__last_call__last": "12/12/2561",
        },
    ],
    ids=["ends before it begins", "half", "no date", "no such day", "overlap"],
)
def test_wrong_dates_stay_on_the_form(app: Any, client_as: Any, changes: dict[str, str]) -> None:
    client = client_as("nacc")
    round_id = made(client)
    answer = client.submit(f"/rounds/{round_id}/windows", windows_form(app, round_id, changes))
    assert answer.status_code == 422
    assert all(typed in answer.text for typed in changes.values())
    with app.app_context():
        assert not _windows(round_id)


def test_an_earlier_end_is_asked_about_first(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    page = f"/rounds/{world.round_id}/windows"
    fields = windows_form(app, world.round_id, {"oit__main__last": "1/12/2561"})
    asked = client.submit(page, fields)
    assert asked.status_code == 200 and re.search(r'name="oit__main__last"\s+value="1/12/2561"', asked.text)
    assert client.submit(page, {**fields, "confirm": "1"}).status_code == 302
    with app.app_context():
        window = next(w for w in _windows(world.round_id) if w.stage is Stage.OIT)
        assert window.closes_at.isoformat() == "2018-12-02T00:00:00+07:00"


def test_what_has_happened_is_not_moved(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    page = f"/rounds/{world.round_id}/windows"
    for changes in (
        {"iit__main__first": "15/11/2561"},
        {"preparation__main__last": "30/11/2561"},
        {"oit__main__last": "1/11/2561"},
        {"oit__supplementary__first": "1/11/2561", "oit__supplementary__last": "2/11/2561"},
    ):
        assert client.submit(page, windows_form(app, world.round_id, changes)).status_code == 422, changes


def test_dates_that_leave_extensions_too_little_time_are_asked_about_with_who_has_them(
    app: Any, client_as: Any, world: worlds.World, make: Make
) -> None:
    """One agency has OIT until the 10th of January: scoring that ends on the 9th is too early for it."""
    with app.app_context(), privileged("a test reads") as session:
        one = session.get_one(Participation, world.participation["a1"])
        session.expunge_all()
    longer: dict[str, Any] = {"participation": one, "stage": Stage.OIT}
    first = datetime(2018, 12, 24, tzinfo=BANGKOK)
    make(ExtensionFactory, extends_from=first, until=datetime(2019, 1, 11, tzinfo=BANGKOK), **longer)
    page = f"/rounds/{world.round_id}/windows"
    enough = windows_form(app, world.round_id, {"oit_scoring__main__last": "12/1/2562"})
    client = client_as("nacc")
    asked = client.submit(page, enough).text
    assert "เร็วกว่าที่ประกาศ" in asked and "ได้รับการขยายเวลา" not in asked
    early = windows_form(app, world.round_id, {"oit_scoring__main__last": "9/1/2562"})
    asked = client.submit(page, early).text
    said = asked.replace("\u00a0", " ")
    assert "มี 1 หน่วยงานได้รับการขยายเวลา" in said and "เทศบาลตำบลเกาะคา" in said
    assert "10 มกราคม 2562" in said and "8 มกราคม 2562" in said, said
    seen = form_with(asked, "longer")["longer"]
    make(
        ExtensionFactory,
        extends_from=datetime(2019, 1, 11, tzinfo=BANGKOK),
        until=datetime(2019, 1, 15, tzinfo=BANGKOK),
        **longer,
    )
    once_more = client.submit(page, {**early, "longer": seen, "confirm": "1"})
    assert once_more.status_code == 200 and "14 มกราคม 2562" in once_more.text.replace("\u00a0", " ")
    assert "14 มกราคม" not in said
    seen = form_with(once_more.text, "longer")["longer"]
    assert client.submit(page, {**early, "longer": seen, "confirm": "1"}).status_code == 302
    assert client.submit(page, windows_form(app, world.round_id)).status_code == 302, "it was asked once"


def test_a_stale_windows_form_is_told_so(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    page = f"/rounds/{world.round_id}/windows"
    fields = windows_form(app, world.round_id, {"oit__main__last": "1/1/2562"})
    assert client.submit(page, fields).status_code == 302
    again = client.submit(page, fields | {"oit__main__last": "5/1/2562"})
    assert again.status_code == 409 and "5/1/2562" in again.text


def test_rules_of_an_open_round_stay(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    page = f"/rounds/{world.round_id}"
    with app.app_context():
        version = worlds.row(Round, world.round_id).version
    fields = {
        "version": str(version),
        "name": "ชื่อใหม่",
        "fiscal_year": "2999",
        "grace_minutes": "20",
        "first_digits": "0123",
        "eit_combine": "halves",
        "detail_threshold": "10",
        "total_threshold": "3",
    }
    assert client.submit(f"{page}/settings", fields | {"fiscal_year": "2562"}).status_code == 302
    with app.app_context():
        round = worlds.row(Round, world.round_id)
        assert (round.name, round.grace_seconds) == ("ชื่อใหม่", 1200)
        assert (round.fiscal_year, round.first_digits, round.demo_wording) == (2561, "12345678", True)
        assert round.eit_combine.value == "pooled"
    assert client.submit(f"{page}/build/rules/groups", {"groups-0-name": "x"}).status_code == 409
    stale = client.submit(f"{page}/settings", fields | {"fiscal_year": "2562", "name": "ชื่ออื่น"})
    assert stale.status_code == 409 and "ชื่ออื่น" in stale.text


def test_agencies_are_taken_up_once(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    assert client.submit(f"/rounds/{world.round_id}/agencies").status_code == 302
    with app.app_context():
        assert count(Participation, Participation.round_id == world.round_id) == 4


def test_the_drill_runs_again_while_the_key_is_here(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    page = f"/rounds/{world.round_id}"
    assert client.submit(f"{page}/drill").status_code == 302
    with app.app_context():
        keys.key_folder().destroy_urn_key(world.round_id)
    assert client.submit(f"{page}/drill").status_code == 409
    assert "drill-key --round" in client.get(page).text


def test_keys_of_kinds_of_window_keep_their_order() -> None:
    assert [kind for _stage, kind in windows.KEYS[:3]] == list(WindowKind)


def test_first_digits_typed_as_thai_digits_are_stored_as_numbers(app: Any, client_as: Any) -> None:
    client = client_as("nacc")
    round_id = made(client)
    with app.app_context():
        version = worlds.row(Round, round_id).version
    fields = {
        "version": str(version),
        "name": NAME,
        "fiscal_year": "2562",
        "grace_minutes": "15",
        "first_digits": "๓ ๒๑",
        "eit_combine": "pooled",
        "detail_threshold": "10",
        "total_threshold": "3",
    }
    settings = f"/rounds/{round_id}/settings"
    for wrong in ("", "1a", "١٢٣", "-1"):
        told = client.submit(settings, fields | {"first_digits": wrong})
        assert told.status_code == 422, wrong
    assert client.submit(settings, fields).status_code == 302
    with app.app_context():
        assert worlds.row(Round, round_id).first_digits == "123"


def test_a_round_whose_first_digits_refuse_every_id_does_not_open(app: Any, client_as: Any) -> None:
    client = client_as("nacc")
    round_id = made(client)
    with app.app_context(), writing(), privileged("a round of before") as session:
        session.get_one(Round, round_id).first_digits = "๑๒๓"
    page = client.get(f"/rounds/{round_id}").text
    assert "ทำให้แบบสำรวจไม่รับเลขของผู้ใดเลย" in page
    assert client.submit(f"/rounds/{round_id}/open", {"confirm": "1"}).status_code == 422


def test_a_round_that_was_changed_since_its_page_does_not_open(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    """What was looked at is what opens: another version of the content is looked at again."""
    client = client_as("nacc")
    round_id = made(client)
    page = f"/rounds/{round_id}/open"
    stale = client.submit(page, {"confirm": "1", "version": "0"})
    assert stale.status_code == 409
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Round, round_id).state is RoundState.DRAFT


def test_the_page_of_opening_leads_to_where_each_fault_is_mended(client_as: Any) -> None:
    client = client_as("nacc")
    round_id = made(client)
    page = client.get(f"/rounds/{round_id}/open").text
    assert "ต้องแก้ไข" in page or "ไปแก้ไข" in page
    assert f'href="/rounds/{round_id}/windows"' in page
