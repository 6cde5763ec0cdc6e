"""What a round asks is looked at before it opens: each fault with the page on which it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    ContentText,
    ContentTranslation,
    YearContent,
    load_year,
)
from portal.core.web import Portal
from portal.rounds.checking import content as asked
from portal.rounds.checking.found import Found, Level, Page, Where

CONTENT = load_year(2561)
Look = Callable[[YearContent], Iterator[Found]]


def with_first(**changes: Any) -> YearContent:
    """The content with another first instrument (IIT)."""
    first, *rest = CONTENT.instruments
    return replace(CONTENT, instruments=(replace(first, **changes), *rest))


def iit() -> ContentInstrument:
    return CONTENT.instruments[0]


def with_question(**changes: Any) -> YearContent:
    question, *rest = iit().questions
    return with_first(questions=(replace(question, **changes), *rest))


def with_item(**changes: Any) -> YearContent:
    """The content with another first item of the checklist."""
    *others, oit = CONTENT.instruments
    item, *rest = oit.items
    return replace(CONTENT, instruments=(*others, replace(oit, items=(replace(item, **changes), *rest))))


def with_scale(**changes: Any) -> YearContent:
    scale, *rest = CONTENT.scales
    return replace(CONTENT, scales=(replace(scale, **changes), *rest))


def test_the_shipped_content_has_no_fault(app: Portal) -> None:
    with app.app_context():
        for look in (asked.instruments, asked.scales, asked.orphans, asked.words):
            assert [one for one in look(CONTENT) if one.level is Level.MEND] == []


def alone(*points: Decimal | None) -> YearContent:
    labels = tuple(f"ตัวเลือก {place}" for place in range(len(points)))
    return with_scale(labels=labels, points=points)


SCALE = CONTENT.scales[0].code
OF_SCALE = Where(Page.SCALE, "", SCALE)
QUESTION = iit().questions[0].code
OF_ITEM = Where(Page.ITEM, "oit", CONTENT.instruments[-1].items[0].code)
EMPTY = ContentIndicator("9", "ว่าง", None)
LOST = ContentIndicator("9.1", "ไม่มีแม่", "99")


@pytest.mark.parametrize(
    ("look", "content", "reason", "where", "level"),
    [
        (asked.scales, alone(Decimal(0), None), "at least two choices", OF_SCALE, Level.MEND),
        (asked.scales, alone(Decimal(5), Decimal(5)), "same points", OF_SCALE, Level.WARNING),
        (
            asked.orphans,
            with_question(indicator="77"),
            "stands in no indicator",
            Where(Page.QUESTION, "iit", QUESTION),
            Level.MEND,
        ),
        (
            asked.orphans,
            with_first(indicators=(*iit().indicators, EMPTY)),
            "has nothing in it",
            Where(Page.TREE, "iit", "indicator-9"),
            Level.MEND,
        ),
        (
            asked.orphans,
            with_first(indicators=(*iit().indicators, LOST)),
            "is not there",
            Where(Page.INDICATOR, "iit", "9.1"),
            Level.MEND,
        ),
        (
            asked.orphans,
            with_question(scale="NONE"),
            "has no scale",
            Where(Page.QUESTION, "iit", QUESTION),
            Level.MEND,
        ),
        (asked.orphans, with_item(indicator="77"), "stands in no indicator", OF_ITEM, Level.MEND),
        (asked.words, with_item(title=" "), "does not say", OF_ITEM, Level.MEND),
        (asked.words, with_item(criterion=""), "no criterion", OF_ITEM, Level.WARNING),
        (
            asked.words,
            with_first(indicators=(replace(iit().indicators[0], name=" "), *iit().indicators[1:])),
            "has no name",
            Where(Page.INDICATOR, "iit", iit().indicators[0].code),
            Level.MEND,
        ),
        (asked.words, with_scale(labels=("", "มาก", "น้อย", "ไม่มี")), "has no words", OF_SCALE, Level.MEND),
        (
            asked.words,
            with_question(text=" "),
            "lacks its text",
            Where(Page.QUESTION, "iit", QUESTION),
            Level.MEND,
        ),
        (asked.words, with_first(name=""), "has no name", Where(Page.INSTRUMENT, "iit"), Level.MEND),
        (
            asked.words,
            replace(CONTENT, texts=(ContentText("thanks", " "),)),
            "public page is empty",
            Where(Page.TEXTS),
            Level.MEND,
        ),
        (
            asked.words,
            replace(CONTENT, translations=(ContentTranslation("en", "question", QUESTION, "text", "Yes"),)),
            "are not there in the language",
            Where(Page.LANGUAGE, "", "en"),
            Level.WARNING,
        ),
    ],
)  # fmt: skip
def test_each_fault_leads_to_the_page_where_it_is_mended(
    app: Portal, look: Look, content: YearContent, reason: str, where: Where, level: Level
) -> None:
    with app.app_context():
        assert any(
            reason in one.reason and one.where == where and one.level is level for one in look(content)
        ), [(one.reason, one.where) for one in look(content)]


def test_a_scale_that_nothing_uses_is_only_worth_a_look(app: Portal) -> None:
    spare = replace(CONTENT.scales[0], code="spare", name="เหลือ")
    with app.app_context():
        found = list(asked.scales(replace(CONTENT, scales=(*CONTENT.scales, spare))))
    assert [(one.level, one.values["scale"]) for one in found] == [(Level.WARNING, "เหลือ")]
