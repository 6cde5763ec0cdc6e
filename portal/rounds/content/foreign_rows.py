"""How rows of a table of others become rows of sheets, once somebody has said which column is what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from models.thai import one_line
from portal.content.year import YearContent
from portal.register.sizes import SIZES
from portal.rounds.content.sheets import kept

#: rows of a sheet with the numbers that they have in the file; rows of the round itself below zero
Numbered = list[tuple[int, dict[str, str]]]
#: what stands between the choices of a scale in one cell
BETWEEN = "|"


def plain(sheet: str) -> Callable[[Numbered, YearContent], dict[str, Numbered]]:
    """The parts are the columns of one sheet."""

    def rows_of(rows: Numbered, _current: YearContent) -> dict[str, Numbered]:
        return {sheet: rows}

    return rows_of


def bands(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Grades; what the table does not say of a grade (that it passes) stays as the round has it."""
    was = {row["grade"]: row for row in kept(current)["bands"]}
    return {"bands": [(number, {**was.get(said.get("grade", ""), {}), **said}) for number, said in rows]}


def items(rows: Numbered, _current: YearContent) -> dict[str, Numbered]:
    """OIT items; one that names a sub-indicator hangs on that."""
    found: Numbered = []
    for number, said in rows:
        own = said.pop("part", "") or said.get("indicator", "")
        found.append((number, {**said, "indicator": own}))
    return {"items": found}


def indicators(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Instruments, indicators and their parts from one table; each is told once, in the order of the rows."""
    instruments: dict[str, tuple[int, dict[str, str]]] = {}
    indicators: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for number, said in rows:
        code = said.get("instrument", "").casefold()
        own = {"instrument": code, "name": said.get("instrument_name", ""), "weight": said.get("weight", "")}
        instruments.setdefault(code, (number, own))
        for name, words, parent in (
            (said.get("indicator", ""), said.get("indicator_name", ""), ""),
            (said.get("part", ""), said.get("part_name", ""), said.get("indicator", "")),
        ):
            row = {"instrument": code, "code": name, "parent": parent, "name": words}
            if name:
                indicators.setdefault((code, name), (number, row))
    kinds = [kind.value for kind in InstrumentKind]
    ordered = sorted(
        indicators.values(),
        key=lambda row: (*(row[1]["instrument"] != kind for kind in kinds), row[0]),
    )
    return {
        "instruments": _over(current, "instruments", list(instruments.values()), "instrument"),
        "indicators": _beside(current, "indicators", list(ordered)),
    }


def questions(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Questions of one survey or both, and the scales that their rows spell out."""
    scales = _Scales(current)
    lines: dict[tuple[str, str], Numbered] = {}
    for number, said in rows:
        own = {**said, "instrument": said.get("instrument", "").casefold()}
        spelled = own.pop("labels", ""), own.pop("points", "")
        own["scale"] = scales.code_of(own.get("scale", ""), *spelled, number=number)
        lines.setdefault((own["instrument"], own.get("code", "")), []).append((number, own))
    found = [row for question in lines.values() for row in _question(question)]
    return {"questions": _beside(current, "questions", found), "scales": scales.rows()}


def _question(lines: Numbered) -> Iterator[tuple[int, dict[str, str]]]:
    """What is said of the question stands in the first row; a line on another scale names it."""
    first = lines[0][1]
    for place, (number, said) in enumerate(lines, start=1):
        row = {
            "instrument": said["instrument"],
            "code": said.get("code", ""),
            "line": said.get("line") or str(place),
            "line_text": said.get("line_text", ""),
        }
        if place == 1:
            row |= {name: said.get(name, "") for name in ("indicator", "text", "note", "scale")}
        elif said["scale"] != first["scale"]:
            row["line_scale"] = said["scale"]
        yield number, row


class _Scales:
    """The scales of the round, and those that a table spells out: the same choices and points are one."""

    def __init__(self, current: YearContent) -> None:
        self._rows = _of_round(current, "scales")
        self._codes: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
        by_code: dict[str, list[dict[str, str]]] = {}
        for _number, row in self._rows:
            by_code.setdefault(row["code"], []).append(row)
        for code, rows in by_code.items():
            labels = tuple(row["label"] for row in rows)
            self._codes[labels, tuple(row.get("points", "") for row in rows)] = code

    def code_of(self, name: str, labels: str, points: str, *, number: int) -> str:
        """The code of the scale that a row (its number) spells out; without choices the name itself."""
        if not labels:
            return name
        key = (_split(labels), _split(points))
        if key not in self._codes:
            code = self._free(name or "S")
            self._codes[key] = code
            for place, label in enumerate(key[0], start=1):
                worth = key[1][place - 1] if place <= len(key[1]) else ""
                row = {"code": code, "place": str(place), "label": label, "points": worth}
                self._rows.append((number, row))
        return self._codes[key]

    def _free(self, name: str) -> str:
        known, code, number = set(self._codes.values()), name, 2
        while code in known:
            code, number = f"{name}_{number}", number + 1
        return code

    def rows(self) -> Numbered:
        """The rows of the sheet of scales."""
        return self._rows


def _split(cell: str) -> tuple[str, ...]:
    return tuple(one_line(words) for words in cell.split(BETWEEN))


def samples(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Minimum samples of groups; a group in words names its kind, and its province's size behind "size"."""
    found: Numbered = []
    for number, said in rows:
        words, kind = said.pop("group", ""), said.get("instrument", "").casefold()
        told = {name: cell for name, cell in said.items() if cell}
        found.append((number, {**group_of(words), **told, "instrument": kind}))
    return {"samples": _beside(current, "samples", found)}


def group_of(words: str) -> dict[str, str]:
    """The kind of agency and the size class of its province that a group's name says."""
    text = one_line(words)
    kinds = [kind for kind in AGENCY_KINDS if text.startswith(kind.label)]
    found = {"agency_kind": max(kinds, key=lambda kind: len(kind.label)).code} if kinds else {}
    tail = text.rsplit(" ", 1)[-1]
    if "จังหวัด" in text and tail in SIZES:
        found["province_size"] = tail
    return found


def _over(current: YearContent, sheet: str, rows: Numbered, key: str) -> Numbered:
    """The round's rows with these in the place of those of the same key."""
    told = {row[key]: (number, row) for number, row in rows}
    return [told.get(row[key], (number, row)) for number, row in _of_round(current, sheet)]


def _beside(current: YearContent, sheet: str, rows: Numbered) -> Numbered:
    """The round's rows of instruments that the table does not speak of, and these."""
    told = instruments_in(rows)
    was = _of_round(current, sheet)
    return [*((number, row) for number, row in was if row["instrument"] not in told), *rows]


def _of_round(current: YearContent, sheet: str) -> Numbered:
    """The round's own rows of a sheet: numbered below zero, so that none is taken for one of the file."""
    return [(-number, row) for number, row in enumerate(kept(current)[sheet], start=2)]


def instruments_in(rows: Numbered) -> set[str]:
    """The instruments that rows speak of."""
    return {row["instrument"] for _number, row in rows if "instrument" in row}
