"""The gate: who may use an address, what a stranger is told, what becomes of a form that came too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, select, update

from models.account import Account, Role, SignInSession
from models.kept_form import KeptForm
from models.participation import Participation
from portal.core import gate, sign_in
from portal.core.access import GRANTS, open_to_all, requires, signed_in
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.sent.unsent import BY_SCRIPT
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.factors import demand_of, give_app
from tests.support.lines import saying
from tests.support.world import NOW, World, row

ClientAs = Callable[[str], PortalClient]
Clock = Callable[[object], None]
#: a person of the world for each role
ROLES_OF = {person: role for person, role, _place in reversed(worlds.PEOPLE) if "other" not in person}
PAST_IDLE = NOW + sign_in.IDLE + timedelta(minutes=1)


@pytest.fixture
def doors() -> Flask:
    """An application that has a gate and no doors yet."""
    app = Flask("doors")
    app.extensions["access_rules"] = {}
    return app


def test_an_address_without_a_rule_stops_the_start_and_is_named(doors: Flask) -> None:
    doors.add_url_rule("/b", "second", lambda: "")
    doors.add_url_rule("/a", "first", lambda: "")
    with pytest.raises(LookupError, match="first, second"):
        gate.close(doors)


@pytest.mark.parametrize(
    ("mark", "rule"),
    [(open_to_all, "open"), (signed_in, "signed_in"), (requires(P.STATUS_READ), P.STATUS_READ)],
)
def test_a_view_carries_its_rule(doors: Flask, mark: Callable[[Any], Any], rule: object) -> None:
    doors.add_url_rule("/a", "a", mark(lambda: ""))
    gate.close(doors)
    assert doors.extensions["access_rules"] == {"static": "open", "a": rule}


def test_a_declared_rule_counts_above_the_views_own(doors: Flask) -> None:
    doors.add_url_rule("/a", "a", open_to_all(lambda: ""))
    gate.declare(doors, "a", None)
    assert gate.rules_of(doors)["a"] is None


def test_files_of_pages_are_for_everybody_but_admin_s_are_declared(app: Portal) -> None:
    with app.app_context():
        assert gate.access_rule("static") == "open"
        assert gate.access_rule("admin.static") is None


@pytest.mark.parametrize("person", list(ROLES_OF))
def test_what_a_role_may_not_use_does_not_exist_for_it(
    world: World, client_as: ClientAs, person: str
) -> None:
    client, here, role = client_as(person), f"/rounds/{world.round_id}", ROLES_OF[person]
    for url, permission in (
        ("/admin/record/", P.RECORD_READ),
        (f"{here}/settings", P.ROUNDS_WRITE),
        (f"{here}/preparation/headcount", P.PREPARATION_ENTER),
        (f"{here}/oit/review", P.DISCLOSURE_REVIEW),
        (f"{here}/assessor", P.INTERVIEW_RECORD),
    ):
        assert (client.get(url).status_code != 404) is (permission in GRANTS[role]), (role, url)


def test_who_asks_for_what_its_desk_may_not_use_is_noted_in_the_log(
    world: World, client_as: ClientAs
) -> None:
    with saying() as said:
        client_as("agency_admin").get("/admin/record/")
    noted = [line for line in said.lines if line["level"] == "WARNING"]
    account = world.account["agency_admin"]
    assert [line["text"] for line in noted] == [
        f"account {account} asked for record.index_view, which its desk may not use"
    ]


def test_a_page_for_nobody_is_not_even_there_for_nacc(client_as: ClientAs) -> None:
    assert client_as("nacc").get("/admin/static/css/admin.css").status_code == 404


def test_an_address_that_is_none_is_not_found_without_signing_in(client_as: ClientAs) -> None:
    assert client_as("").get("/nowhere-at-all").status_code == 404


def test_a_stranger_is_led_to_sign_in_and_back_again(world: World, client_as: ClientAs) -> None:
    answer = client_as("").get(f"/rounds/{world.round_id}/status?tab=oit")
    assert answer.status_code == 302
    assert answer.location == f"/sign-in?next=/rounds/{world.round_id}/status?tab%3Doit"


def test_a_stranger_s_form_is_not_taken_and_nothing_is_kept(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    answer = client_as("").submit(f"/rounds/{world.round_id}/preparation/headcount", {"headcount": "52"})
    assert answer.location.startswith("/sign-in?next=")
    assert kept(app) == 0


def test_who_has_several_desks_chooses_one_first(
    app: Portal, make: Make, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        account = row(Account, world.account["province"])
    make(GrantFactory, account=account, role=Role.PROVINCE, province_id=world.province["81"])
    client = client_as("province")
    answer = client.get("/jobs")
    assert answer.location == "/desks?next=/jobs"
    assert client.get(answer.location).status_code == 200, "for whoever is signed in, also without a desk"


def kept(app: Portal) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(KeptForm)) or 0


def late(world: World, client_as: ClientAs, clock: Clock, url: str, data: dict[str, str], **more: Any) -> Any:
    """What a form brings that is sent after the session's end: the answer, and the page it leads to."""
    client = client_as("agency_admin")
    fields = {**client.page(), **data}
    clock(PAST_IDLE)
    answer = client.post(url.format(here=f"/rounds/{world.round_id}"), data=fields, **more)
    return answer, client.get(answer.location).text if answer.location else ""


