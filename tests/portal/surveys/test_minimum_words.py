"""Why an agency needs so many answers, in words: its group, what the rule asks for, or why none covers it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete

from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import SampleRule
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.surveys.minimum import targets_of
from portal.surveys.minimum_words import RuleWords, rules_of
from tests.support.checklists import own
from tests.support.world import World, acting_as

EIT = InstrumentKind.EIT
#: as the year 2567 fixed it, of SAO: by the size class of the province
OF_2567: list[dict[str, Any]] = [
    {"agency_kind": "sao", "province_size": size, "fixed": number}
    for size, number in (("L", 50), ("M", 40), ("S", 30))
]


def ruled(app: Portal, world: World, rules: Sequence[dict[str, Any]], **group: Any) -> RuleWords:
    """The rule of EIT in words for b1, an SAO of size M with these columns in the round."""
    with app.app_context(), writing(), privileged("a test's rules") as session:
        session.execute(delete(SampleRule).where(SampleRule.instrument == "eit"))
        session.add_all(
            SampleRule(round_id=world.round_id, instrument="eit", position=at, **row)
            for at, row in enumerate(rules, 1)
        )
        row = session.get_one(Participation, world.participation["b1"])
        for name, value in group.items():
            setattr(row, name, value)
    with app.test_request_context(), acting_as(world.actor("nacc")):
        one = own(world, "b1")
        return rules_of(one, targets_of(one))[EIT]


def said(rule: RuleWords) -> list[tuple[str, str]]:
    return [(line.people, line.answers) for line in rule.lines]


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("size", "words", "number"), [("S", "เล็ก (S)", 30), ("M", "กลาง (M)", 40), ("L", "ใหญ่ (L)", 50)]
)
def test_a_group_of_2567_is_said_with_the_size_of_its_province(
    app: Portal, world: World, size: str, words: str, number: int
) -> None:
    rule = ruled(app, world, OF_2567, province_size=size, roster_count=200)
    assert rule.group == f"เกณฑ์ของรอบนี้สำหรับองค์การบริหารส่วนตำบลในจังหวัดขนาด{words}"
    assert said(rule) == [("", f"อย่างน้อย {number} คำตอบ ถ้ามีคนน้อยกว่านี้ต้องครบทุกคน")]


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "เกณฑ์ของรอบนี้สำหรับทุกหน่วยงาน"),
        ({"agency_kind": "sao"}, "เกณฑ์ของรอบนี้สำหรับองค์การบริหารส่วนตำบล"),
        ({"agency_size": "M"}, "เกณฑ์ของรอบนี้สำหรับหน่วยงานขนาดกลาง (M)"),
        ({"province_size": "L"}, "เกณฑ์ของรอบนี้สำหรับหน่วยงานในจังหวัดขนาดใหญ่ (L)"),
        ({"agency_kind": "sao", "agency_size": "M"}, "เกณฑ์ของรอบนี้สำหรับองค์การบริหารส่วนตำบลขนาดกลาง (M)"),
        (
            {"agency_size": "M", "province_size": "L"},
            "เกณฑ์ของรอบนี้สำหรับหน่วยงานขนาดกลาง (M) ในจังหวัดขนาดใหญ่ (L)",
        ),
        (
            {"agency_kind": "sao", "agency_size": "M", "province_size": "L"},
            "เกณฑ์ของรอบนี้สำหรับองค์การบริหารส่วนตำบลขนาดกลาง (M) ในจังหวัดขนาดใหญ่ (L)",
        ),
    ],
)
def test_every_group_has_its_own_sentence(app: Portal, world: World, row: dict[str, str], words: str) -> None:
    rule = ruled(app, world, [row | {"fixed": 5}], province_size="L", roster_count=9)
    assert (rule.group, rule.covered) == (words, True)


BANDS: list[dict[str, Any]] = [
    {"upto": 30, "percent": Decimal(100)},
    {"upto": 300, "fixed": 30},
    {"upto": None, "percent": Decimal("12.50")},
]


@pytest.mark.usefixtures("thawed")
def test_brackets_are_all_said_while_the_number_of_people_is_not_known(app: Portal, world: World) -> None:
    assert said(ruled(app, world, BANDS, roster_count=0)) == [
        ("ไม่เกิน 30 คน", "ครบทุกคน"),
        ("ตั้งแต่ 31 ถึง 300 คน", "อย่างน้อย 30 คำตอบ"),
        ("ตั้งแต่ 301 คนขึ้นไป", "ร้อยละ 12.5 ของจำนวนคน เศษปัดขึ้น"),
    ]


@pytest.mark.usefixtures("thawed")
def test_then_the_bracket_that_holds_is_said(app: Portal, world: World) -> None:
    assert [people for people, _answers in said(ruled(app, world, BANDS, roster_count=31))] == [
        "ตั้งแต่ 31 ถึง 300 คน"
    ]


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("rules", "group", "words"),
    [
        (OF_2567, {"province_size": None}, "แต่ยังไม่ได้กำหนดขนาดของจังหวัดกระบี่"),
        (OF_2567[:2], {"province_size": "S"}, "ขนาดหน่วยงาน: กลาง (M) ขนาดจังหวัด: เล็ก (S)"),
        ([], {}, "รอบนี้ยังไม่มีเกณฑ์จำนวนตัวอย่างขั้นต่ำของแบบสำรวจนี้"),
        ([{"upto": 10, "fixed": 5}], {}, "ไม่ได้กำหนดไว้สำหรับ 11 คน"),
    ],
)
def test_an_agency_that_no_rule_covers_is_told_why(
    app: Portal, world: World, rules: list[dict[str, Any]], group: dict[str, Any], words: str
) -> None:
    rule = ruled(app, world, rules, roster_count=11, **group)
    assert not rule.covered
    assert words in rule.group
