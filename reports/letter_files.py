"""The data inside a letter's PDF: its fields and facts as JSON, the rows of its status as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from typing import Any

from models.grading import shown
from models.thai import NBSP
from reports.letter_data import (
    STEP_NAMES,
    Circular,
    CountryCircular,
    CountryStatus,
    NaccLetter,
    ProvinceStatus,
    ProvinceSummary,
    StepState,
)
from reports.result_data import INSTRUMENT_HEADS, CountryResults, ProvinceResults, ResultsLetter
from reports.spreadsheets import Cell, csv_stream
from reports.standards import DataFile

LETTER_FILE, STATUS_FILE, RESULTS_FILE = "letter.json", "status.csv", "results.csv"
DONE, WAITING, COMPLETE, INCOMPLETE = "แล้ว", "รอดำเนินการ", "ครบ", "ไม่ครบ"
_STEPS = tuple(f"{number}. {name}" for number, name in enumerate(STEP_NAMES, 1))
_PROVINCE = ("ที่", "จังหวัด", "อำเภอ", "องค์กรปกครองส่วนท้องถิ่น", "โทร.", *_STEPS, "ผล")
_COUNTRY = ("ที่", "จังหวัด", "จำนวน (แห่ง)", *_STEPS, "ครบทุกขั้น")
_KINDS: dict[type, str] = {
    Circular: "circular",
    CountryCircular: "circular_to_all_provinces",
    NaccLetter: "nacc_to_dla",
    ProvinceSummary: "province_summary",
    ResultsLetter: "results",
}
_SCORES = ("ที่", "จังหวัด", "อำเภอ", "องค์กรปกครองส่วนท้องถิ่น", *INSTRUMENT_HEADS, "คะแนน", "ระดับ", "หมายเหตุ")

Lettered = Circular | NaccLetter | ProvinceSummary | ResultsLetter


def data_files(paper: Lettered) -> tuple[DataFile, ...]:
    """What a letter was made from, as files that go into its PDF."""
    words = DataFile(LETTER_FILE, letter_json(paper), "ข้อความและข้อเท็จจริงของหนังสือ (JSON)")
    if isinstance(paper, ResultsLetter):
        return words, DataFile(RESULTS_FILE, results_csv(paper.results), "ผลการประเมิน (CSV, UTF-8)")
    return words, DataFile(STATUS_FILE, status_csv(paper.status), "สถานะการเตรียมการประเมิน (CSV, UTF-8)")


def results_csv(results: ProvinceResults | CountryResults) -> bytes:
    """The rows of results as the letter prints them; a score that is not shown is empty."""
    if isinstance(results, ProvinceResults):
        return b"".join(csv_stream(_SCORES, _scores(results)))
    grades = (f"ระดับ {grade}" for grade in results.grading.grades)
    heads = ("ที่", "จังหวัด", "จำนวน (แห่ง)", "มีผลคะแนน", "คะแนนเฉลี่ย", *grades, "ผ่านเกณฑ์")
    return b"".join(csv_stream(heads, _means(results)))


def _scores(results: ProvinceResults) -> Iterator[tuple[Cell, ...]]:
    number = 0
    for district in results.districts:
        for agency in district.agencies:
            number += 1
            scores = (_score(one) for one in (*agency.scores, agency.total))
            remark = results.grading.remark_of(agency)
            yield (number, results.province, district.name, agency.name, *scores, agency.grade, remark)


def _means(results: CountryResults) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(results.rows, 1):
        yield (number, row.place, row.total, row.graded, _score(row.mean), *row.by_grade, row.passed)


def _score(score: Decimal | Fraction | None) -> Decimal | None:
    return None if score is None else shown(score)


def status_csv(status: ProvinceStatus | CountryStatus) -> bytes:
    """The rows of a status as the letter prints them, days as ISO dates; no cell becomes a formula."""
    if isinstance(status, ProvinceStatus):
        return b"".join(csv_stream(_PROVINCE, _agencies(status)))
    return b"".join(csv_stream(_COUNTRY, _provinces(status)))


def _provinces(status: CountryStatus) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(status.rows, 1):
        yield (number, row.province, row.total, *row.steps_done, row.complete)


def _agencies(status: ProvinceStatus) -> Iterator[tuple[Cell, ...]]:
    number = 0
    for district in status.districts:
        for agency in district.agencies:
            number += 1
            phone = "" if agency.complete else agency.phone
            steps = (_step(step) for step in agency.steps)
            result = COMPLETE if agency.complete else INCOMPLETE
            yield (number, status.province, district.name, agency.name, phone, *steps, result)


def _step(step: StepState) -> str:
    if not step.done:
        return WAITING
    return step.on.isoformat() if step.on else DONE


def letter_json(paper: Lettered) -> bytes:
    """The fields of a letter, the facts of its round where it names them, and the sums of its status."""
    told: dict[str, Any] = {"kind": _KINDS[type(paper)]}
    if isinstance(paper, ProvinceSummary):
        told |= {
            "office": _plain(paper.office),
            "printed_on": _plain(paper.printed_on),
            "prepared_by": paper.prepared_by,
            "checked_by": paper.checked_by,
        }
    else:
        told["letter"] = _plain(paper.letter)
        if not isinstance(paper, ResultsLetter):
            told["procedure"] = _plain(paper.procedure)
        told["facts"] = _plain(paper.facts)
    if isinstance(paper, ResultsLetter):
        told["results"] = _result_sums(paper.results)
    else:
        told["status"] = _sums(paper.status)
    return _json(told)


def _json(told: dict[str, Any]) -> bytes:
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _sums(status: ProvinceStatus | CountryStatus) -> dict[str, Any]:
    where = {"province": status.province} if isinstance(status, ProvinceStatus) else {}
    return {
        **where,
        "fiscal_year": status.fiscal_year,
        "as_of": status.as_of.isoformat(),
        "total": status.total,
        "steps_done": dict(zip(STEP_NAMES, status.steps_done, strict=True)),
        "complete": status.complete,
        "rows": STATUS_FILE,
    }


def _result_sums(results: ProvinceResults | CountryResults) -> dict[str, Any]:
    sums, grading = results.sums, results.grading
    return {
        **({"province": results.province} if isinstance(results, ProvinceResults) else {}),
        "fiscal_year": results.fiscal_year,
        "total": sums.total,
        "graded": sums.graded,
        "mean": _told(_score(sums.mean)),
        "by_grade": dict(zip(grading.grades, sums.by_grade, strict=True)),
        "pass_score": _told(grading.pass_score),
        "passed": sums.passed,
        "rows": RESULTS_FILE,
    }


def _told(score: Decimal | None) -> str | None:
    return None if score is None else str(score)


def _plain(value: Any) -> Any:
    """Frozen data as JSON takes it; a picture is told by its digest, a space that holds words is a space."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"sha256:{sha256(value).hexdigest()}"
    if isinstance(value, Enum):
        return value.value
    return value.replace(NBSP, " ") if isinstance(value, str) else value
