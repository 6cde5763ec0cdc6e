"""Read the shipped content of a fiscal year (``content/<year>/*.toml``) into plain data.

What is read is checked: every code named elsewhere exists, every scale has as many points as labels.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.round import USUAL_SCHEME, Stage, WindowKind

FOLDER = Path(__file__).parent
YEARS = (2561,)


class BrokenContent(ValueError):
    """The content files contradict one another; the text says where."""


@dataclass(frozen=True)
class ContentScale:
    """An answer scale: labels as shown, and the points of each; without points a choice is "not applicable".

    ``name`` is what people call it.
    """

    code: str
    labels: tuple[str, ...]
    points: tuple[Decimal | None, ...]
    name: str = ""


@dataclass(frozen=True)
class ContentLine:
    """A scored line. ``scale`` is the scale it is scored on; ``own_scale`` tells that it differs."""

    position: int
    slot: int
    text: str
    scale: str
    own_scale: bool


@dataclass(frozen=True)
class ContentQuestion:
    """A question with at least one line; a lone line without text is the question itself."""

    code: str
    indicator: str
    scale: str
    text: str
    note: str
    lines: tuple[ContentLine, ...]


@dataclass(frozen=True)
class ContentItem:
    """An item of the checklist."""

    code: str
    indicator: str
    title: str
    criterion: str
    #: what an answer that passes looks like
    example: str = ""
    #: codes of kinds; empty: every kind is asked
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContentIndicator:
    """An indicator, or with a ``parent`` code a sub-indicator."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class ContentInstrument:
    """An instrument ("iit", "eit", "oit") with its indicators in order, parents before their parts."""

    code: str
    name: str
    weight: Decimal
    indicators: tuple[ContentIndicator, ...]
    questions: tuple[ContentQuestion, ...]
    items: tuple[ContentItem, ...]

    @property
    def slots(self) -> int:
        """The number of scored lines of a survey."""
        return sum(len(question.lines) for question in self.questions)


@dataclass(frozen=True)
class ContentSampleRow:
    """One band of a minimum-sample rule of one instrument."""

    instrument: str
    position: int
    agency_kind: str | None
    agency_size: str | None
    upto: int | None
    fixed: int | None
    percent: Decimal | None
    #: the size class of the agency's province
    province_size: str | None = None


@dataclass(frozen=True)
class ContentBand:
    """A grade and its lower bound."""

    grade: str
    lower: Decimal
    passes: bool


@dataclass(frozen=True)
class ContentTranslation:
    """A text in a further language: of which ``thing``, by its ``code``, which ``field`` of it."""

    language: str
    thing: str
    code: str
    field: str
    words: str


@dataclass(frozen=True)
class ContentText:
    """A text of a public page or a notice that the round words itself."""

    key: str
    words: str


@dataclass(frozen=True)
class ContentWindow:
    """A window of a stage: [opens_at, closes_at)."""

    stage: Stage
    kind: WindowKind
    opens_at: datetime
    closes_at: datetime


def in_order(windows: Iterable[ContentWindow]) -> tuple[ContentWindow, ...]:
    """Windows by stage and kind, in the order in which both are named."""
    stages, kinds = list(Stage), list(WindowKind)
    return tuple(sorted(windows, key=lambda row: (stages.index(row.stage), kinds.index(row.kind))))


@dataclass(frozen=True)
class YearContent:
    """Everything of a round of a fiscal year that is not an answer. Shipped content has no windows."""

    fiscal_year: int
    scales: tuple[ContentScale, ...]
    instruments: tuple[ContentInstrument, ...]
    sample_rows: tuple[ContentSampleRow, ...]
    bands: tuple[ContentBand, ...]
    roster_groups: tuple[str, ...]
    first_digits: str
    detail_threshold: int
    total_threshold: int
    eit_combine: str
    grace_seconds: int = 900
    office_grace_seconds: int = 900
    demo_wording: bool = True
    windows: tuple[ContentWindow, ...] = ()
    texts: tuple[ContentText, ...] = ()
    translations: tuple[ContentTranslation, ...] = ()
    scheme: str = USUAL_SCHEME
    #: groups of which the headcount is the sum; none: one number is asked
    headcount_groups: tuple[str, ...] = ()

    def instrument(self, code: str) -> ContentInstrument:
        """The instrument of this code. Raises KeyError."""
        return {instrument.code: instrument for instrument in self.instruments}[code]


