"""The sheets of a year: the one form in which content is written down, compared, kept and read in.

A workbook has them as its sheets, a step of the builder keeps them as texts, and what differs between two
contents is what differs between their rows. ``portal.rounds.content.assembly`` makes content of them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.agency import AgencyKind, AgencySize
from models.instrument import InstrumentKind
from portal.content.year import ContentInstrument, ContentQuestion, YearContent
from portal.core.stages import STAGE_NAMES
from portal.core.texts import lazy
from portal.rounds.content import cells
from portal.rounds.content.cells import Kind
from portal.rounds.content.words import COMBINES, WINDOWS

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: the name by which code knows it, its heading, what its cells hold, how wide it is shown."""

    name: str
    title: Any
    kind: Kind
    width: int = 14
    needed: bool = False
    #: the sheet and column whose words a drop-down offers here, and the instrument that they are of
    offers: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name in code, title, what it is for, columns, and which of them tell rows apart."""

    name: str
    title: Any
    about: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[YearContent], Iterable[Values]]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


# -- what a sheet's rows say ---------------------------------------------------------------------------


def _settings(content: YearContent) -> Iterator[Values]:
    yield {name: getattr(content, name) for name in SETTINGS}


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


def _samples(content: YearContent) -> Iterator[Values]:
    for row in content.sample_rows:
        yield {**vars(row)}


def _bands(content: YearContent) -> Iterator[Values]:
    for band in content.bands:
        yield {**vars(band)}


def _groups(content: YearContent) -> Iterator[Values]:
    for place, name in enumerate(content.roster_groups, start=1):
        yield {"place": place, "name": name}


def _windows(content: YearContent) -> Iterator[Values]:
    for row in content.windows:
        yield {**vars(row)}


def _texts(content: YearContent) -> Iterator[Values]:
    for row in content.texts:
        yield {**vars(row)}


def _translations(content: YearContent) -> Iterator[Values]:
    for row in content.translations:
        yield {**vars(row)}


# -- the columns --------------------------------------------------------------------------------------

_SURVEYS = cells.one_of(lambda: [(kind.value, kind.name) for kind in InstrumentKind if kind.value != "oit"])
_ANY = cells.one_of(lambda: [(kind.value, kind.name) for kind in InstrumentKind])
_KINDS = cells.one_of(lambda: [(kind.value, kind.label) for kind in AgencyKind])
_SIZES = cells.one_of(lambda: [(size.value, size.value) for size in AgencySize])
_CODE = cells.code(longest=8)
_SCALE = cells.code(longest=40)
_WORDS = cells.text(longest=4000, lines=True)

#: the settings of a round, which are columns of one row
SETTINGS = (
    "fiscal_year",
    "scheme",
    "first_digits",
    "eit_combine",
    "detail_threshold",
    "total_threshold",
    "grace_seconds",
    "office_grace_seconds",
    "demo_wording",
)

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "settings",
        lazy("Settings"),
        lazy("What holds for the whole round: one row"),
        (
            Column("fiscal_year", lazy("Fiscal year"), cells.whole(least=2500, most=2700), needed=True),
            Column("scheme", lazy("Scheme of assessment"), cells.scheme()),
            Column("first_digits", lazy("First digits of IDs"), cells.code(longest=10), needed=True),
            Column(
                "eit_combine",
                lazy("Parts of EIT"),
                cells.one_of(lambda: [(rule.value, str(words)) for rule, words in COMBINES.items()]),
                30,
                needed=True,
            ),
            Column("detail_threshold", lazy("Details from"), cells.whole(least=3, most=1000), needed=True),
            Column("total_threshold", lazy("Totals from"), cells.whole(least=1, most=1000), needed=True),
            Column(
                "grace_seconds", lazy("Grace time of surveys (seconds)"), cells.whole(most=7200), needed=True
            ),
            Column(
                "office_grace_seconds",
                lazy("Grace time of offices (seconds)"),
                cells.whole(most=7200),
                needed=True,
            ),
            Column("demo_wording", lazy("Demonstration wording"), cells.flag()),
        ),
        (),
        _settings,
    ),
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
                cells.several_of(lambda: [(kind.value, kind.label) for kind in AgencyKind]),
                30,
            ),
        ),
        ("code",),
        _items,
    ),
    Sheet(
        "samples",
        lazy("Minimum samples"),
        lazy("Up to so many people: a number of answers or a percentage; the row without a limit comes last"),
        (
            Column("instrument", lazy("Instrument"), _SURVEYS, needed=True),
            Column("agency_kind", lazy("Kind of agency"), _KINDS, 26),
            Column("agency_size", lazy("Size"), _SIZES),
            Column("province_size", lazy("Size of the province"), _SIZES),
            Column("upto", lazy("Up to (people)"), cells.whole(least=1)),
            Column("fixed", lazy("Answers"), cells.whole()),
            Column("percent", lazy("or percent"), cells.decimal(most=100)),
        ),
        ("instrument", "agency_kind", "agency_size", "province_size", "upto"),
        _samples,
    ),
    Sheet(
        "bands",
        lazy("Grades"),
        lazy("A grade and the score from which it holds; the lowest begins at 0"),
        (
            Column("grade", lazy("Grade"), cells.code(longest=4), needed=True),
            Column("lower", lazy("From (score)"), cells.decimal(most=100), needed=True),
            Column("passes", lazy("Passes the assessment"), cells.flag()),
        ),
        ("grade",),
        _bands,
    ),
    Sheet(
        "groups",
        lazy("Roster groups"),
        lazy("The groups of external stakeholders, in their order"),
        (
            Column("place", lazy("Number"), cells.whole(least=1, most=100), needed=True),
            Column("name", lazy("Name of the group"), cells.text(longest=160), 50, needed=True),
        ),
        ("place",),
        _groups,
    ),
    Sheet(
        "windows",
        lazy("Windows"),
        lazy("First and last day of each window; the last day is included"),
        (
            Column(
                "stage",
                lazy("Stage"),
                cells.one_of(lambda: [(stage, str(words)) for stage, words in STAGE_NAMES.items()]),
                30,
                needed=True,
            ),
            Column(
                "kind",
                lazy("Window"),
                cells.one_of(lambda: [(kind, str(words)) for kind, words in WINDOWS.items()]),
                22,
                needed=True,
            ),
            Column("opens_at", lazy("First day"), cells.first_moment(), 18, needed=True),
            Column("closes_at", lazy("Last day"), cells.last_moment(), 18, needed=True),
        ),
        ("stage", "kind"),
        _windows,
    ),
    Sheet(
        "texts",
        lazy("Texts of pages"),
        lazy("Texts of public pages and notices that this round words itself"),
        (
            Column("key", lazy("Text"), cells.code(longest=40), 26, needed=True),
            Column("words", lazy("Words"), _WORDS, 80, needed=True),
        ),
        ("key",),
        _texts,
    ),
    Sheet(
        "translations",
        lazy("Further languages"),
        lazy(
            "A text in a further language; what is not there is shown in Thai."
            " Indicators, questions and lines have their instrument before their code: eit:E1"
        ),
        (
            Column("language", lazy("Language"), cells.code(longest=2), needed=True),
            Column("thing", lazy("Of what"), cells.code(longest=20), needed=True),
            Column("code", lazy("Code"), cells.code(longest=60), needed=True),
            Column("field", lazy("Which text"), cells.code(longest=20), needed=True),
            Column("words", lazy("Words"), _WORDS, 80, needed=True),
        ),
        ("language", "thing", "code", "field"),
        _translations,
    ),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}

#: all sheets as texts: by the sheet's name its rows, each by the column's name, empty cells left out
Written = dict[str, list[dict[str, str]]]


def written(content: YearContent) -> Written:
    """The content as texts, as a workbook shows them."""
    return {sheet.name: [_row(sheet, values, _shown) for values in sheet.rows(content)] for sheet in SHEETS}


def kept(content: YearContent) -> Written:
    """The content as texts that are understood also once a word for people is another one."""
    return {sheet.name: [_row(sheet, values, _stored) for values in sheet.rows(content)] for sheet in SHEETS}


def _row(sheet: Sheet, values: Values, write: Callable[[Kind, Any], str]) -> dict[str, str]:
    found = {}
    for column in sheet.columns:
        value = values[column.name]
        cell = "" if value is None or value == column.kind.empty else write(column.kind, value)
        if cell:
            found[column.name] = cell
    return found


def _shown(kind: Kind, value: Any) -> str:
    return kind.write(value)


def _stored(kind: Kind, value: Any) -> str:
    return (kind.keep or kind.write)(value)