KEPT, NEVER_KEPT, PRESS_AGAIN = "ยังไม่ได้ส่ง", "ระบบไม่เก็บไว้", "กดใหม่อีกครั้ง"


@pytest.mark.parametrize(
    ("url", "data", "words", "rows"),
    [
        ("{here}/preparation/headcount", {"headcount": "52"}, KEPT, 1),
        ("{here}/preparation/submit", {}, PRESS_AGAIN, 0),
        ("/password", {"old": "x", "new": "y", "note": "typed"}, NEVER_KEPT, 0),
        ("/sign-out", {"note": "typed"}, PRESS_AGAIN, 0),
    ],
)
def test_a_form_after_the_session_s_end_is_kept_where_it_may_be(
    app: Portal,
    world: World,
    client_as: ClientAs,
    clock: Clock,
    url: str,
    data: dict[str, str],
    words: str,
    rows: int,
) -> None:
    answer, page = late(world, client_as, clock, url, data)
    assert answer.status_code == 302
    assert "เพราะไม่มีการใช้งานนาน 30 นาที" in page
    assert words in page
    assert kept(app) == rows


def test_a_session_without_a_desk_has_nothing_kept(
    app: Portal, world: World, client_as: ClientAs, clock: Clock
) -> None:
    client = client_as("agency_admin")
    with app.app_context(), writing(), privileged("no desk is chosen") as session:
        session.execute(update(SignInSession).values(grant_id=None))
    fields = {**client.page(), "headcount": "52"}
    clock(PAST_IDLE)
    answer = client.post(f"/rounds/{world.round_id}/preparation/headcount", data=fields)
    assert NEVER_KEPT in client.get(answer.location).text
    assert kept(app) == 0


def test_what_no_server_keeps_stays_on_its_page(world: World, client_as: ClientAs, clock: Clock) -> None:
    answer, _page = late(
        world, client_as, clock, "/password", {"old": "x", "note": "typed"}, headers={BY_SCRIPT: "1"}
    )
    assert (answer.status_code, answer.text) == (401, "")


def test_who_only_read_when_the_session_ended_is_not_told_of_anything_lost(
    client_as: ClientAs, clock: Clock
) -> None:
    client = client_as("nacc")
    clock(PAST_IDLE)
    page = client.get("/jobs", follow_redirects=True).text
    assert "ไม่มีการใช้งานนาน" in page and "รายการที่กดล่าสุดยังไม่ได้ทำ" not in page


def test_a_kept_form_is_shown_to_its_person_again(world: World, client_as: ClientAs, clock: Clock) -> None:
    client = client_as("agency_admin")
    url = f"/rounds/{world.round_id}/preparation/headcount"
    fields = {**client.page(), "headcount": "4321"}
    clock(PAST_IDLE)
    client.post(url, data=fields)
    client.sign_in_as(world.account["agency_admin"])
    assert 'value="4321"' in client.get(url).text


def test_a_page_made_while_the_database_is_away_is_nobodys(app: Portal, world: World) -> None:
    with app.test_request_context():
        g.actor = g._login_user = "somebody"
        gate.ask_nobody()
        assert (g.actor, g._login_user) == (None, None)


# -- a second factor that is demanded --------------------------------------------------------------------


@pytest.fixture
def demanded(app: Portal, world: World) -> None:
    """One is demanded of agencies' people; nobody has one."""
    with app.app_context():
        demand_of("agency_admin", "executive")


@pytest.mark.usefixtures("demanded")
def test_whoever_lacks_a_demanded_factor_is_led_to_set_one_up_and_may_leave(client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    led = client.get("/jobs?state=done")
    assert led.status_code == 302 and led.location == "/me/second-factor?next=/jobs?state%3Ddone"
    page = client.get(led.location)
    assert page.status_code == 200 and "ตั้งค่าก่อนทำงานต่อ" in page.text
    assert [client.get(path).status_code for path in ("/me", "/desks", "/password", "/session")] == [200] * 4
    assert client_as("province").get("/jobs").status_code == 200, "of whom none is demanded"
    assert client.submit("/sign-out").location == "/sign-in"


@pytest.mark.usefixtures("demanded")
def test_with_the_factor_set_up_everything_opens(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    with app.app_context():
        give_app(world.account["agency_admin"])
    assert client.get("/jobs").status_code == 200


@pytest.mark.usefixtures("demanded")
def test_what_was_typed_when_the_demand_came_is_kept_for_afterwards(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("agency_admin")
    page = f"/rounds/{world.round_id}/preparation/headcount"
    led = client.submit(page, {"headcount": "4321"})
    assert led.status_code == 302 and led.location.startswith("/me/second-factor?next=/rounds/")
    assert "ระบบเก็บสิ่งที่กรอกไว้แล้ว" in client.get(led.location).text
    with app.app_context():
        assert row(Participation, world.participation["a1"]).headcount is None
        give_app(world.account["agency_admin"])
    assert 'value="4321"' in client.get(page).text


@pytest.mark.usefixtures("demanded")
def test_what_is_never_kept_stays_on_its_page(world: World, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    file = {"file": (BytesIO(b"x"), "names.xlsx")}
    answer = client.submit(
        f"/rounds/{world.round_id}/preparation/roster/import", file, headers={BY_SCRIPT: "1"}
    )
    assert answer.status_code == 409 and "เปิดแท็บใหม่เพื่อตั้งค่าให้เสร็จ" in answer.text
