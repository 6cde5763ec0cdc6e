"""What a person typed is never lost: a session ended, a token grew old, a colleague was faster."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.account import Account
from models.kept_form import KeptForm
from models.round import Round, Stage
from models.thai import thai_deadline_short
from portal import duties
from portal.core.database.session import db, privileged, writing
from portal.core.sign_in import ABSOLUTE, IDLE
from portal.core.stages import stage_state
from portal.rounds.checks import checks
from tests.support.client import PortalClient, client_of
from tests.support.passwords import set_password
from tests.support.rosters import draw
from tests.support.world import NOW, PASSWORD, World, acting_as

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
LATER = NOW + IDLE * 1.1
TEXT = "ขอให้ตรวจรายชื่อกลุ่มที่สามอีกครั้ง"
NOT_SENT = "ยังไม่ได้ส่ง: นี่คือสิ่งที่กรอกไว้"


@pytest.fixture(autouse=True)
def _passwords(app: Flask, world: World) -> None:
    with app.app_context(), writing(), privileged("passwords of a test") as session:
        for person in ("agency_admin", "executive", "dla"):
            set_password(session.get_one(Account, world.account[person]), PASSWORD)


@pytest.fixture
def base(world: World) -> str:
    return f"/rounds/{world.round_id}"


@pytest.fixture
def item(client_as: ClientAs, base: str) -> str:
    """The address of the first OIT item of the agency."""
    page = client_as("agency_admin").get(f"{base}/oit").get_data(as_text=True)
    found = re.search(rf"{base}/oit/\d+", page)
    assert found is not None
    return found[0]


def sign_in(client: PortalClient, world: World, person: str, answer: Any) -> Any:
    """Sign in on the page to which an answer leads; gives the page that comes then."""
    sent = client.submit(answer.headers["Location"], {"username": person, "password": PASSWORD})
    assert sent.status_code == 302, sent.get_data(as_text=True)
    return client.get(sent.headers["Location"])


def kept(app: Flask) -> int:
    """How many forms are kept."""
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(KeptForm)) or 0


def answer_of(text: str) -> dict[str, str]:
    """An answer to an OIT item, as its form sends it."""
    return {"disclosed": "no", "links": "", "explanation": text, "version": "0"}


# -- the session ended ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [IDLE * 1.1, ABSOLUTE * 1.01])
def test_what_was_typed_comes_back_after_signing_in_and_is_not_sent_by_itself(
    app: Flask, client_as: ClientAs, world: World, clock: Callable[[object], None], item: str, after: Any
) -> None:
    admin = client_as("agency_admin")
    clock(NOW + after)
    page = sign_in(admin, world, "agency_admin", admin.submit(item, answer_of(TEXT)))
    text = page.get_data(as_text=True)
    assert page.request.path == item
    assert TEXT in text
    assert NOT_SENT in text
    assert TEXT not in client_as("agency_admin").get(item).get_data(as_text=True)  # stored nowhere
    sent = admin.submit(item, answer_of(TEXT))
    assert sent.status_code == 302
    assert kept(app) == 0
    assert NOT_SENT not in admin.get(item).get_data(as_text=True)


def test_a_generated_form_comes_back_too(
    client_as: ClientAs, world: World, clock: Callable[[object], None]
) -> None:
    officer = client_as("dla")
    clock(LATER)
    answer = officer.submit("/admin/provinces/new/", {"name": "จังหวัดที่พิมพ์ไว้", "code": "77"})
    text = sign_in(officer, world, "dla", answer).get_data(as_text=True)
    assert 'value="จังหวัดที่พิมพ์ไว้"' in text
    assert NOT_SENT in text


def test_nobody_else_ever_sees_it(
    app: Flask, client_as: ClientAs, world: World, clock: Callable[[object], None], item: str
) -> None:
    admin = client_as("agency_admin")
    clock(LATER)
    answer = admin.submit(item, answer_of(TEXT))
    assert kept(app) == 1
    other = sign_in(admin, world, "executive", answer)
    assert TEXT not in other.get_data(as_text=True)
    clerk = client_of(app)
    other = sign_in(clerk, world, "agency_admin", answer)  # the same person without the browser's key
    assert TEXT not in other.get_data(as_text=True)


def test_it_is_kept_sealed_and_for_minutes(
    app: Flask, client_as: ClientAs, world: World, clock: Callable[[object], None], item: str
) -> None:
    admin = client_as("agency_admin")
    clock(LATER)
    answer = admin.submit(item, answer_of(TEXT + " 1101700230708"))
    with app.app_context(), privileged("a test reads") as session:
        row_kept = session.scalars(select(KeptForm)).one()
        assert TEXT.encode() not in row_kept.sealed
        assert row_kept.account_id == world.account["agency_admin"]
    text = sign_in(admin, world, "agency_admin", answer).get_data(as_text=True)
    assert "1101700230708" not in text  # a citizen ID is never kept
    assert "•" * 13 in text
    clock(LATER + IDLE * 1.5)
    with app.app_context():
        duties.clear_kept_forms()
    assert kept(app) == 0


def test_the_person_may_let_it_go(
    app: Flask, client_as: ClientAs, world: World, clock: Callable[[object], None], item: str
) -> None:
    admin = client_as("agency_admin")
    clock(LATER)
    sign_in(admin, world, "agency_admin", admin.submit(item, answer_of(TEXT)))
    assert admin.submit("/session/kept/discard", {"address": item}).headers["Location"] == item
    assert kept(app) == 0
    assert (
        admin.submit("/session/kept/discard", {"address": "//elsewhere.example"}).headers["Location"] == "/"
    )


# -- a token of another session --------------------------------------------------------------------------


def test_a_form_with_an_old_token_is_shown_again_at_once(client_as: ClientAs, item: str) -> None:
    admin = client_as("agency_admin")
    answer = admin.post(item, data={**answer_of(TEXT), "csrf_token": "of yesterday"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert TEXT in text
    assert f'action="{item}"' in text or 'method="post" novalidate data-unsaved' in text
    assert TEXT not in client_as("agency_admin").get(item).get_data(as_text=True)


def test_an_old_token_after_the_session_leads_to_signing_in_and_back(
    client_as: ClientAs, world: World, clock: Callable[[object], None], item: str
) -> None:
    admin = client_as("agency_admin")
    clock(LATER)
    answer = admin.post(item, data={**answer_of(TEXT), "csrf_token": "of yesterday"})
    assert TEXT in sign_in(admin, world, "agency_admin", answer).get_data(as_text=True)


def test_words_that_another_site_sends_are_not_shown_as_a_persons(client_as: ClientAs, item: str) -> None:
    data = {**answer_of(TEXT), "csrf_token": "guessed"}
    answer = client_as("agency_admin").post(item, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert TEXT not in answer.get_data(as_text=True)


def test_a_sign_in_page_that_stood_open_keeps_the_name_and_never_the_password(
    client_as: ClientAs,
) -> None:
    answer = client_as("").post("/sign-in", data={"username": "somchai", "password": "secret-words"})
    text = answer.get_data(as_text=True)
    assert 'value="somchai"' in text
    assert "secret-words" not in text


# -- refused, or somebody was faster -------------------------------------------------------------------------


def test_a_deadline_that_passed_shows_the_words_to_copy(
    client_as: ClientAs, world: World, clock: Callable[[object], None], base: str, item: str
) -> None:
    clock("2019-02-01T10:00:00+07:00")
    for address, data in ((item, answer_of(TEXT)), (f"{base}/preparation/headcount", {"headcount": "77"})):
        text = client_as("agency_admin").submit(address, data).get_data(as_text=True)
        assert re.search(rf"<textarea[^>]* readonly>({TEXT}|77)</textarea>", text), address


def test_a_conflict_on_the_confirmation_ends_on_the_page_itself(
    client_as: ClientAs, world: World, base: str
) -> None:
    executive = client_as("executive")
    answer = executive.submit(f"{base}/preparation/confirm", {"confirm": "1", "version": "99"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "ยืนยันข้อมูล" in text
    assert 'name="version"' in text
    assert 'value="99"' not in text


def test_a_conflict_on_a_call_keeps_what_was_chosen_and_lets_the_interviewer_go_on(
    app: Flask, client_as: ClientAs, world: World, base: str
) -> None:
    first = draw(app, world)[0]
    call = f"{base}/assessor/{world.participation['a1']}/calls/{first}"
    caller = client_as("interviewer")
    caller.submit(f"{base}/assessor/{world.participation['a1']}/roster/names")
    page = caller.get(call).get_data(as_text=True)
    lines = sorted(set(re.findall(r'name="(q\d+)"', page)))
    answers = dict.fromkeys(lines, "1")
    answer = caller.submit(call, {**answers, "version": "99"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert text.count(" checked") == len(lines) > 10
    version = re.search(r'name="version"\s+value="(\d+)"', text)
    assert version is not None
    assert caller.submit(call, {**answers, "version": version[1]}).status_code == 302
    refused = caller.submit(f"{call}/outcome", {"step": "no_answer", "version": "1"})
    assert refused.status_code == 409
    assert "ไปหน้าแรก" not in refused.get_data(as_text=True)  # the call itself, no dead end


# -- the grace time of a round ---------------------------------------------------------------------------


def test_what_arrives_just_after_the_window_is_taken_and_screens_name_the_last_day_only(
    app: Flask, client_as: ClientAs, world: World, clock: Callable[[object], None], base: str, item: str
) -> None:
    for stage, address, data in (
        (Stage.PREPARATION, f"{base}/preparation/headcount", {"headcount": "77"}),
        (Stage.OIT, item, answer_of(TEXT)),
    ):
        with app.app_context(), privileged("a test looks at the calendar") as session:
            end = stage_state(session.get_one(Round, world.round_id), stage).final_close
        assert end is not None, stage
        admin = client_as("agency_admin")
        clock(end + timedelta(minutes=14))
        admin.sign_in_as(world.account["agency_admin"])
        assert admin.submit(address, data).status_code == 302, stage
        page = admin.get(f"{base}/{'preparation' if stage is Stage.PREPARATION else 'oit'}")
        assert thai_deadline_short(end + timedelta(minutes=15)) not in page.get_data(as_text=True)
        clock(end + timedelta(minutes=15))
        assert admin.submit(address, data).status_code == 422, stage


def test_a_grace_time_that_reaches_beyond_the_next_stage_is_found_before_opening(
    app: Flask, world: World
) -> None:
    found = []
    with app.test_request_context(), acting_as(world.actor("nacc")):
        for seconds in (900, 400 * 24 * 3600):
            round = db.session.get_one(Round, world.round_id)
            round.office_grace_seconds = seconds
            found += [check.ok for check in checks(round) if check.name == "grace"]
            db.session.rollback()
    assert found == [True, False]
