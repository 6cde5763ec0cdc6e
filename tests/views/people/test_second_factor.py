"""Setting up and taking away a second factor, by the person's own pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from portal.core.web import Portal
from portal.people.factors import own_factors, totp
from reports.qr import qr_png
from tests.support.client import PortalClient
from tests.support.factors import Device, demand_of, give_app, give_codes, give_password, number_of
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
PAGE = "/me/second-factor"
CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")
LATER = NOW + own_factors.LATELY + timedelta(minutes=1)


@pytest.fixture
def me(app: Portal, world: World) -> int:
    """The agency's admin, with the password of all tests."""
    with app.app_context():
        give_password(world.account["agency_admin"])
    return world.account["agency_admin"]


def secret_on(page: str) -> str:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_an_app_is_set_up_by_qr_and_a_first_number_and_codes_follow(me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    assert "แสดง QR code" in client.get(f"{PAGE}/app").text
    assert client.submit(f"{PAGE}/app/begin").location == f"{PAGE}/app"
    page = client.get(f"{PAGE}/app")
    assert "<svg" in page.text and "no-store" in page.headers["Cache-Control"]
    secret = secret_on(page.text)
    wrong = client.submit(f"{PAGE}/app", {"code": "12"})
    assert wrong.status_code == 422 and "เลขไม่ตรง" in wrong.text and secret_on(wrong.text) == secret
    right = client.submit(f"{PAGE}/app", {"code": number_of(secret)})
    assert right.location == f"{PAGE}/codes"
    assert not CODE.search(client.get(f"{PAGE}/codes").text), "not before the button"
    shown = client.submit(f"{PAGE}/codes")
    assert len(set(CODE.findall(shown.text))) == 10 and "รหัสเหล่านี้แสดงเพียงครั้งนี้" in shown.text
    overview = client.get(PAGE).text
    assert not CODE.search(overview) and "เหลือ 10 รหัส" in overview
    assert client.get(f"{PAGE}/app").location == PAGE, "the secret is never shown again"


def test_the_qr_code_reads_as_what_the_app_needs(app: Portal, me: int) -> None:
    with app.app_context():
        totp.begin(me)
        shown = totp.shown(me)
    assert shown is not None
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(qr_png(shown.address))))
    assert read.text == shown.address and shown.text.replace(" ", "") in read.text


def test_a_form_sent_twice_is_one_act(me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    client.submit(f"{PAGE}/app/begin")
    secret = secret_on(client.get(f"{PAGE}/app").text)
    form = {"code": number_of(secret), **client.page()}
    first, second = (client.post(f"{PAGE}/app", data=form) for _number in range(2))
    assert (first.location, second.location) == (f"{PAGE}/codes", f"{PAGE}/codes")


def test_a_while_after_signing_in_the_password_is_asked_for(
    app: Portal, me: int, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client = client_as("agency_admin")
    with app.app_context():
        give_app(me)
        give_codes(me)
    clock(LATER)
    refused = client.submit(f"{PAGE}/codes", {"password": "wrong"})
    assert refused.status_code == 422 and "รหัสผ่านปัจจุบันไม่ตรง" in refused.text
    assert not CODE.search(refused.text)
    assert 'type="password"' in client.get(f"{PAGE}/passkeys/new").text
    made = client.submit(f"{PAGE}/passkeys/new", {"name": "x", "passkey": "{}", "password": "wrong"})
    assert made.status_code == 422
    assert CODE.search(client.submit(f"{PAGE}/codes", {"password": PASSWORD}).text)


def test_the_app_is_taken_away_with_the_password_only(app: Portal, me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    assert client.get(f"{PAGE}/app/remove").location == PAGE
    with app.app_context():
        give_app(me)
    page = client.get(f"{PAGE}/app/remove").text
    assert "นี่คือวิธีสุดท้ายของท่าน" in page
    for wrong in ("", "wrong"):
        assert client.submit(f"{PAGE}/app/remove", {"password": wrong}).status_code == 422
    assert client.submit(f"{PAGE}/app/remove", {"password": PASSWORD}).location == PAGE
    with app.app_context():
        assert not own_factors.of(me).any
    assert client.get(f"{PAGE}/codes").location == PAGE


def test_a_passkey_is_made_named_listed_and_removed(app: Portal, me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    device = Device("http://localhost")
    assert 'data-passkey="create"' in client.get(f"{PAGE}/passkeys/new").text
    options = client.submit(f"{PAGE}/passkeys/options").get_json()
    nameless = client.submit(f"{PAGE}/passkeys/new", {"name": " ", "passkey": device.make(options)})
    assert nameless.status_code == 422 and "ตั้งชื่อพาสคีย์" in nameless.text
    options = client.submit(f"{PAGE}/passkeys/options").get_json()
    form = {"name": "โทรศัพท์ทดลอง", "passkey": device.make(options)}
    assert client.submit(f"{PAGE}/passkeys/new", form).location == f"{PAGE}/codes"
    assert "โทรศัพท์ทดลอง" in client.get(PAGE).text
    assert "โทรศัพท์ทดลอง" in client.get("/me").text
    with app.app_context():
        (key,) = own_factors.of(me).keys
    remove = f"{PAGE}/passkeys/{key.id}/remove"
    assert client_as("executive").get(remove).status_code == 404, "of its own person only"
    assert "ลบพาสคีย์ “โทรศัพท์ทดลอง”" in client.get(remove).text
    assert client.submit(remove, {"password": PASSWORD}).location == PAGE
    assert client.get(remove).status_code == 404


def test_without_script_or_with_odd_words_no_passkey_is_made(me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    without = client.submit(f"{PAGE}/passkeys/new", {"name": "x"})
    assert without.status_code == 422 and "ต้องเปิด JavaScript" in without.text
    odd = client.submit(f"{PAGE}/passkeys/new", {"name": "x", "passkey": json.dumps({"id": "x"})})
    assert odd.status_code == 422 and "ระบบไม่ได้รับพาสคีย์" in odd.text


def test_at_an_address_of_numbers_the_page_says_why_and_where(me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    with client.session_transaction() as stored:
        held = dict(stored)
    other = client_as("")
    with other.session_transaction(base_url="http://127.0.0.1:8000") as stored:
        stored.update(held)
    page = other.get(PAGE, base_url="http://127.0.0.1:8000").text
    assert "ที่อยู่นี้สร้างพาสคีย์ไม่ได้" in page and 'href="http://localhost:8000/me/second-factor"' in page
    form = other.get(f"{PAGE}/passkeys/new", base_url="http://127.0.0.1:8000").text
    assert 'data-passkey="create"' not in form


def test_whoever_was_led_here_is_led_on_when_it_is_done(app: Portal, me: int, client_as: ClientAs) -> None:
    with app.app_context():
        demand_of("agency_admin")
    client = client_as("agency_admin")
    assert "ตั้งค่าก่อนทำงานต่อ" in client.get(client.get("/jobs").location).text
    client.submit(f"{PAGE}/app/begin")
    secret = secret_on(client.get(f"{PAGE}/app").text)
    client.submit(f"{PAGE}/app", {"code": number_of(secret)})
    assert 'href="/jobs"' in client.submit(f"{PAGE}/codes").text
    assert "ทำงานต่อ" in client.get(PAGE).text and client.get("/jobs").status_code == 200


def test_next_leads_to_this_site_only(app: Portal, me: int, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    with app.app_context():
        give_app(me)
    page = client.get(f"{PAGE}?next=//evil.example/")
    assert page.status_code == 200 and 'href="//evil' not in page.text
    assert 'href="/jobs"' in client.get(f"{PAGE}?next=/jobs").text
