"""NACC lays a round beside an earlier one: the unclear first, one by one or together, then confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.content.year import ContentItem, YearContent, load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from tests.support.client import PortalClient
from tests.support.trends import laid_beside
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def later_year() -> YearContent:
    """The shipped year with O1 changed a little, O2 changed to something else and a new one at the end."""
    content = replace(load_year(2561), fiscal_year=2562)
    *surveys, oit = content.instruments
    first, second, *rest = oit.items
    changed = (
        replace(first, title=f"{first.title} และภารกิจ"),
        replace(second, title="ฉบับย่อของพจนานุกรม", criterion=""),
        *rest,
        ContentItem("O49", rest[-1].indicator, "ฌฎฏฐ", ""),
    )
    return replace(content, instruments=(*surveys, replace(oit, items=changed)))


@pytest.fixture
def draft(app: Portal, world: World) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return setup.make_round(session, later_year(), name="รอบปี 2562").id


@pytest.fixture
def here(world: World, draft: int) -> str:
    return f"/rounds/{draft}/trends/{world.round_id}"


def codes(page: str) -> list[str]:
    return re.findall(r'ita-title"><span class="ita-code">(\w+)</span>', page)


def act(client: PortalClient, here: str, what: str, **fields: str) -> str:
    answer = client.submit(f"{here}/act", {"act": what, **fields})
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def test_what_has_to_be_looked_at_comes_first(client_as: ClientAs, here: str) -> None:
    page = client_as("nacc").get(here).text
    assert "O3" not in codes(page)
    assert "คล้ายกัน" in page
    assert "รับข้อเสนอที่แน่ชัดทั้ง" in page
    whole = client_as("nacc").get(f"{here}?show=all").text
    assert "I1" in codes(whole)
    assert "O49" in codes(whole)


def test_a_year_is_laid_beside_the_earlier_one_to_the_end(client_as: ClientAs, here: str, draft: int) -> None:
    client = client_as("nacc")
    assert here in client.get(f"/rounds/{draft}/trends").text
    page = act(client, here, "accept_sure")
    assert "และยกเลิกได้" in page
    for code in codes(page):
        client.submit(f"{here}/oit/{code}", {"earlier": "", "what": "new"})
    page = client.get(here).text
    for earlier in re.findall(r'name="earlier" value="(\w+)"', page):
        act(client, here, "dropped", kind="oit", code="", earlier=earlier)
    act(client, here, "accept_sure")
    assert "ตัดสินครบทุกข้อแล้ว" in client.get(here).text
    page = act(client, here, "confirm")
    assert "ยืนยันเมื่อ" in page
    assert "ดูโดยละเอียด" not in page
    assert client.submit(f"{here}/act", {"act": "accept_sure"}).status_code == 409
    assert "ยกเลิกการยืนยันแล้ว" in act(client, here, "reopen")


def test_pressed_again_on_an_older_page_an_act_says_that_nothing_changed(
    client_as: ClientAs, here: str
) -> None:
    client = client_as("nacc")
    assert "รับข้อเสนอแล้ว" in act(client, here, "accept_sure")
    again = act(client, here, "accept_sure")
    assert "ไม่มีข้อเสนอที่แน่ชัดเหลือให้รับ ไม่มีสิ่งใดเปลี่ยน" in again
    assert "รับข้อเสนอแล้ว 0" not in again
    assert "ยกเลิกการตัดสินแล้ว" in act(client, here, "take_back_together")
    assert "ไม่มีข้อที่รับพร้อมกันเหลือให้ยกเลิก ไม่มีสิ่งใดเปลี่ยน" in act(client, here, "take_back_together")


def test_confirmed_by_two_people_it_is_confirmed_once(
    app: Portal, client_as: ClientAs, draft: int, world: World, here: str
) -> None:
    with app.app_context():
        laid_beside(draft, world.round_id, confirmed=True)
    page = act(client_as("nacc"), here, "confirm")
    assert "ยืนยันไว้แล้ว ไม่มีสิ่งใดเปลี่ยน" in page
    assert "ยืนยันเมื่อ" in page


def test_one_is_chosen_from_all_of_the_earlier_year(client_as: ClientAs, here: str) -> None:
    client = client_as("nacc")
    page = client.get(f"{here}/oit/O1").text
    assert re.search(r'<option value="O1" selected>\d+% · O1', page)
    assert client.submit(f"{here}/oit/O1", {"earlier": "O5", "what": "same"}).status_code == 302
    refused = client.submit(f"{here}/oit/O3", {"earlier": "O5", "what": "same"})
    assert refused.status_code == 422
    assert "จับคู่กับข้ออื่นไว้แล้ว" in refused.text
    assert '<option value="O5" selected>' in refused.text, "what was chosen is kept"
    assert "(คู่กับ O1)" in refused.text
    missing = client.submit(f"{here}/oit/O3", {"earlier": "O3", "what": ""})
    assert "โปรดระบุว่า" in missing.text
    assert "โปรดเลือกข้อของปีก่อน" in client.submit(f"{here}/oit/O3", {"what": "same"}).text
    taken_back = act(client, here, "take_back", kind="oit", code="O1", earlier="O5", show="all")
    assert "O1" in codes(taken_back)


def test_what_is_not_there_is_not_found(client_as: ClientAs, here: str, draft: int, world: World) -> None:
    client = client_as("nacc")
    for url in (f"{here}/oit/O999", f"{here}/nonsense/O1", f"/rounds/{world.round_id}/trends/{draft}"):
        assert client.get(url).status_code == 404
    for fields in ({"act": "nonsense", "kind": "oit"}, {"act": "same", "kind": "x"}, {"act": ""}):
        assert client.submit(f"{here}/act", fields).status_code == 404
    assert client_as("dla").get(here).status_code == 404


def test_without_an_earlier_round_the_page_says_so(client_as: ClientAs, world: World) -> None:
    assert "ยังไม่มีรอบปีก่อน" in client_as("nacc").get(f"/rounds/{world.round_id}/trends").text
