"""A respondent's way through the form, by plain requests (no script, no cookie)."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.instrument import InstrumentKind
from models.thai import thai_digits
from portal.ballot.wall import system_read
from portal.core.web import Portal
from survey_forms import blueprint, limits
from tests.support.ballots import answers_counted, counts_equal_recount
from tests.support.respondents import LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import NOW, World

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT


@pytest.fixture
def codes(app: Portal, world: World) -> dict[InstrumentKind, str]:
    confirm(app, world)
    return link_codes(app, world)


@pytest.mark.postgres
@pytest.mark.parametrize("kind", [IIT, EIT])
def test_an_answer_is_taken_once(
    app: Portal, world: World, codes: dict[InstrumentKind, str], kind: InstrumentKind
) -> None:
    client, url = app.test_client(), f"/s/{codes[kind]}"
    page = client.get(url)
    assert page.status_code == 200
    form = filled(token_in(page.text), citizen_id(7), kind)
    sent = client.post(url, data=form)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{url}/thanks")
    assert "ขอบคุณ" in client.get(sent.headers["Location"]).text
    other = {**filled(token_in(client.get(url).text), "-".join(citizen_id(7)), kind)}
    again = client.post(url, data=other)
    assert again.status_code == 409
    assert "เลขบัตรนี้ตอบแล้ว" in again.text
    with app.app_context():
        assert counts_equal_recount(world.round_id)


def test_no_response_sets_a_cookie_or_may_be_kept(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    page = client.get(url)
    form = filled(token_in(page.text), citizen_id(1), EIT)
    for response in (
        page,
        client.post(url, data={**form, "id": ""}),
        client.post(url, data=form),
        client.post(url, data=form),
        client.get(f"{url}/thanks"),
        client.get("/s/unknown"),
    ):
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "sha256-" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", [IIT, EIT])
def test_the_form_is_small(app: Portal, codes: dict[InstrumentKind, str], kind: InstrumentKind) -> None:
    client, url = app.test_client(), f"/s/{codes[kind]}"
    plain = client.get(url)
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    same = re.sub(rb'value="\d+\.[0-9a-f.]+"', b"", plain.data)
    assert re.sub(rb'value="\d+\.[0-9a-f.]+"', b"", gzip.decompress(packed.data)) == same
    assert len(packed.data) <= 12_000
    assert len(plain.data) <= 64_000


@pytest.mark.postgres
def test_errors_keep_everything_that_was_typed(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    form = filled(token_in(client.get(url).text), "1 2345 67890 12", EIT, choice=2)
    del form["q2"], form["q5"]
    again = client.post(url, data=form)
    assert again.status_code == 422
    page = html.unescape(again.text)
    assert "ยังไม่ได้ส่ง เหลืออีก 3 ที่" in page
    assert "เลขบัตรประชาชนต้องมี 13 หลัก ขณะนี้มี 12 หลัก" in page
    assert 'value="1 2345 67890 12"' in page
    assert '<a href="#q2">ข้อ 3 ยังไม่ได้เลือกคำตอบ</a>' in page
    assert page.count(" checked") == LINES[EIT] - 2
    assert "Content-Encoding" not in again.headers, "nothing was said of gzip"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "กรอกเลขบัตรประชาชน 13 หลัก"),
        ("12345678901ab", "มีเฉพาะตัวเลข"),
        ("9" + citizen_id(3)[1:], "แบบสำรวจนี้รับเลขที่ขึ้นต้นด้วย 1–8"),
        (citizen_id(3)[:-1] + str((int(citizen_id(3)[-1]) + 1) % 10), "อาจสลับหรือพิมพ์ผิด 1 ตัว"),
    ],
)
def test_a_wrong_id_is_told_how_to_mend(
    app: Portal, codes: dict[InstrumentKind, str], typed: str, words: str
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    again = client.post(url, data=filled(token_in(client.get(url).text), typed, EIT))
    assert again.status_code == 422
    assert words in again.text


def test_what_is_typed_is_never_markup(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    form = filled(token_in(client.get(url).text), '"><script>alert(1)</script>', EIT)
    page = client.post(url, data={**form, "q1": '2" onfocus="x'}).text
    assert "<script>alert" not in page
    assert "onfocus" not in page


def test_thai_digits_and_dashes_are_an_id_too(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    typed = thai_digits("-".join((citizen_id(5)[:1], citizen_id(5)[1:5], citizen_id(5)[5:])))
    assert client.post(url, data=filled(token_in(client.get(url).text), typed, EIT)).status_code == 303


def test_from_already_answered_back_to_the_filled_form(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    client.post(url, data=filled(token_in(client.get(url).text), citizen_id(5), EIT))
    form = filled(token_in(client.get(url).text), citizen_id(5), EIT, choice=2)
    refused = client.post(url, data=form).text
    assert citizen_id(5) not in refused
    packed = refused.split('name="a" value="')[1].split('"')[0]
    back = client.post(url, data={"t": token_in(refused), "a": packed, "back": "1"})
    assert back.text.count(" checked") == LINES[EIT]
    mended = {"t": token_in(back.text), "id": citizen_id(6), **{k: v for k, v in form.items() if k[0] == "q"}}
    assert client.post(url, data=mended).status_code == 303


@pytest.mark.postgres
def test_that_was_not_me_is_counted_only_after_a_refusal(
    app: Portal, codes: dict[InstrumentKind, str], clock: Callable[[object], None]
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    token = token_in(client.get(url).text)
    assert client.post(f"{url}/not-me", data={"t": token}).status_code == 409
    client.post(url, data=filled(token, citizen_id(5), EIT))
    form = filled(token_in(client.get(url).text), citizen_id(5), EIT)
    for _again in range(3):
        refused = client.post(url, data=form).text.split("/not-me")[1]
        assert "รับแจ้งแล้ว" in client.post(f"{url}/not-me", data={"t": token_in(refused)}).text
    with app.app_context(), system_read() as connection:
        assert connection.execute(text("SELECT sum(count) FROM contested_count")).scalar() == 1
    clock(NOW + timedelta(hours=2))
    late = client.post(f"{url}/not-me", data={"t": token_in(refused)})
    assert late.status_code == 409
    assert "ยังไม่ได้นับ" in late.text


def test_a_form_of_another_link_is_given_back(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client = app.test_client()
    foreign = token_in(client.get(f"/s/{codes[IIT]}").text)
    again = client.post(f"/s/{codes[EIT]}", data=filled(foreign, citizen_id(1), EIT))
    assert again.status_code == 400
    assert citizen_id(1) in again.text
    assert again.text.count(" checked") == LINES[EIT]


def test_one_address_cannot_flood_and_its_neighbours_still_answer(
    app: Portal, codes: dict[InstrumentKind, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    small = limits.Gate()
    small.addresses = limits.Buckets(burst=2, per_second=0.0)
    monkeypatch.setattr(blueprint, "gate", small)
    token = token_in(client.get(url).text)

    def send(number: int, address: str) -> int:
        form = filled(token, citizen_id(number), EIT)
        return client.post(url, data=form, environ_base={"REMOTE_ADDR": address}).status_code

    assert [send(n, "203.0.113.7") for n in range(4)] == [303, 303, 429, 429]
    assert send(9, "203.0.113.8") == 303
    kept = b"".join(small.addresses._levels)
    assert b"203" not in kept
    assert bytes((203, 0, 113, 7)) not in kept


def test_a_network_of_ipv6_is_one_address(
    app: Portal, codes: dict[InstrumentKind, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    small = limits.Gate()
    small.addresses = limits.Buckets(burst=2, per_second=0.0)
    monkeypatch.setattr(blueprint, "gate", small)

    def send(number: int, address: str) -> int:
        form = filled(token_in(client.get(url).text), citizen_id(number), EIT)
        return client.post(url, data=form, environ_base={"REMOTE_ADDR": address}).status_code

    one_phone = ["2001:db8:1:1::1", "2001:db8:1:1:ffff::9", "2001:db8:1:1:a:b:c:d"]
    assert [send(n, address) for n, address in enumerate(one_phone)] == [303, 303, 429]
    assert send(7, "2001:db8:1:2::1") == 303, "the neighbour"
    assert [send(20 + n, f"{way}203.0.113.7") for n, way in enumerate(("", "::ffff:", ""))] == [303, 303, 429]


def test_a_body_larger_than_any_form_is_refused(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    big = app.test_client().post(f"/s/{codes[EIT]}", data={"id": "1" * 70_000})
    assert big.status_code == 413


def test_the_page_is_whole(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    blank = client.get(url).text
    again = client.post(url, data={"t": token_in(blank), "id": "1", "q3": "2"}).text
    for page in (blank, again):
        assert "&lt;" not in page
        assert not set(page) & {"\ue000", "\ue001"}
        assert page.count("<main>") == page.count("</main>") == 1
        assert page.count('type="radio"') == sum(len(line) for line in ("1234",) * 13 + ("12",) * 6)


@pytest.mark.postgres
def test_a_form_sent_twice_is_one_sending_and_the_first_answers_count(
    app: Portal, world: World, codes: dict[InstrumentKind, str]
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    form = filled(token_in(client.get(url).text), citizen_id(5), EIT, choice=1)
    first = client.post(url, data=form)
    second = client.post(url, data={**form, "q3": "2"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert "นับคำตอบที่ส่งครั้งแรก" not in client.get(first.headers["Location"]).text
    assert "นับคำตอบที่ส่งครั้งแรก" in client.get(second.headers["Location"]).text
    with app.app_context():
        assert answers_counted(world.round_id) == 1
        assert counts_equal_recount(world.round_id)


def test_forms_are_told_apart_also_within_one_second(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    one, other = (token_in(client.get(url).text) for _time in range(2))
    assert one.split(".")[0] == other.split(".")[0]
    assert one != other
    assert len(one.split(".")[1]) == 32, "16 random bytes"


def test_a_form_that_comes_back_stays_the_same_form(app: Portal, codes: dict[InstrumentKind, str]) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    token = token_in(client.get(url).text)
    again = client.post(url, data=filled(token, "", EIT)).text
    assert token_in(again) == token
    mended = filled(token, citizen_id(5), EIT)
    assert client.post(url, data=mended).status_code == 303
    client.post(url, data=filled(token_in(client.get(url).text), citizen_id(6), EIT))
    refused = client.post(url, data=filled(token, citizen_id(6), EIT)).text
    assert token_in(refused) == token


def test_a_form_with_a_stale_token_comes_back_filled_and_can_be_sent(
    app: Portal, codes: dict[InstrumentKind, str]
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    for stale in ("", "1541998800.0123456789abcdef0123456789abcdef", "1.2.3", "๑.๒.๓", "\x00"):
        again = client.post(url, data=filled(stale, citizen_id(8), EIT, choice=2))
        assert again.status_code == 400
        assert again.text.count(" checked") == LINES[EIT]
        assert citizen_id(8) in again.text
    assert client.post(url, data=filled(token_in(again.text), citizen_id(8), EIT)).status_code == 303


def test_which_first_digits_are_taken_is_said_at_the_field(
    app: Portal, codes: dict[InstrumentKind, str]
) -> None:
    page = app.test_client().get(f"/s/{codes[EIT]}").text
    field = page[page.index('for="id"') : page.index('name="id"')]
    assert "รับเลขที่ขึ้นต้นด้วย 1–8" in field
    assert "สอบถามผู้ดูแลของหน่วยงานก่อนเริ่มตอบ" in field


@pytest.mark.postgres
@pytest.mark.parametrize("code", ["%00", "x", "9" * 400, "%F0%9F%98%80" * 21, "%E0%B9%91" * 21])
def test_words_from_outside_are_no_link(app: Portal, world: World, code: str) -> None:
    client = app.test_client()
    for path in (f"/s/{code}", f"/s/{code}/thanks"):
        assert client.get(path).status_code == 404
    for path in (f"/s/{code}", f"/s/{code}/not-me"):
        assert client.post(path, data={"t": "1"}).status_code == 404


@pytest.mark.postgres
def test_words_from_outside_in_a_body_are_told_or_left_out(
    app: Portal, codes: dict[InstrumentKind, str]
) -> None:
    client, url = app.test_client(), f"/s/{codes[EIT]}"
    token = token_in(client.get(url).text)
    for strange in ("\x00", "9" * 5000, "²", "๑" * 500, "-1", "1e9", "\ud800", "99999999999999999999"):
        value = strange.encode("utf-8", "surrogatepass")
        form = {**filled(token, citizen_id(9), EIT), "q1": value, "a": value, "x" * 300: value}
        assert client.post(url, data=form).status_code == 422
        assert client.post(url, data={**filled(token, "", EIT), "id": value}).status_code == 422
        for field in ("t", "back"):
            assert client.post(url, data={**form, field: value}).status_code in {200, 400, 422}
        assert client.post(f"{url}/not-me", data={"t": value}).status_code == 409
    assert client.post(url, data=b"\xff\xfe%zz&=&&==%").status_code == 400
