"""The pages of tokens: made with the password, shown once, ended by the person or an office."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.api import Reader, token_of
from tests.support.client import PortalClient
from tests.support.factors import give_password
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def asked(world: World, **more: object) -> dict[str, object]:
    return {"name": "กระดานจังหวัด", "desk": world.grant["province"], "days": 90, "password": PASSWORD, **more}


@pytest.fixture
def province(app: Portal, world: World, client_as: ClientAs) -> PortalClient:
    with app.app_context():
        give_password(world.account["province"])
    return client_as("province")


def test_a_token_is_shown_once_works_and_is_ended(app: Portal, world: World, province: PortalClient) -> None:
    assert "ยังไม่มีโทเคน" in province.get("/me/tokens").text
    page = province.submit("/me/tokens/new", asked(world))
    (token,) = set(re.findall(r"ita_[\w-]{40,}", page.text))
    assert page.headers["Cache-Control"] == "private, no-store"
    programme = Reader(app, token)
    assert programme.read("/me")["role"] == "province"
    listed = province.get("/me/tokens").text
    assert "กระดานจังหวัด" in listed and token not in listed
    (end,) = re.findall(r"/me/tokens/\d+/end", listed)
    assert province.submit(end).location == "/me/tokens"
    assert programme.get("/me").status_code == 401
    again = province.submit(end)
    assert "เลิกใช้ไปแล้ว" in province.get(again.location).text


def test_what_does_not_fit_comes_back_with_what_was_typed(world: World, province: PortalClient) -> None:
    for wrong, words in (
        ({"password": "wrong"}, "รหัสผ่าน"),
        ({"name": " "}, "ใส่ชื่อโปรแกรม"),
        ({"desk": world.grant["dla"]}, "กระดานจังหวัด"),
        ({"days": 9999}, "กระดานจังหวัด"),
    ):
        answer = province.submit("/me/tokens/new", asked(world, **wrong))
        assert answer.status_code == 422 and words in answer.text
        assert "ita_" not in answer.text.split("<main")[1]


def test_a_name_that_is_there_already_is_said_at_its_field(world: World, province: PortalClient) -> None:
    province.submit("/me/tokens/new", asked(world))
    answer = province.submit("/me/tokens/new", asked(world, days=30))
    assert answer.status_code == 422 and "โทเคนชื่อนี้แล้ว" in answer.text


def test_offices_look_for_tokens_and_end_them(app: Portal, world: World, client_as: ClientAs) -> None:
    token = token_of(app, world, "province")
    dla = client_as("dla")
    assert "ผู้ใช้ทดลอง province" in dla.get("/admin/tokens?q=ลำปาง").text
    assert "ไม่พบโทเคน" in dla.get("/admin/tokens?q=กระบี่").text
    (end,) = re.findall(r"/admin/tokens/\d+/end", dla.get("/admin/tokens").text)
    for _twice in range(2):
        assert dla.submit(end).location == "/admin/tokens"
    assert Reader(app, token).get("/me").status_code == 401
    assert "ยังไม่มีผู้ใดมีโทเคน" in dla.get("/admin/tokens").text
    assert client_as("province").get("/admin/tokens").status_code == 404


def test_the_page_of_the_api_says_what_this_desk_reads(client_as: ClientAs) -> None:
    pages = (client_as(person).get("/me/tokens/guide").text for person in ("nacc", "agency_admin"))
    nacc, agency = (page.replace("<wbr>", "") for page in pages)
    assert "/api/v1/agencies" in nacc and "/api/v1/agencies" not in agency
    assert "curl" in agency and "/api/v1/rounds/{round_id}/results" in agency
    document = client_as("executive").get("/me/tokens/openapi.json")
    assert document.json is not None and document.json["openapi"] == "3.1.0"
