"""The round builder on screen: every act of the tree, its forms, what is refused, and steps taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from models.round import Round
from portal.content.year import YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from tests.support.client import PortalClient
from tests.support.pages import PageForm, read_page
from tests.support.rooms import add_draft
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


@pytest.fixture
def nacc(client_as: ClientAs) -> PortalClient:
    return client_as("nacc")


def content(app: Portal, round_id: int) -> YearContent:
    with app.app_context(), privileged("a test looks") as session:
        return content_of(session, session.get_one(Round, round_id))


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def form_of(nacc: PortalClient, url: str, field: str) -> PageForm:
    """The form of a page that has a field."""
    forms = read_page(nacc.get(url).text, url).forms
    return next(form for form in forms if any(one.name == field for one in form.controls))


def do(client: PortalClient, draft: int, kind: str, **fields: Any) -> Any:
    page = f"/rounds/{draft}/build/{kind}"
    return client.submit(f"{page}/act", {"version": version(client.get(page).text), **fields})


def codes(app: Portal, draft: int, kind: str = "iit") -> list[str]:
    one = content(app, draft).instrument(kind)
    return [row.code for row in one.questions] + [row.code for row in one.items]


def test_the_tree_shows_everything_with_its_weight(nacc: PortalClient, draft: int) -> None:
    page = nacc.get(f"/rounds/{draft}/build/iit").text
    assert "I30" in page and "น้ำหนัก 30 จากทั้งหมด 100" in page and "ต้องรวมได้ 100" not in page
    assert "O48" in nacc.get(f"/rounds/{draft}/build/oit").text
    assert "ข้อที่ใช้: " in nacc.get(f"/rounds/{draft}/build/scales").text


def test_buttons_of_the_tree_move_copy_and_take_away_and_each_is_taken_back(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    before = content(app, draft)
    do(nacc, draft, "iit", act="move", thing="question", code="I2", indicator="1", to="1")
    assert codes(app, draft)[:2] == ["I2", "I1"]
    do(nacc, draft, "iit", act="copy", thing="question", code="I2")
    assert codes(app, draft)[:2] == ["I2", "I31"]
    do(nacc, draft, "iit", act="number_anew")
    assert codes(app, draft)[:3] == ["I1", "I2", "I3"]
    do(nacc, draft, "oit", act="remove", thing="item", code="O1")
    do(nacc, draft, "oit", act="move", thing="indicator", code="10", to="1")
    do(nacc, draft, "eit", act="remove", thing="indicator", code="6")
    assert codes(app, draft, "oit")[0] == "O34" and codes(app, draft, "eit")[0] == "E6"
    for _step in range(6):
        page = nacc.get(f"/rounds/{draft}/build/iit").text
        number = page.split('name="number" value="')[1].split('"')[0]
        answer = nacc.submit(f"/rounds/{draft}/build/take-back", {"number": number, "kind": "iit"})
        assert answer.status_code == 302
    assert content(app, draft) == before


def test_a_question_is_written_with_its_lines_and_changed(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    new = f"/rounds/{draft}/build/iit/questions/new?indicator=2"
    form = form_of(nacc, new, "text").put("text", "ข้อใหม่").put("scale", "YESNO")
    assert (
        form.put("lines-0-text", "แรก")
        .put("lines-1-text", "สอง")
        .put("lines-1-scale", "LIKERT4")
        .send(nacc)
        .status_code
        == 302
    )
    question = next(row for row in content(app, draft).instrument("iit").questions if row.code == "I31")
    assert (question.indicator, question.scale, question.text) == ("2", "YESNO", "ข้อใหม่")
    assert [(line.text, line.scale) for line in question.lines] == [("แรก", "YESNO"), ("สอง", "LIKERT4")]
    form = form_of(nacc, f"/rounds/{draft}/build/iit/questions/I31", "text").put("code", "A1")
    assert form.put("lines-0-text", "").put("lines-1-text", "").send(nacc).status_code == 302
    changed = next(row for row in content(app, draft).instrument("iit").questions if row.code == "A1")
    assert [line.text for line in changed.lines] == [""]
    taken = form_of(nacc, f"/rounds/{draft}/build/iit/questions/A1", "text").put("code", "I1").send(nacc)
    assert taken.status_code == 422 and "มีรายการอื่นใช้รหัส I1" in taken.text


def test_an_item_is_written_for_some_kinds_of_agencies(app: Portal, nacc: PortalClient, draft: int) -> None:
    new = f"/rounds/{draft}/build/oit/items/new?indicator=9.2"
    seen = version(nacc.get(f"/rounds/{draft}/build/oit").text)
    says = {"title": "ข้อใหม่", "kinds": "pao", "example": "ภาพ", "indicator": "9.2", "version": seen}
    assert nacc.submit(new, says).status_code == 302
    item = next(row for row in content(app, draft).instrument("oit").items if row.code == "O49")
    assert (item.indicator, item.title, item.kinds, item.example) == ("9.2", "ข้อใหม่", ("pao",), "ภาพ")
    empty = form_of(nacc, f"/rounds/{draft}/build/oit/items/O49", "title").put("title", " ").send(nacc)
    assert empty.status_code == 422


def test_indicators_and_weights(app: Portal, nacc: PortalClient, draft: int) -> None:
    form_of(nacc, f"/rounds/{draft}/build/oit/indicators/new?parent=9", "name").put("name", "ใหม่").send(nacc)
    form_of(nacc, f"/rounds/{draft}/build/iit/indicators/1", "name").put("name", "อีกชื่อ").send(nacc)
    form_of(nacc, f"/rounds/{draft}/build/iit/instrument", "weight").put("weight", "20").send(nacc)
    after = content(app, draft)
    assert "9.6" in [row.code for row in after.instrument("oit").indicators]
    assert after.instrument("iit").indicators[0].name == "อีกชื่อ"
    assert "ต้องรวมได้ 100" in nacc.get(f"/rounds/{draft}/build/iit").text


def test_a_scale_is_made_turned_and_taken_away(app: Portal, nacc: PortalClient, draft: int) -> None:
    form = form_of(nacc, f"/rounds/{draft}/build/scales/new", "name").put("name", "สามระดับ")
    form = form.put("choices-0-label", "ใช่").put("choices-0-points", "100")
    form = form.put("choices-1-label", "ไม่ทราบ")
    half = form.send(nacc)
    assert half.status_code == 422 and "กรอกคะแนน หรือเลือกว่าไม่เกี่ยวข้อง" in half.text
    assert form.put("choices-1-aside", "y").send(nacc).status_code == 302
    made = content(app, draft).scales[-1]
    assert (made.code, made.name, made.points[1]) == ("S1", "สามระดับ", None)
    page = f"/rounds/{draft}/build/scales"
    for act in ("turn", "remove"):
        seen = version(nacc.get(page).text)
        assert nacc.submit(f"{page}/act", {"act": act, "code": "S1", "version": seen}).status_code == 302
    assert [scale.code for scale in content(app, draft).scales][-1] == "S2"


def test_a_step_from_an_older_page_is_not_made(app: Portal, nacc: PortalClient, draft: int) -> None:
    seen = version(nacc.get(f"/rounds/{draft}/build/iit").text)
    do(nacc, draft, "iit", act="remove", thing="question", code="I1")
    fields = {"act": "remove", "thing": "question", "code": "I2", "version": seen}
    assert nacc.submit(f"/rounds/{draft}/build/iit/act", fields).status_code == 409
    assert codes(app, draft)[0] == "I2"


def test_what_was_opened_is_shown_and_not_changed(nacc: PortalClient, world: World) -> None:
    page = nacc.get(f"/rounds/{world.round_id}/build/iit").text
    assert "I30" in page and 'value="remove"' not in page and "ข้อคำถามและเกณฑ์คงเดิม" in page
    fields = {"act": "remove", "thing": "question", "code": "I1"}
    assert nacc.submit(f"/rounds/{world.round_id}/build/iit/act", fields).status_code == 409


def test_what_is_not_there_is_not_found(client_as: ClientAs, nacc: PortalClient, draft: int) -> None:
    build = f"/rounds/{draft}/build"
    for address in (
        "xit", "iit/questions/I99", "oit/questions/new", "oit/items/O99", "iit/indicators/99", "scales/S9"
    ):  # fmt: skip
        assert nacc.get(f"{build}/{address}").status_code == 404, address
    assert do(nacc, draft, "iit", act="burn", thing="question", code="I1").status_code == 404
    assert client_as("dla").get(f"{build}/iit").status_code == 404
