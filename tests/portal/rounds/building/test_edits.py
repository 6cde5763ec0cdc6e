"""Whatever is done in the builder, in whatever order, leaves a content that is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.year import ContentScale, ContentTranslation, YearContent, load_year
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds.building.edits import indicators, items, questions, scales
from portal.rounds.building.edits.common import things_with_words
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import numbered
from portal.rounds.content.sheets import kept
from tests.support.years import contents, leaves, words

WHOLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
Edit = Callable[[YearContent], YearContent]


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


# -- any edits in any order -------------------------------------------------------------------------------


@st.composite
def edits(draw: Any, content: YearContent) -> Edit:
    """One edit of the content, some of which are refused."""
    survey = draw(st.sampled_from(["iit", "eit"]))
    one, checklist = content.instrument(survey), content.instrument("oit")
    any_code = st.sampled_from(["", "X1", "I1", "O2", "9"])
    place, to = draw(st.sampled_from(leaves(one.indicators) or [""])), draw(st.integers(0, 6))
    question = draw(st.sampled_from([row.code for row in one.questions] or ["I1"]))
    item = draw(st.sampled_from([row.code for row in checklist.items] or ["O1"]))
    scale = draw(st.sampled_from([row.code for row in content.scales]))
    code, text = draw(any_code), draw(words())
    lines = draw(st.lists(st.tuples(words(), st.sampled_from(["", scale])), max_size=3))
    indicator = draw(st.sampled_from([row.code for row in one.indicators] or ["1"]))
    leaf = draw(st.sampled_from(leaves(checklist.indicators) or ["9"]))
    says = {"title": text, "criterion": "", "example": "", "kinds": ("sao",)}
    made: list[Edit] = [
        lambda it: indicators.add_indicator(it, survey, name=text, code=code),
        lambda it: indicators.add_indicator(it, survey, name=text, parent=indicator),
        lambda it: indicators.change_indicator(it, survey, indicator, name=text, new_code=code or indicator),
        lambda it: indicators.remove_indicator(it, survey, indicator),
        lambda it: indicators.move_indicator(it, survey, indicator, to=to),
        lambda it: indicators.change_instrument(it, survey, name=text),
        lambda it: questions.add_question(it, survey, indicator=place, text=text, scale=scale, lines=lines),
        lambda it: questions.change_question(
            it, survey, question, new_code=code or question, indicator=place, text=text, scale=scale,
            note="", lines=lines,
        ),
        lambda it: questions.copy_question(it, survey, question),
        lambda it: questions.remove_question(it, survey, question),
        lambda it: questions.move_question(it, survey, question, indicator=place, to=to),
        lambda it: items.add_item(it, indicator=leaf, code=code, **says),
        lambda it: items.change_item(it, item, new_code=code or item, indicator=leaf, **says),
        lambda it: items.copy_item(it, item),
        lambda it: items.remove_item(it, item),
        lambda it: items.move_item(it, item, indicator=leaf, to=to),
        lambda it: items.number_anew(it, survey),
        lambda it: items.number_anew(it, "oit"),
        lambda it: scales.add_scale(it, ContentScale(code, ("ใช่", "ไม่ใช่"), (Decimal(to), None))),
        lambda it: scales.change_scale(it, scale, replace(_scale(it, scale), code=code or scale, name=text)),
        lambda it: scales.turned_scale(it, scale),
        lambda it: scales.remove_scale(it, scale),
        lambda it: scales.copy_scale(it, scale),
        lambda it: scales.move_choice(it, scale, place=1 + to // 2, to=to),
        lambda it: scales.remove_choice(it, scale, place=1 + to // 3),
        lambda it: questions.move_line(it, survey, question, place=1 + to // 3, to=to),
        lambda it: questions.copy_line(it, survey, question, place=1),
        lambda it: questions.remove_line(it, survey, question, place=1),
        lambda it: indicators.copy_indicator(it, survey, indicator),
        lambda it: indicators.copy_indicator(it, "oit", leaf),
    ]  # fmt: skip
    return draw(st.sampled_from(made))


def _scale(content: YearContent, code: str) -> ContentScale:
    return next(scale for scale in content.scales if scale.code == code)


@pytest.mark.long
@WHOLE
@given(st.data(), contents())
def test_any_edits_in_any_order_leave_a_whole_content(data: Any, content: YearContent) -> None:
    for _step in range(data.draw(st.integers(1, 8))):
        edit = data.draw(edits(content))
        try:
            content = edit(content)
        except (Refused, NotFound):
            continue
        is_whole(content)


def is_whole(content: YearContent) -> None:
    """Sheets say it, slots and places have no gap, words in other languages belong to something."""
    assert content_of_sheets(numbered(kept(content))) == content
    for one in content.instruments:
        lines = [line for question in one.questions for line in question.lines]
        assert [line.slot for line in lines] == list(range(len(lines)))
        for question in one.questions:
            assert [line.position for line in question.lines] == list(range(1, len(question.lines) + 1))
    there = set(things_with_words(content))
    assert {(row.thing, row.code) for row in content.translations} <= there


# -- what each does ------------------------------------------------------------------------------------


def codes(content: YearContent, instrument: str = "iit") -> list[str]:
    one = content.instrument(instrument)
    return [row.code for row in one.questions] + [row.code for row in one.items]


def test_a_new_question_stands_last_in_its_indicator_with_the_next_code(year: YearContent) -> None:
    after = questions.add_question(year, "iit", indicator="2", text="ใหม่", scale="YESNO")
    found = codes(after)
    assert found.index("I31") == found.index("I12") + 1
    assert after.instrument("iit").questions[-1].lines[-1].slot == 51


def test_a_copy_stands_behind_its_model(year: YearContent) -> None:
    after = questions.copy_question(year, "eit", "E2")
    assert codes(after, "eit")[:4] == ["E1", "E2", "E16", "E3"]
    assert codes(items.number_anew(after, "eit"), "eit") == [f"E{place}" for place in range(1, 17)]
    assert codes(items.copy_item(year, "O1"), "oit")[:3] == ["O1", "O49", "O2"]


@pytest.mark.parametrize(("to", "wanted"), [(1, 0), (2, 1), (6, 5), (99, 5), (-3, 0)])
def test_a_question_goes_where_it_is_put(year: YearContent, to: int, wanted: int) -> None:
    after = questions.move_question(year, "iit", "I3", indicator="1", to=to)
    assert codes(after).index("I3") == wanted


def test_an_indicator_takes_along_what_is_in_it(year: YearContent) -> None:
    after = indicators.move_indicator(year, "iit", "5", to=1)
    assert codes(after)[0] == "I25" and after.instrument("iit").indicators[0].code == "5"
    gone = indicators.remove_indicator(year, "oit", "9")
    assert {row.indicator for row in gone.instrument("oit").items} == {"10.1", "10.2"}
    named = indicators.change_indicator(year, "oit", "9.1", name="ใหม่", new_code="9.9")
    assert named.instrument("oit").items[0].indicator == "9.9"


def test_words_in_other_languages_follow_the_code_and_go_with_it(year: YearContent) -> None:
    row = ContentTranslation("en", "line", "iit:I1.2", "text", "In time")
    content = replace(year, translations=(row, replace(row, thing="question", code="iit:I1")))
    question = content.instrument("iit").questions[0]
    lines = [(line.text, "") for line in question.lines]
    says = {"indicator": "1", "text": question.text, "scale": question.scale, "note": ""}
    after = questions.change_question(content, "iit", "I1", new_code="A1", lines=lines, **says)
    assert {one.code for one in after.translations} == {"iit:A1.2", "iit:A1"}
    shorter = questions.change_question(content, "iit", "I1", new_code="I1", lines=lines[:1], **says)
    assert {one.code for one in shorter.translations} == {"iit:I1"}
    assert questions.remove_question(content, "iit", "I1").translations == ()


def test_a_scale_turned_round_leaves_what_is_not_applicable_in_its_place(year: YearContent) -> None:
    mine = ContentScale("", ("ไม่", "บ้าง", "ใช่", "ไม่เกี่ยว"), (Decimal(0), Decimal(50), Decimal(100), None))
    content = scales.add_scale(year, mine)
    assert content.scales[-1].code == "S1"
    turned = scales.turned_scale(content, "S1").scales[-1]
    assert (turned.code, turned.points) == ("S2", (Decimal(100), Decimal(50), Decimal(0), None))


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda it: indicators.add_indicator(it, "oit", name="ก", parent="9.1"), "parent"),
        (lambda it: indicators.add_indicator(it, "iit", name="ก", parent="1"), "parent"),
        (lambda it: indicators.add_indicator(it, "iit", name="ก", code="2"), "code"),
        (lambda it: indicators.change_indicator(it, "iit", "1", name="ก", new_code="2"), "code"),
        (lambda it: questions.add_question(it, "iit", indicator="1", text="ก", scale="ไม่มี"), "scale"),
        (
            lambda it: questions.add_question(
                it, "iit", indicator="1", text="ก", scale="YESNO", lines=[("ก", "ไม่มี")]
            ),
            "scale",
        ),
        (
            lambda it: questions.add_question(it, "iit", indicator="1", text="ก", scale="YESNO", code="I9"),
            "code",
        ),
        (lambda it: items.add_item(it, indicator="9", title="ก"), "indicator"),
        (lambda it: scales.remove_scale(it, "LIKERT4"), ""),
        (lambda it: scales.add_scale(it, ContentScale("", ("ก",), (Decimal(1),))), "choices"),
        (lambda it: scales.add_scale(it, ContentScale("", ("ก", "ข"), (None, None))), "choices"),
        (lambda it: scales.add_scale(it, ContentScale("", ("ก", "ก"), (Decimal(1), Decimal(0)))), "choices"),
    ],
)
def test_what_would_break_the_tree_is_refused_at_its_field(year: YearContent, edit: Edit, field: str) -> None:
    with pytest.raises(Refused) as refused:
        edit(year)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "edit",
    [
        lambda it: questions.copy_question(it, "iit", "I99"),
        lambda it: questions.copy_question(it, "xit", "I1"),
        lambda it: items.remove_item(it, "O99"),
        lambda it: indicators.move_indicator(it, "iit", "77", to=1),
        lambda it: items.add_item(it, indicator="77", title="ก"),
    ],
)
def test_what_is_not_there_is_not_found(year: YearContent, edit: Edit) -> None:
    with pytest.raises(NotFound):
        edit(year)
