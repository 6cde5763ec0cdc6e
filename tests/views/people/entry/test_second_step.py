"""Signing in with a second factor, by its pages: kept forms, the page asked for, a browser that is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Account, SignInSession
from portal.core import sessions, sign_in
from portal.core.database.session import privileged, writing
from portal.core.sign_in import IDLE
from portal.core.web import Portal
from portal.people import accounts
from portal.people.factors import second_step
from portal.people.factors.passkeys import Site
from tests.portal.people.factors.test_passkeys import made
from tests.support.client import PortalClient
from tests.support.factors import Device, give_app, give_codes, give_password, number_of
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
SECOND = "/sign-in/second"


@pytest.fixture
def secret(app: Portal, world: World) -> str:
    """The agency's admin has an app."""
    with app.app_context():
        give_password(world.account["agency_admin"])
        return give_app(world.account["agency_admin"])


def password_given(client: PortalClient, page: str = "") -> str:
    """The sign-in page answered; gives where it led."""
    form = {"username": "agency_admin", "password": PASSWORD}
    answer = client.submit("/sign-in", form, query_string={"next": page} if page else None)
    assert answer.status_code == 302
    return answer.location


def test_after_the_password_comes_the_second_step_and_then_the_page_asked_for(
    secret: str, client_as: ClientAs
) -> None:
    client = client_as("")
    second = password_given(client, "/jobs")
    assert second == f"{SECOND}?next=/jobs"
    assert client.get("/jobs").location.startswith("/sign-in?"), "nobody is signed in yet"
    assert "รหัสผ่านของ agency_admin ถูกต้อง" in client.get(second).text
    wrong = client.submit(second, {"code": "000000"})
    assert wrong.status_code == 422 and "รหัสไม่ตรง" in wrong.text and "000000" not in wrong.text
    right = client.submit(second, {"code": number_of(secret)})
    assert right.location == "/jobs" and client.get("/jobs").status_code == 200
    assert client.get(second).location == "/sign-in?next=/jobs", "nothing waits any more"


def test_the_browser_is_known_after_the_second_step_only_and_does_not_skip_it(
    secret: str, client_as: ClientAs
) -> None:
    client = client_as("")
    password_given(client)
    assert client.get_cookie("portal-known", path="/sign-in") is None
    client.submit(SECOND, {"code": number_of(secret)})
    assert client.get_cookie("portal-known", path="/sign-in") is not None
    client.submit("/sign-out")
    assert password_given(client) == SECOND
    for _number in range(second_step.PAIR.burst + 1):
        assert client.submit(SECOND, {"code": "000000"}).status_code == 422
    assert client.submit(SECOND, {"code": number_of(secret, later=1)}).location == "/", "it has its own count"


def test_wrong_codes_say_how_long_to_wait(secret: str, client_as: ClientAs) -> None:
    client = client_as("")
    password_given(client)
    texts = [client.submit(SECOND, {"code": "000000"}).text for _number in range(second_step.PAIR.burst + 1)]
    assert "ลองใหม่" not in texts[0] and "วินาที" in texts[-1]


def test_the_cookie_of_the_wait_is_worth_nothing_afterwards(secret: str, client_as: ClientAs) -> None:
    client, thief = client_as(""), client_as("")
    password_given(client)
    with client.session_transaction() as stored:
        pending = stored["second_step"]
        assert "_user_id" not in stored
    client.submit(SECOND, {"code": number_of(secret)})
    for place in ("second_step", "_user_id"):
        with thief.session_transaction() as stored:
            stored[place] = pending
    assert thief.get("/jobs").location.startswith("/sign-in?")
    assert thief.get(SECOND).location == "/sign-in"


