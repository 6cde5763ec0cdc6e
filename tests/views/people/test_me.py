"""A person's own page, at every desk: data, rights, sessions, browsers, last sign-ins."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models.account import Account
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.factors import give_app, give_password
from tests.support.officers import second_desk
from tests.support.world import NOW, PASSWORD, PEOPLE, World, row

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
CHROME = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/141.0.0.0 Mobile Safari/537.36"}


@pytest.mark.parametrize("person", [person for person, _role, _place in PEOPLE if "other" not in person])
def test_everybody_reads_the_own_page_and_changes_the_own_data(
    app: Portal, world: World, client_as: ClientAs, person: str
) -> None:
    client = client_as(person)
    page = client.get("/me")
    assert page.status_code == 200 and f"ผู้ใช้ทดลอง {person}" in page.text
    assert 'href="/me"' in client.get("/", follow_redirects=True).text, "from the person's menu"
    with app.app_context():
        version = row(Account, world.account[person]).version
    form = {"name": f"ผู้ใช้ทดลอง {person}", "position": "นักทดลอง", "phone": "๐๘๑๑๑๑๑๑๑๑", "email": ""}
    assert client.submit("/me/edit", form | {"version": version}).location == "/me"
    page = client.get("/me")
    assert "นักทดลอง" in page.text and "0811111111" in page.text


def test_wrong_data_come_back_with_words_at_their_fields(client_as: ClientAs) -> None:
    answer = client_as("executive").submit("/me/edit", {"name": " ", "email": "nowhere", "version": 1})
    assert answer.status_code == 422
    assert "กรอกชื่อและนามสกุล" in answer.text and 'value="nowhere"' in answer.text


def test_sessions_are_shown_in_short_words_and_another_is_ended(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        give_password(world.account["executive"])
    here, there = client_as("executive"), client_as("")
    there.submit("/sign-in", {"username": "executive", "password": PASSWORD}, headers=CHROME)
    page = here.get("/me").text
    assert "Chrome · Android" in page and "127.0.0.0/24" in page and "เบราว์เซอร์นี้" in page
    with there.session_transaction() as stored:
        assert stored["_user_id"] not in page
    (key,) = re.findall(r'name="session" value="([0-9a-f]+)"', page)
    assert here.submit("/me/sessions/end", {"session": key}).location == "/me#sessions"
    assert there.get("/jobs").location.startswith("/sign-in")
    again = here.submit("/me/sessions/end", {"session": key})
    assert "ออกจากระบบไปก่อนแล้ว" in here.get(again.location).text
    there.submit("/sign-in", {"username": "executive", "password": PASSWORD})
    here.submit("/me/sessions/end-others")
    assert there.get("/jobs").location.startswith("/sign-in") and here.get("/me").status_code == 200


def test_a_forgotten_browser_waits_as_a_strange_one(app: Portal, world: World, client_as: ClientAs) -> None:
    right, wrong = (
        {"username": "executive", "password": PASSWORD},
        {"username": "executive", "password": "wrong"},
    )
    with app.app_context():
        give_password(world.account["executive"])
    client, others = client_as(""), client_as("")
    client.submit("/sign-in", right)
    for _number in range(8):
        others.submit("/sign-in", wrong)
    client.submit("/sign-out")
    assert client.submit("/sign-in", right).status_code == 302, "known"
    client.submit("/me/browsers/forget")
    client.submit("/sign-out")
    assert client.submit("/sign-in", right).status_code == 422, "forgotten"


def test_the_last_sign_ins_tell_of_wrong_passwords(app: Portal, world: World, client_as: ClientAs) -> None:
    client_as("").submit("/sign-in", {"username": "executive", "password": "wrong"})
    client = client_as("executive")
    page = client.get("/me").text
    assert "รหัสผ่านไม่ถูกต้อง" in page and "เข้าสู่ระบบ" in page
    assert "รหัสผ่านไม่ถูกต้อง" not in client_as("nacc").get("/me").text


def test_without_a_desk_the_own_page_is_there_too(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("the right has ended") as session:
        for grant in session.get_one(Account, world.account["executive"]).grants:
            grant.valid_until = NOW
    client = client_as("executive")
    assert client.get("/jobs").location.startswith("/desks")
    assert client.get("/me").status_code == 200


def test_an_officer_asks_that_a_lost_factor_is_taken_away(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    account = world.account["assessor"]
    with app.app_context():
        give_app(account)
    first = client_as("dla")
    page = f"/admin/accounts/{account}/second-factor"
    assert "ตรวจสอบทางโทรศัพท์" in first.get(page).text
    assert first.submit(page).location == f"/admin/accounts/{account}/rights"
    second = second_desk(app)
    waiting = second.get("/admin/rights").text
    assert "ยกเลิกการยืนยันตัวตนขั้นที่สองที่หาย" in waiting
    (confirm,) = re.findall(r'action="(/admin/rights/\d+/confirm)"', waiting)
    assert first.submit(confirm).status_code == 409
    done = second.submit(confirm)
    assert done.location == "/admin/rights"
    assert "และแจ้งเจ้าตัวแล้ว" in second.get("/admin/rights").text
    assert "ยกเลิกการยืนยันตัวตนขั้นที่สองของท่านแล้ว" in client_as("assessor").get("/", follow_redirects=True).text


def test_an_address_that_is_not_proved_leads_to_its_proof(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("executive")
    assert "เพิ่มและยืนยันอีเมล" in client.get("/me").text
    with app.app_context(), writing(), privileged("an address") as session:
        session.get_one(Account, world.account["executive"]).email = "tester@example.go.th"
    page = client.get("/me").text
    assert "ยังไม่ได้ยืนยันอีเมลนี้" in page and 'href="/me/email"' in page
    with app.app_context(), writing(), privileged("a proof") as session:
        session.get_one(Account, world.account["executive"]).email_proved_at = NOW
    page = client.get("/me").text
    assert "ยืนยันอีเมลแล้ว" in page and 'href="/me/email"' not in page
