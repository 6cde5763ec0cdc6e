"""The round builder on screen: every act of the tree, its forms, what is refused, and steps taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

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


def test_indicators_and_the_name_of_an_instrument(app: Portal, nacc: PortalClient, draft: int) -> None:
    form_of(nacc, f"/rounds/{draft}/build/oit/indicators/new?parent=9", "name").put("name", "ใหม่").send(nacc)
    form_of(nacc, f"/rounds/{draft}/build/iit/indicators/1", "name").put("name", "อีกชื่อ").send(nacc)
    form_of(nacc, f"/rounds/{draft}/build/iit/instrument", "name").put("name", "แบบวัดใหม่").send(nacc)
    after = content(app, draft)
    assert "9.6" in [row.code for row in after.instrument("oit").indicators]
    assert after.instrument("iit").indicators[0].name == "อีกชื่อ"
    assert after.instrument("iit").name == "แบบวัดใหม่"


def test_a_scale_is_made_turned_and_taken_away(app: Portal, nacc: PortalClient, draft: int) -> None:
    form = form_of(nacc, f"/rounds/{draft}/build/scales/new", "name").put("name", "สามระดับ")
    form = form.put("choices-0-label", "ใช่").put("choices-0-points", "100")
    form = form.put("choices-1-label", "ไม่ทราบ")
    half = form.send(nacc)
    assert half.status_code == 422 and "กรอกคะแนน หรือเลือกว่าไม่เกี่ยวข้อง" in half.text
    assert form.put("choices-1-aside", "y").send(nacc).status_code == 302
    made = content(app, draft).scales[-1]
    assert (made.code, made.name, made.points[1]) == ("S1", "สามระดับ", None)
    for act in ("turn", "copy", "remove"):
        press_scale(nacc, draft, act=act, thing="scale", code="S1")
    assert [scale.code for scale in content(app, draft).scales][-2:] == ["S3", "S2"]


def press_scale(nacc: PortalClient, draft: int, **said: str) -> str:
    """Press a button of the scales' page; where it leads."""
    page = f"/rounds/{draft}/build/scales"
    text = nacc.get(page).text
    shown = [dict(parse_qsl(unescape(value))) for value in re.findall(r'name="do" value="([^"]*)"', text)]
    assert said in shown
    answer = nacc.submit(f"{page}/act", {"do": urlencode(said), "version": version(text)})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_choices_are_moved_and_taken_away_on_the_page_of_scales(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    first, second, *rest = content(app, draft).scales[0].labels
    there = press_scale(nacc, draft, to="2", act="move", thing="choice", code="LIKERT4.1")
    assert content(app, draft).scales[0].labels == (second, first, *rest)
    assert re.search(r'value="act=move[^"]*LIKERT4.2[^"]*to=3"[^>]* autofocus', nacc.get(there).text)
    press_scale(nacc, draft, act="remove", thing="choice", code="LIKERT4.1")
    assert content(app, draft).scales[0].labels == (first, *rest)


@pytest.mark.parametrize(("like", "first", "number"), [("yes-no", "ใช่", 3), ("four", "น้อยที่สุดหรือไม่มีเลย", 5)])
def test_a_scale_begins_as_scales_often_are(
    app: Portal, nacc: PortalClient, draft: int, like: str, first: str, number: int
) -> None:
    form = form_of(nacc, f"/rounds/{draft}/build/scales/new?like={like}", "name")
    assert form.put("name", "ของใหม่").send(nacc).status_code == 302
    scale = content(app, draft).scales[-1]
    assert (scale.labels[0], scale.labels[-1], len(scale.labels)) == (first, "ไม่เกี่ยวข้อง", number)
    assert scale.points[-1] is None and None not in scale.points[:-1]


def test_a_thing_is_put_at_a_place_by_its_number(app: Portal, nacc: PortalClient, draft: int) -> None:
    build = f"/rounds/{draft}/build"
    form = form_of(nacc, f"{build}/iit/move?thing=question&code=I3", "to")
    wrong = form.put("to", "x").send(nacc)
    assert wrong.status_code == 422 and 'href="#to"' in wrong.text
    assert form.put("to", "๑").send(nacc).status_code == 302
    assert codes(app, draft)[0] == "I3"
    form = form_of(nacc, f"{build}/oit/move?thing=item&code=O1", "to").put("indicator", "10.1")
    there = form.put("to", "1").send(nacc).headers["Location"]
    moved = next(row for row in content(app, draft).instrument("oit").items if row.code == "O1")
    assert moved.indicator == "10.1"
    assert re.search(r'href="[^"]*code=O1"[^>]*autofocus', nacc.get(there).text)
    form_of(nacc, f"{build}/iit/move?thing=line&code=I1.1", "to").put("to", "99").send(nacc)
    form_of(nacc, f"{build}/iit/move?thing=indicator&code=5", "to").put("to", "1").send(nacc)
    form_of(nacc, f"{build}/scales/move?code=YESNO.1", "to").put("to", "2").send(nacc)
    after = content(app, draft)
    assert after.instrument("iit").indicators[0].code == "5"
    assert next(scale for scale in after.scales if scale.code == "YESNO").points[0] == 0
    of_tree = ("question&code=I99", "x&code=1", "line&code=I1.9", "line&code=I99.1", "line&code=I1")
    for address in (f"iit/move?thing={thing}" for thing in of_tree):
        assert nacc.get(f"{build}/{address}").status_code == 404, address
    for code in ("YESNO", "YESNO.9", ".1", "YESNO.x"):
        assert nacc.get(f"{build}/scales/move?code={code}").status_code == 404, code


def test_lines_are_moved_copied_and_taken_away(app: Portal, nacc: PortalClient, draft: int) -> None:
    def lines() -> list[str]:
        return [line.text for line in content(app, draft).instrument("iit").questions[0].lines]

    first, second, *rest = lines()
    moved = do(nacc, draft, "iit", do=urlencode({"act": "move", "thing": "line", "code": "I1.1", "to": 2}))
    assert lines() == [second, first, *rest]
    assert '<details class="ita-lines" open>' in nacc.get(moved.headers["Location"]).text
    do(nacc, draft, "iit", act="copy", thing="line", code="I1.2")
    assert lines() == [second, first, first, *rest]
    do(nacc, draft, "iit", act="remove", thing="line", code="I1.1")
    assert lines() == [first, first, *rest]


def test_much_goes_only_after_a_page_that_says_what(app: Portal, nacc: PortalClient, draft: int) -> None:
    page = nacc.get(f"/rounds/{draft}/build/oit").text
    assert f"/rounds/{draft}/build/oit/indicators/9/remove" in page
    asked = nacc.get(f"/rounds/{draft}/build/oit/indicators/9/remove").text
    assert "รวมถึงตัวชี้วัดย่อย 5 รายการ" in asked and "O1" in asked
    form = next(one for one in read_page(asked, "").forms if any(c.name == "thing" for c in one.controls))
    sent = {control.name: control.value for control in form.controls if control.name}
    assert nacc.submit(f"/rounds/{draft}/build/oit/act", sent).status_code == 302
    assert codes(app, draft, "oit")[0] == "O34"
    do(nacc, draft, "eit", act="copy", thing="indicator", code="6")
    assert len(content(app, draft).instrument("eit").indicators) == 4


def test_the_page_says_which_step_is_taken_back(nacc: PortalClient, draft: int) -> None:
    do(nacc, draft, "iit", act="remove", thing="question", code="I1")
    assert "ลบข้อคำถาม I1" in nacc.get(f"/rounds/{draft}/build/iit").text
    assert "ลบข้อคำถาม I1" in nacc.get(f"/rounds/{draft}").text, "also on the page of the round"
    number = form_of(nacc, f"/rounds/{draft}/build/oit", "number")
    there = number.send(nacc).headers["Location"]
    assert there.endswith("/build/oit") and "เรียกคืนแล้ว: ลบข้อคำถาม I1" in nacc.get(there).text


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


def test_every_part_of_the_builder_belongs_to_the_rounds_in_the_menu(nacc: PortalClient, draft: int) -> None:
    for part in ("build/iit", "build/scales", "rules", "build/rules/weights", "build/texts", "preview"):
        menu = nacc.get(f"/rounds/{draft}/{part}").text.partition('id="menu"')[2].partition("</nav>")[0]
        assert re.search(r'href="/rounds/?"[^>]*aria-current="page"', menu), part