def load_year(fiscal_year: int, *, folder: Path = FOLDER) -> YearContent:
    """Read the content of one fiscal year.

    Raises FileNotFoundError for a year without content, BrokenContent where files contradict one another.
    """
    place = folder / str(fiscal_year)
    scales = tuple(_scale(row) for row in _read(place, "scales")["scale"])
    known = {scale.code for scale in scales}
    instruments = tuple(_instrument(row, place, known) for row in _read(place, "instruments")["instrument"])
    rules = _read(place, "rules")
    return YearContent(
        fiscal_year=rules["fiscal_year"],
        scales=scales,
        instruments=instruments,
        sample_rows=tuple(_sample_rows(rules["sample"])),
        bands=tuple(
            ContentBand(row["grade"], Decimal(str(row["lower"])), row.get("passes", False))
            for row in rules["band"]
        ),
        roster_groups=tuple(rules["roster_groups"]),
        headcount_groups=tuple(rules.get("headcount_groups", ())),
        first_digits=rules["first_digits"],
        detail_threshold=rules["detail_threshold"],
        total_threshold=rules["total_threshold"],
        eit_combine=rules["eit_combine"],
    )


def _read(place: Path, name: str) -> dict[str, Any]:
    with (place / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _scale(row: Mapping[str, Any]) -> ContentScale:
    points = tuple(_points(value) for value in row["points"])
    if len(points) != len(row["labels"]):
        raise BrokenContent(f"scale {row['code']} has not one value per label")
    return ContentScale(row["code"], tuple(row["labels"]), points, row.get("name", ""))


def _points(value: Any) -> Decimal | None:
    """TOML has no "nothing": a choice without points is written as an empty text."""
    return None if value == "" else Decimal(str(value))


def _instrument(row: Mapping[str, Any], place: Path, scales: set[str]) -> ContentInstrument:
    body = _read(place, row["code"])
    instrument = ContentInstrument(
        code=row["code"],
        name=row["name"],
        weight=Decimal(str(row["weight"])),
        indicators=tuple(_indicators(row["indicator"])),
        questions=tuple(_questions(body.get("question", ()))),
        items=tuple(
            ContentItem(
                item["code"],
                item["indicator"],
                item["title"],
                item["criterion"],
                item.get("example", ""),
                tuple(item.get("kinds", ())),
            )
            for item in body.get("item", ())
        ),
    )
    _check(instrument, scales)
    return instrument


def _indicators(rows: Iterable[Mapping[str, Any]]) -> Iterable[ContentIndicator]:
    for row in rows:
        yield ContentIndicator(row["code"], row["name"], None)
        for sub in row.get("subs", ()):
            yield ContentIndicator(sub["code"], sub["name"], row["code"])


def _questions(rows: Iterable[Mapping[str, Any]]) -> Iterable[ContentQuestion]:
    slot = 0
    for row in rows:
        lines = []
        for position, line in enumerate(row.get("lines") or [{"text": ""}], start=1):
            scale = line.get("scale", row["scale"])
            lines.append(ContentLine(position, slot, line["text"], scale, scale != row["scale"]))
            slot += 1
        yield ContentQuestion(
            row["code"], row["indicator"], row["scale"], row["text"], row.get("note", ""), tuple(lines)
        )


def _sample_rows(rules: Iterable[Mapping[str, Any]]) -> Iterable[ContentSampleRow]:
    position = 0
    for rule in rules:
        for instrument in rule["instruments"]:
            for band in rule["bands"]:
                percent = band.get("percent")
                position += 1
                yield ContentSampleRow(
                    instrument=instrument,
                    position=position,
                    agency_kind=rule.get("agency_kind"),
                    agency_size=rule.get("agency_size"),
                    province_size=rule.get("province_size"),
                    upto=band.get("upto"),
                    fixed=band.get("fixed"),
                    percent=None if percent is None else Decimal(str(percent)),
                )


def _check(instrument: ContentInstrument, scales: set[str]) -> None:
    indicators = {indicator.code for indicator in instrument.indicators}
    named = [(question.code, question.indicator) for question in instrument.questions]
    named += [(item.code, item.indicator) for item in instrument.items]
    for code, indicator in named:
        if indicator not in indicators:
            raise BrokenContent(f"{code} names the unknown indicator {indicator}")
    for question in instrument.questions:
        for line in question.lines:
            if line.scale not in scales:
                raise BrokenContent(f"{question.code} names the unknown scale {line.scale}")
