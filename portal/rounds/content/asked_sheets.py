"""The sheets of what is asked: instruments, indicators, scales, questions, items."""

from __future__ import annotations

from collections.abc import Iterator

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from portal.content.year import ContentInstrument, ContentQuestion, YearContent
from portal.core.texts import lazy
from portal.rounds.content import cells
from portal.rounds.content.columns import Column, Sheet, Values


def _instruments(content: YearContent) -> Iterator[Values]:
    for one in content.instruments:
        yield {"instrument": one.code, "name": one.name, "weight": one.weight}


def _indicators(content: YearContent) -> Iterator[Values]:
    for one in content.instruments:
        for row in one.indicators:
            yield {"instrument": one.code, "code": row.code, "parent": row.parent or "", "name": row.name}


def _scales(content: YearContent) -> Iterator[Values]:
    for scale in content.scales:
        for place, (label, points) in enumerate(zip(scale.labels, scale.points, strict=True), start=1):
            name = scale.name if place == 1 else ""
            yield {"code": scale.code, "name": name, "place": place, "label": label, "points": points}


def _questions(content: YearContent) -> Iterator[Values]:
    for instrument in content.instruments:
        for question in instrument.questions:
            yield from _lines(instrument, question)


def _lines(instrument: ContentInstrument, question: ContentQuestion) -> Iterator[Values]:
    """A row for each line; what is said of the question stands in its first."""
    for line in question.lines:
        first = line.position == 1
        yield {
            "instrument": instrument.code,
            "code": question.code,
            "indicator": question.indicator if first else "",
            "text": question.text if first else "",
            "note": question.note if first else "",
            "scale": question.scale if first else "",
            "line": line.position,
            "line_text": line.text,
            "line_scale": line.scale if line.own_scale else "",
        }


def _items(content: YearContent) -> Iterator[Values]:
    for instrument in content.instruments:
        for item in instrument.items:
            yield {**vars(item)}


_SURVEYS = cells.one_of(lambda: [(kind.value, kind.name) for kind in InstrumentKind if kind.value != "oit"])
_ANY = cells.one_of(lambda: [(kind.value, kind.name) for kind in InstrumentKind])
_CODE = cells.code(longest=8)
_SCALE = cells.code(longest=40)
_WORDS = cells.text(longest=4000, lines=True)

ASKED: tuple[Sheet, ...] = (
    Sheet(
        "instruments",
        lazy("Instruments"),
        lazy("The three instruments; their weights make 100"),
        (
            Column("instrument", lazy("Instrument"), _ANY, needed=True),
            Column("name", lazy("Name"), cells.text(longest=200), 50, needed=True),
            Column("weight", lazy("Weight"), cells.decimal(most=100, places=3), needed=True),
        ),
        ("instrument",),
        _instruments,
    ),
    Sheet(
        "indicators",
        lazy("Indicators"),
        lazy("Indicators in their order; a sub-indicator names the indicator above it"),
        (
            Column("instrument", lazy("Instrument"), _ANY, needed=True),
            Column("code", lazy("Code"), _CODE, needed=True),
            Column("parent", lazy("Under indicator"), _CODE, offers=("indicators", "code", "")),
            Column("name", lazy("Name"), cells.text(longest=200), 50, needed=True),
        ),
        ("instrument", "code"),
        _indicators,
    ),
    Sheet(
        "scales",
        lazy("Scales"),
        lazy("A row for each choice, in their order. A choice without points means: not applicable"),
        (
            Column("code", lazy("Scale"), _SCALE, 22, needed=True),
            Column("name", lazy("Name"), cells.text(longest=120), 30),
            Column("place", lazy("Number of the choice"), cells.whole(least=1, most=20), needed=True),
            Column("label", lazy("Choice"), cells.text(longest=120), 36, needed=True),
            Column("points", lazy("Points"), cells.decimal(most=1000)),
        ),
        ("code", "place"),
        _scales,
    ),
    Sheet(
        "questions",
        lazy("Questions"),
        lazy(
            "A row for each scored line; what is said of the question itself stands in the row of its first."
            " A question without lines has one row. There are no free texts: they could tell who wrote them"
        ),
        (
            Column("instrument", lazy("Instrument"), _SURVEYS, needed=True),
            Column("code", lazy("Question"), _CODE, needed=True),
            Column("indicator", lazy("Indicator"), _CODE, offers=("indicators", "code", "")),
            Column("text", lazy("Text"), _WORDS, 60),
            Column("note", lazy("Note for respondents"), _WORDS, 30),
            Column("scale", lazy("Scale"), _SCALE, 22, offers=("scales", "code", "")),
            Column("line", lazy("Number of the line"), cells.whole(least=1, most=200), needed=True),
            Column("line_text", lazy("Text of the line"), _WORDS, 50),
            Column("line_scale", lazy("Own scale of the line"), _SCALE, 22, offers=("scales", "code", "")),
        ),
        ("instrument", "code", "line"),
        _questions,
    ),
    Sheet(
        "items",
        lazy("OIT items"),
        lazy(
            "The checklist in its order; an item without kinds of agencies is asked of all."
            " Several kinds stand in one cell with commas between"
        ),
        (
            Column("code", lazy("Code"), _CODE, needed=True),
            Column("indicator", lazy("Indicator"), _CODE, needed=True, offers=("indicators", "code", "oit")),
            Column("title", lazy("What is disclosed"), cells.text(longest=300), 50, needed=True),
            Column("criterion", lazy("Criterion"), _WORDS, 60),
            Column("example", lazy("Example"), _WORDS, 40),
            Column(
                "kinds",
                lazy("Kinds of agencies"),
                cells.several_of(lambda: [(kind.value, kind.label) for kind in AGENCY_KINDS]),
                30,
            ),
        ),
        ("code",),
        _items,
    ),
)
