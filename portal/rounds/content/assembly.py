"""Sheets of texts made into the content of a year: the one way in, with every fault at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.instrument import InstrumentKind
from portal.ballot.public_texts import PUBLIC
from portal.ballot.public_words import unfit
from portal.content.places import told_apart
from portal.content.year import (
    ContentBand,
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentLine,
    ContentQuestion,
    ContentSampleRow,
    ContentScale,
    ContentText,
    ContentTranslation,
    ContentWindow,
    YearContent,
    in_order,
)
from portal.rounds.content.given import Faulty, Given, GivenSheets, Sheets

OIT = InstrumentKind.OIT.value


def content_of_sheets(sheets: Sheets) -> YearContent:
    """The content that sheets say. Raises Faulty with every fault of every cell."""
    assembly = _Assembly(sheets)
    content = assembly.content()
    if content is None or assembly.faults:
        raise Faulty(assembly.faults)
    return told_apart(content)


class _Assembly(GivenSheets):
    """Makes content of the rows, part by part; a part that is wrong gives what of it is right, and faults."""

    def content(self) -> YearContent | None:
        """The content; None where there are no settings to hang it on."""
        scales = tuple(self._scales())
        instruments = tuple(self._instruments({scale.code for scale in scales}))
        settings = self._settings()
        if settings is None:
            return None
        return YearContent(
            scales=scales,
            instruments=instruments,
            sample_rows=tuple(self._samples()),
            bands=tuple(ContentBand(**row.values) for row in self.rows["bands"]),
            roster_groups=tuple(self._groups("groups")),
            headcount_groups=tuple(self._groups("headcount")),
            windows=in_order(self._windows()),
            texts=tuple(self._texts()),
            translations=tuple(self._translations()),
            **settings.values,
        )

    def _settings(self) -> Given | None:
        rows = self.rows["settings"]
        if len(rows) == 1:
            return rows[0]
        if not any(fault.sheet == "settings" for fault in self.faults):
            self._fault("settings", 2, "fiscal_year", "The settings are one row")
        return None

    def _scales(self) -> Iterator[ContentScale]:
        by_code: dict[str, list[Given]] = {}
        for row in self.rows["scales"]:
            by_code.setdefault(row["code"], []).append(row)
        for code, rows in by_code.items():
            rows.sort(key=lambda row: row["place"])
            self._in_turn("scales", "place", rows)
            names = [row["name"] for row in rows if row["name"]]
            yield ContentScale(
                code,
                tuple(row["label"] for row in rows),
                tuple(row["points"] for row in rows),
                names[0] if names else "",
            )

    def _instruments(self, scales: set[str]) -> Iterator[ContentInstrument]:
        rows = {row["instrument"]: row for row in self.rows["instruments"]}
        for kind in InstrumentKind:
            row = rows.get(kind.value)
            if row is None and not any(fault.sheet == "instruments" for fault in self.faults):
                self._fault("instruments", 2, "instrument", "%(kind)s is missing", kind=kind.name)
            # what stands in it is looked at all the same: every fault is told at once
            indicators = tuple(self._indicators(kind.value))
            known = {indicator.code for indicator in indicators}
            yield ContentInstrument(
                code=kind.value,
                name=row["name"] if row else "",
                weight=row["weight"] if row else Decimal(0),
                indicators=indicators,
                questions=tuple(self._questions(kind.value, known, scales)),
                items=tuple(self._items(known)) if kind.value == OIT else (),
            )

    def _indicators(self, instrument: str) -> Iterator[ContentIndicator]:
        above: set[str] = set()
        for row in self.rows["indicators"]:
            if row["instrument"] != instrument:
                continue
            parent = row["parent"] or None
            if parent is not None and parent not in above:
                self._fault(
                    "indicators", row.number, "parent", "No indicator %(code)s stands above", code=parent
                )
                continue
            if parent is None:
                above.add(row["code"])
            yield ContentIndicator(row["code"], row["name"], parent)

    def _questions(
        self, instrument: str, indicators: set[str], scales: set[str]
    ) -> Iterator[ContentQuestion]:
        by_code: dict[str, list[Given]] = {}
        for row in self.rows["questions"]:
            if row["instrument"] == instrument:
                by_code.setdefault(row["code"], []).append(row)
        slot = 0
        for code, rows in by_code.items():
            rows.sort(key=lambda row: row["line"])
            self._in_turn("questions", "line", rows)
            first = rows[0]
            if not self._heads(first, indicators, scales):
                continue
            self._says_it_first(rows)
            lines = tuple(self._lines(rows, first["scale"], slot, scales))
            slot += len(lines)
            yield ContentQuestion(
                code, first["indicator"], first["scale"], first["text"], first["note"], lines
            )

    def _heads(self, first: Given, indicators: set[str], scales: set[str]) -> bool:
        """Whether the row of a question's first line says what the question needs."""
        said = len(self.faults)
        if not first["text"]:
            self._fault("questions", first.number, "text", "This cell must not be empty")
        if first["indicator"] not in indicators:
            self._unknown("questions", first, "indicator")
        if first["scale"] not in scales:
            self._unknown("questions", first, "scale")
        return len(self.faults) == said

    def _says_it_first(self, rows: Sequence[Given]) -> None:
        """What another line says of the question would be lost: it may only repeat the first."""
        first = rows[0]
        for row in rows[1:]:
            for column in ("indicator", "text", "note", "scale"):
                if row[column] and row[column] != first[column]:
                    lost = "Of the question the row of its first line speaks: change it there"
                    if column == "scale":
                        lost = "A line with another scale names it under its own scale"
                    self._fault("questions", row.number, column, lost)

    def _lines(self, rows: Sequence[Given], scale: str, slot: int, scales: set[str]) -> Iterator[ContentLine]:
        for place, row in enumerate(rows, start=1):
            if len(rows) > 1 and not row["line_text"]:
                self._fault("questions", row.number, "line_text", "A line of several needs its own text")
            own = row["line_scale"] or scale
            if own not in scales:
                self._unknown("questions", row, "line_scale")
            yield ContentLine(place, slot + place - 1, row["line_text"], own, own != scale)

    def _items(self, indicators: set[str]) -> Iterator[ContentItem]:
        for row in self.rows["items"]:
            if row["indicator"] not in indicators:
                self._unknown("items", row, "indicator")
                continue
            yield ContentItem(**row.values)

    def _samples(self) -> Iterator[ContentSampleRow]:
        for position, row in enumerate(self.rows["samples"], start=1):
            if (row["fixed"] is None) == (row["percent"] is None):
                self._fault(
                    "samples", row.number, "fixed", "Enter either a number of answers or a percentage"
                )
            yield ContentSampleRow(position=position, **row.values)

    def _groups(self, sheet: str) -> Iterator[str]:
        rows = sorted(self.rows[sheet], key=lambda row: row["place"])
        self._in_turn(sheet, "place", rows)
        for row in rows:
            yield row["name"]

    def _windows(self) -> Iterator[ContentWindow]:
        for row in self.rows["windows"]:
            if row["opens_at"] >= row["closes_at"]:
                self._fault("windows", row.number, "closes_at", "The last day lies before the first day")
                continue
            yield ContentWindow(**row.values)

    def _texts(self) -> Iterator[ContentText]:
        """Texts of the respondents' pages: of a page that there is, and no promise of the system."""
        for row in self.rows["texts"]:
            text = PUBLIC.get(row["key"])
            if text is None:
                self._fault("texts", row.number, "key", "There is no %(code)s", code=row["key"])
            elif text.promise:
                promise = "This is a promise of the system: it can be translated, not worded anew"
                self._fault("texts", row.number, "words", promise)
            elif wrong := unfit(row["words"], text):
                self._fault("texts", row.number, "words", wrong[0], **wrong[1])
            yield ContentText(**row.values)

    def _translations(self) -> Iterator[ContentTranslation]:
        for row in self.rows["translations"]:
            text = PUBLIC.get(row["code"]) if row["thing"] == "page" else None
            wrong = None if text is None else unfit(row["words"], text)
            if wrong is not None:
                self._fault("translations", row.number, "words", wrong[0], **wrong[1])
            yield ContentTranslation(**row.values)