def test_a_form_kept_while_signed_out_waits_through_the_second_step(
    world: World, secret: str, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client = client_as("")
    password_given(client)
    client.submit(SECOND, {"code": number_of(secret)})
    clock(NOW + IDLE * 1.1)
    page = f"/rounds/{world.round_id}/preparation/headcount"
    led = client.submit(page, {"headcount": "4321"})
    assert led.location == f"/sign-in?next={page}"
    second = password_given(client, page)
    back = client.submit(second, {"code": number_of(secret, later=1)})
    assert back.location == page and 'value="4321"' in client.get(page).text


def test_after_ten_minutes_the_password_is_asked_for_again(
    secret: str, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client = client_as("")
    second = password_given(client, "/jobs")
    clock(NOW + sessions.PENDING + timedelta(seconds=1))
    led = client.submit(second, {"code": number_of(secret)})
    assert led.location == "/sign-in?next=/jobs"
    assert "ขั้นที่สองรอได้ 10 นาที กรอกรหัสผ่านอีกครั้ง" in client.get(led.location).text


def test_one_may_begin_again_as_somebody_else(secret: str, client_as: ClientAs) -> None:
    client = client_as("")
    password_given(client)
    assert client.submit(f"{SECOND}/again").location == "/sign-in"
    assert client.get(SECOND).location == "/sign-in"


def test_an_activated_account_with_a_factor_is_asked_for_it(
    app: Portal, world: World, secret: str, client_as: ClientAs
) -> None:
    with app.app_context(), writing(), privileged("a slip") as session:
        code = accounts.issue_code(session, session.get_one(Account, world.account["agency_admin"]))
    client = client_as("")
    with app.app_context():
        token = accounts.activate(code, "an entirely new sentence")
    with client.session_transaction() as stored:
        stored["second_step"] = token
    assert client.submit(SECOND, {"code": number_of(secret)}).status_code == 302
    assert client.get("/jobs").status_code == 200


def test_a_passkey_signs_in_at_its_own_host_and_is_offered_nowhere_else(
    app: Portal, world: World, secret: str, client_as: ClientAs
) -> None:
    me, site = world.account["agency_admin"], Site("http://localhost")
    client = client_as("")
    password_given(client)
    assert client.submit(f"{SECOND}/passkey").status_code == 404, "it has none yet"
    assert 'data-passkey="get"' not in client.get(SECOND).text
    with app.app_context():
        with privileged("a test looks") as session:
            assert session.scalars(select(SignInSession.factor_due)).all() == [True]
        token = sign_in.sign_in("agency_admin", PASSWORD, network="").token or ""
        device = made(token, me, Device(site.origin), site)
    assert 'data-passkey="get"' in client.get(SECOND).text
    elsewhere = client.get(SECOND, base_url="http://127.0.0.1:8000")
    assert 'data-passkey="get"' not in elsewhere.text
    options = client.submit(f"{SECOND}/passkey").get_json()
    wrong = client.submit(SECOND, {"passkey": "{}"})
    assert wrong.status_code == 422 and "พาสคีย์ไม่ตรง" in wrong.text
    assert client.submit(SECOND, {"passkey": device.sign(options)}).status_code == 422, "asked once"
    options = client.submit(f"{SECOND}/passkey").get_json()
    assert client.submit(SECOND, {"passkey": device.sign(options)}).location == "/"
    assert client.get("/jobs").status_code == 200


def test_a_recovery_code_signs_in_and_the_home_says_so(
    app: Portal, world: World, secret: str, client_as: ClientAs
) -> None:
    with app.app_context():
        code = give_codes(world.account["agency_admin"])[0]
    client = client_as("")
    password_given(client)
    assert client.submit(SECOND, {"code": code.lower()}).location == "/"
    home = client.get("/", follow_redirects=True).text
    assert "มีการใช้รหัสสำรองเข้าสู่ระบบด้วยบัญชีของท่าน เหลือ 9 รหัส" in home


def test_a_stranger_asks_for_nothing(client_as: ClientAs) -> None:
    client = client_as("")
    assert client.get(SECOND).location == "/sign-in"
    assert client.submit(SECOND, {"code": "123456"}).location == "/sign-in"
    assert client.submit(f"{SECOND}/passkey").status_code == 404
