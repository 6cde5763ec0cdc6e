"""The rules of a draft as a browser sends them: each a step, faults at their row, what was typed kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from models.round import Round
from models.thai import local_day
from portal.content.year import YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.building.edits.rules import SampleGroup, sample_rules
from portal.rounds.content.reading import content_of
from tests.support.client import PortalClient
from tests.support.pages import PageForm, read_page
from tests.support.rooms import add_draft
from tests.support.world import World

pytestmark = pytest.mark.postgres
SAO_L = SampleGroup("eit", "sao", None, "L")


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a draft") as session:
        return add_draft(session).id


@pytest.fixture
def nacc(client_as: Callable[[str], PortalClient]) -> PortalClient:
    return client_as("nacc")


def content(app: Portal, round_id: int) -> YearContent:
    with app.app_context(), privileged("a test looks") as session:
        return content_of(session, session.get_one(Round, round_id))


def form_of(client: PortalClient, draft: int, rule: str) -> PageForm:
    """The form of a rule: the one of its page with the most fields."""
    url = f"/rounds/{draft}/build/rules/{rule}"
    return max(read_page(client.get(url).text, url).forms, key=lambda form: len(form.controls))


def take_back(nacc: PortalClient, draft: int) -> None:
    page = f"/rounds/{draft}/rules"
    form = next(
        form for form in read_page(nacc.get(page).text, page).forms
        if any(one.name == "number" for one in form.controls)
    )  # fmt: skip
    assert form.send(nacc).headers["Location"].endswith(page)


def test_the_page_of_the_rules_shows_all_of_them_and_leads_to_each(nacc: PortalClient, draft: int) -> None:
    page = nacc.get(f"/rounds/{draft}/rules").text
    for words in ("IIT ทุกหน่วยงาน", "ร้อยละ 10 ปัดขึ้น", "12345678", "IIT 30 + EIT 30 + OIT 40"):
        assert words in " ".join(page.split()), words
    for rule in ("weights", "bands", "groups", "samples/new", "samples/iit:-:-:-"):
        assert f"/rounds/{draft}/build/rules/{rule}" in page.replace("%3A", ":"), rule
    assert f"/rounds/{draft}/settings" in page and f"/rounds/{draft}/windows" in page


def test_weights_are_saved_together_and_make_100(app: Portal, nacc: PortalClient, draft: int) -> None:
    before = content(app, draft)
    form = form_of(nacc, draft, "weights").put("iit", "๓๕").put("eit", "25")
    wrong = form.put("oit", "45").send(nacc)
    assert wrong.status_code == 422 and "น้ำหนักต้องรวมได้ 100" in wrong.text
    assert ">105</output>" in wrong.text and 'value="45"' in wrong.text
    assert form.put("oit", "").send(nacc).status_code == 422
    assert form.put("oit", "40").send(nacc).status_code == 302
    assert [one.weight for one in content(app, draft).instruments] == [35, 25, 40]
    assert "แก้น้ำหนัก 35 + 25 + 40" in nacc.get(f"/rounds/{draft}/rules").text
    take_back(nacc, draft)
    assert content(app, draft) == before


def test_weights_from_an_older_page_are_not_saved(nacc: PortalClient, draft: int) -> None:
    one, other = (form_of(nacc, draft, "weights").put("iit", iit).put("eit", "40").put("oit", oit)
                  for iit, oit in (("20", "40"), ("30", "30")))  # fmt: skip
    assert one.send(nacc).status_code == 302
    told = other.send(nacc)
    assert told.status_code == 409 and "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in told.text


def test_grades_sent_unchanged_are_no_step_and_one_more_is(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    assert form_of(nacc, draft, "bands").send(nacc).status_code == 302
    assert "แก้ช่วงเกรด" not in nacc.get(f"/rounds/{draft}/rules").text.partition('id="bands"')[0]
    filled = form_of(nacc, draft, "bands").put("bands-7-grade", "Z").put("bands-7-lower", "5")
    assert filled.send(nacc).status_code == 302
    bands = content(app, draft).bands
    assert [(row.grade, row.lower) for row in bands][-2:] == [("Z", Decimal(5)), ("F", Decimal(0))]
    take_back(nacc, draft)
    assert len(content(app, draft).bands) == 7


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"bands-7-lower": "5"}, "เกรด (แถวที่ 8): กรอกทั้งเกรดและคะแนนต่ำสุด"),
        ({"bands-6-lower": "5"}, "0"),
        ({"bands-6-lower": ""}, "กรอกทั้งเกรดและคะแนนต่ำสุด"),
        ({"bands-6-lower": "50"}, "ใช้ได้ครั้งเดียว"),
        ({"bands-6-lower": "๕x"}, "bands-6-lower"),
    ],
)
def test_grades_with_gaps_are_refused_and_stay_as_typed(
    app: Portal, nacc: PortalClient, draft: int, typed: dict[str, str], words: str
) -> None:
    form = form_of(nacc, draft, "bands")
    for field, text in typed.items():
        form = form.put(field, text)
    answer = form.send(nacc)
    assert answer.status_code == 422 and words in answer.text and "{}" not in answer.text
    assert len(content(app, draft).bands) == 7


def test_roster_groups_are_added_renamed_and_never_none(app: Portal, nacc: PortalClient, draft: int) -> None:
    number = len(content(app, draft).roster_groups)
    form = form_of(nacc, draft, "groups").put("groups-0-name", "ชื่อใหม่").put(f"groups-{number}-name", "กลุ่มเพิ่ม")
    assert form.send(nacc).status_code == 302
    groups = content(app, draft).roster_groups
    assert (groups[0], groups[-1], len(groups)) == ("ชื่อใหม่", "กลุ่มเพิ่ม", number + 1)
    form = form_of(nacc, draft, "groups")
    for place in range(number + 1):
        form = form.put(f"groups-{place}-name", "")
    assert form.send(nacc).status_code == 422
    assert content(app, draft).roster_groups == groups


def test_headcount_groups_are_added_and_taken_away(app: Portal, nacc: PortalClient, draft: int) -> None:
    assert content(app, draft).headcount_groups == ()
    form = (
        form_of(nacc, draft, "headcount-groups")
        .put("groups-0-name", "ข้าราชการ")
        .put("groups-1-name", "ลูกจ้าง")
    )
    assert form.send(nacc).status_code == 302
    assert content(app, draft).headcount_groups == ("ข้าราชการ", "ลูกจ้าง")
    form = form_of(nacc, draft, "headcount-groups").put("groups-0-name", "").put("groups-1-name", "")
    assert form.send(nacc).status_code == 302
    assert content(app, draft).headcount_groups == ()


def test_a_minimum_for_a_kind_in_provinces_of_a_size_is_added_copied_and_taken_away(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    form = form_of(nacc, draft, "samples/new").put("instrument", "eit").put("agency_kind", "sao")
    form = form.put("province_size", "L").put("brackets-0-fixed", "50")
    assert form.send(nacc).status_code == 302
    rules = sample_rules(content(app, draft))
    assert [(row.upto, row.fixed, row.percent) for row in rules[SAO_L]] == [(None, 50, None)]
    page = nacc.get(f"/rounds/{draft}/rules").text
    assert "องค์การบริหารส่วนตำบล · ในจังหวัดขนาด L" in page
    copied = form_of(nacc, draft, f"samples/new?like={SAO_L.key}")
    twice = copied.send(nacc)
    assert twice.status_code == 422 and "กลุ่มนี้มีขั้นต่ำอยู่แล้ว" in twice.text
    assert copied.put("province_size", "S").put("brackets-0-fixed", "30").send(nacc).status_code == 302
    assert len(sample_rules(content(app, draft))) == len(rules) + 1
    remove = next(
        form for form in read_page(nacc.get(f"/rounds/{draft}/rules").text, f"/rounds/{draft}/rules").forms
        if any(one.value == SAO_L.key for one in form.controls)
    )  # fmt: skip
    assert remove.send(nacc).status_code == 302
    assert SAO_L not in sample_rules(content(app, draft))
    take_back(nacc, draft)
    assert SAO_L in sample_rules(content(app, draft))
    assert nacc.get(f"/rounds/{draft}/build/rules/samples/eit:pao:-:-").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"brackets-0-upto": "30", "brackets-0-fixed": "5"}, "ต้องมีหนึ่งแถวที่เว้นจำนวนคนไว้"),
        ({"brackets-0-fixed": "5", "brackets-1-fixed": "6"}, "มีสองแถวที่จำนวนคนไม่เกินเท่ากัน"),
        ({"brackets-0-fixed": "5", "brackets-0-percent": "6"}, "คำตอบ (แถวที่ 1)"),
        ({"brackets-0-upto": "5"}, "คำตอบ (แถวที่ 1)"),
        ({"brackets-0-percent": "101"}, "brackets-0-percent"),
        ({}, "ต้องมีหนึ่งแถวที่เว้นจำนวนคนไว้"),
    ],
)
def test_brackets_that_leave_out_or_name_twice_are_refused_and_stay_as_typed(
    app: Portal, nacc: PortalClient, draft: int, typed: dict[str, str], words: str
) -> None:
    before = content(app, draft)
    form = form_of(nacc, draft, "samples/new").put("agency_kind", "pao")
    for field, text in typed.items():
        form = form.put(field, text)
    answer = form.send(nacc)
    assert answer.status_code == 422 and words in answer.text
    assert all(f'value="{text}"' in answer.text for text in typed.values())
    assert content(app, draft) == before


def test_settings_and_dates_of_a_draft_are_steps_too(app: Portal, nacc: PortalClient, draft: int) -> None:
    before = content(app, draft)
    for page, field, text in (
        ("settings", "first_digits", "123"),
        ("settings", "grace_minutes", "20"),
        ("settings", "eit_combine", "halves"),
        ("settings", "detail_threshold", "12"),
        ("windows", "oit__last_call__first", ""),
    ):
        url = f"/rounds/{draft}/{page}"
        form = max(read_page(nacc.get(url).text, url).forms, key=lambda one: len(one.controls))
        if page == "windows":
            form = form.put("iit__last_call__first", "1 ม.ค. 2570").put("iit__last_call__last", "5 ม.ค. 2570")
        else:
            form = form.put(field, text)
        assert form.send(nacc).status_code == 302, page
    after = content(app, draft)
    assert (after.first_digits, after.grace_seconds, after.eit_combine) == ("123", 1200, "halves")
    assert after.detail_threshold == 12 and after.windows != before.windows
    for _step in range(5):
        take_back(nacc, draft)
    assert content(app, draft) == before


def test_of_an_opened_round_the_rules_are_shown_and_not_changed(nacc: PortalClient, world: World) -> None:
    page = f"/rounds/{world.round_id}"
    assert "build/rules/weights" not in nacc.get(f"{page}/rules").text
    for rule in ("weights", "bands", "groups", "samples/new", "windows/move"):
        assert nacc.submit(f"{page}/build/rules/{rule}", {}).status_code == 409, rule
    assert nacc.submit(f"{page}/build/rules/samples/remove", {"key": "iit:-:-:-"}).status_code == 409


def test_all_dates_are_moved_by_one_step_and_back(app: Portal, nacc: PortalClient, draft: int) -> None:
    before = content(app, draft)
    form = form_of(nacc, draft, "windows/move")
    answer = form.put("first_day", "๓ ก.พ. ๒๕๖๒").send(nacc)
    assert answer.headers["Location"].endswith(f"/rounds/{draft}")
    page = nacc.get(f"/rounds/{draft}").text
    assert "ย้ายวันที่ทั้งหมดพร้อมกัน เริ่ม 3 ก.พ. 2562" in page.replace("\u00a0", " ")
    after = content(app, draft)
    assert local_day(min(row.opens_at for row in after.windows)) == date(2019, 2, 3)
    assert [row.closes_at - row.opens_at for row in after.windows] == [
        row.closes_at - row.opens_at for row in before.windows
    ]
    take_back(nacc, draft)
    assert content(app, draft) == before


@pytest.mark.parametrize(("typed", "said"), [("", "กรอกวันที่ให้ช่วงแรกเปิด"), ("31 ก.พ. 2562", "ไม่มีวันนี้ในปฏิทิน")])
def test_a_day_that_is_none_is_told_at_its_field(
    nacc: PortalClient, draft: int, typed: str, said: str
) -> None:
    answer = form_of(nacc, draft, "windows/move").put("first_day", typed).send(nacc)
    assert answer.status_code == 422
    assert said in answer.text and f'value="{typed}"' in answer.text


def test_dates_of_another_year_are_told_on_the_pages_of_a_draft_and_lead_to_the_step(
    nacc: PortalClient, draft: int
) -> None:
    here = f"/rounds/{draft}"
    assert "build/rules/windows/move" in nacc.get(f"{here}/windows").text
    assert "วันที่เป็นของปีอื่น" not in nacc.get(f"{here}/windows").text
    form_of(nacc, draft, "windows/move").put("first_day", "3 ก.พ. 2599").send(nacc)
    for page in ("windows", "build/rules/windows/move"):
        assert "วันที่เป็นของปีอื่น" in nacc.get(f"{here}/{page}").text, page
    checks = nacc.get(here).text
    assert "ช่วงอยู่นอก" in checks
    assert f"{here}/build/rules/windows/move" in checks


def test_a_draft_without_dates_is_led_to_enter_them(app: Portal, nacc: PortalClient, draft: int) -> None:
    with app.app_context(), writing(), privileged("a test") as session:
        session.get_one(Round, draft).windows = []
    page = nacc.get(f"/rounds/{draft}/build/rules/windows/move")
    assert "โปรดกรอกวันที่ของทุกขั้นก่อน" in page.text
    assert f"/rounds/{draft}/windows" in page.text


def test_rules_and_groups_move_by_buttons_and_by_number_and_go_back(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    before, home = content(app, draft), f"/rounds/{draft}/build/rules"
    first, second, *rest = before.roster_groups
    version = nacc.get(f"/rounds/{draft}/rules").text.split('name="version" value="')[1].split('"')[0]
    down = {"do": "act=move&thing=group&code=1&to=2", "version": version}
    there = nacc.submit(f"{home}/act", down).headers["Location"]
    assert there == f"/rounds/{draft}/rules?moved=group-2&by=down"
    assert content(app, draft).roster_groups == (second, first, *rest)
    page = nacc.get(there).text
    assert "ย้ายกลุ่มรายชื่อ" in page and " autofocus" in page
    take_back(nacc, draft)
    assert content(app, draft) == before
    keys = [group.key for group in sample_rules(before)]
    url = f"{home}/move?thing=sample&code={keys[0]}"
    form = max(read_page(nacc.get(url).text, url).forms, key=lambda form: len(form.controls))
    assert form.put("to", "0").send(nacc).status_code == 422
    assert form.put("to", "99").send(nacc).status_code == 302
    assert [group.key for group in sample_rules(content(app, draft))] == [*keys[1:], keys[0]]
    for wrong in (
        "thing=group&code=0",
        "thing=group&code=99",
        "thing=group&code=x",
        "thing=sample&code=x",
        "",
    ):
        assert nacc.get(f"{home}/move?{wrong}").status_code == 404, wrong
    for wrong in ("act=burn&thing=group&code=1", "act=move&thing=band&code=1&to=2"):
        assert nacc.submit(f"{home}/act", {"do": wrong, "version": version}).status_code == 404, wrong


def test_rules_of_an_opened_round_are_not_moved(nacc: PortalClient, world: World) -> None:
    home = f"/rounds/{world.round_id}/build/rules"
    said = {"do": "act=move&thing=group&code=1&to=2", "version": "1"}
    assert nacc.submit(f"{home}/act", said).status_code == 409
    assert 'name="do"' not in nacc.get(f"/rounds/{world.round_id}/rules").text
