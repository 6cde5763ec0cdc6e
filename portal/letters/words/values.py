"""The values of the fields for one letter, from the round's dates, a status and the letter's own date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from models.grading import shown
from models.kinds import head_of
from portal.letters.words.fields import Value, Values
from reports.calendar_wording import RoundFacts, in_words, instruments, named_periods, periods_by_day
from reports.letter_data import STEP_NAMES, AgencyStatus, CountryStatus, ProvinceStatus
from reports.result_data import Grading, ResultSums

#: as many agencies are named in a letter's own text
MOST_NAMES = 30
_STEPS = ("เปิดใช้งานรหัสผ่านแล้ว", "ระบุจำนวนภายในแล้ว", "นำเข้ารายชื่อภายนอกแล้ว", "ผู้บริหารยืนยันแล้ว")


@dataclass(frozen=True)
class LetterFacts:
    """What a letter knows beside figures: the round's dates, its own date, how many letters it refers to."""

    round: RoundFacts
    dated: date
    references: int = 0


def of_province(status: ProvinceStatus, facts: LetterFacts) -> Values:
    """Values for a letter about the agencies of a province."""
    left = [
        agency.name for district in status.districts for agency in district.agencies if not agency.complete
    ]
    return {
        **_of_round(facts),
        **_of_status(status),
        "จังหวัด": status.province,
        "รายชื่อหน่วยงานที่ยังไม่ครบ": _bounded(left),
    }


def of_province_sums(province: str, sums: CountryStatus, facts: LetterFacts) -> Values:
    """As ``of_province`` from sums alone: of the agencies that are left, how many instead of their names.

    Has a value where ``of_province`` has one: enough to try a text by, not to write it.
    """
    left = sums.total - sums.complete
    return {
        **_of_round(facts),
        **_of_status(sums),
        "จังหวัด": province,
        "รายชื่อหน่วยงานที่ยังไม่ครบ": f"{left} แห่ง" if left else "",
    }


def of_country(status: CountryStatus, facts: LetterFacts) -> Values:
    """Values for a letter about the whole country."""
    return {
        **_of_round(facts),
        **_of_status(status),
        "จำนวนจังหวัด": len(status.rows),
        "จำนวนจังหวัดที่ครบทุกแห่ง": sum(row.complete == row.total for row in status.rows),
    }


def of_agency(
    agency: AgencyStatus, facts: LetterFacts, *, district: str, province: str, as_of: date
) -> Values:
    """Values for a letter to one agency."""
    left = [name for name, step in zip(STEP_NAMES, agency.steps, strict=True) if not step.done]
    return {
        **_of_round(facts),
        "วันที่ของข้อมูล": as_of,
        "จังหวัด": province,
        "อำเภอ": district,
        "หน่วยงาน": agency.name,
        "ตำแหน่งผู้บริหาร": head_of(agency.name),
        "หน่วยงานเตรียมการครบแล้ว": agency.complete,
        "ขั้นตอนที่ยังไม่ได้ทำ": in_words(left),
    }


def of_results(
    sums: ResultSums, grading: Grading, facts: LetterFacts, *, province: str = "", provinces: int = 0
) -> Values:
    """Values for a letter of results: of a province, or of the country with its number of provinces."""
    where: dict[str, Value] = {"จังหวัด": province} if province else {"จำนวนจังหวัด": provinces}
    mean, mark = sums.mean, grading.pass_score
    return {
        **_of_round(facts),
        **where,
        "จำนวนหน่วยงาน": sums.total,
        "จำนวนที่มีผลคะแนน": sums.graded,
        "จำนวนที่ไม่มีผลคะแนน": sums.total - sums.graded,
        "คะแนนเฉลี่ย": None if mean is None else Fraction(shown(mean)),
        "จำนวนแต่ละระดับ": _by_grade(sums, grading),
        **(_of_passing(sums, mark) if mark is not None else {}),
    }


def _of_passing(sums: ResultSums, mark: Decimal) -> dict[str, Value]:
    share = Fraction(100 * sums.passed, sums.graded) if sums.graded else 0
    return {
        "คะแนนผ่านเกณฑ์": Fraction(mark),
        "จำนวนที่ผ่านเกณฑ์": sums.passed,
        "จำนวนที่ไม่ผ่านเกณฑ์": sums.graded - sums.passed,
        "ร้อยละที่ผ่านเกณฑ์": share,
    }


def _by_grade(sums: ResultSums, grading: Grading) -> str:
    """The grades that somebody has, each with how many have it."""
    counted = zip(grading.grades, sums.by_grade, strict=True)
    return in_words(f"ระดับ {grade} {count:,} แห่ง" for grade, count in counted if count)


def _of_status(status: ProvinceStatus | CountryStatus) -> dict[str, Value]:
    total, complete = status.total, status.complete
    return {
        "วันที่ของข้อมูล": status.as_of,
        "จำนวนหน่วยงาน": total,
        "ครบแล้ว": complete,
        "ยังไม่ครบ": total - complete,
        "ร้อยละที่ครบ": Fraction(100 * complete, total) if total else 0,
        **dict(zip(_STEPS, status.steps_done, strict=True)),
    }


def _of_round(letter: LetterFacts) -> dict[str, Value]:
    facts, dated = letter.round, letter.dated
    past, running, coming = periods_by_day(facts.preparation, dated)
    return {
        "วันที่หนังสือ": dated,
        "ปีงบประมาณ": facts.fiscal_year,
        "จำนวนหนังสืออ้างถึง": letter.references,
        "มีหนังสืออ้างถึง": letter.references > 0,
        "วันสุดท้ายของการเตรียมการ": facts.deadline,
        "ยังเตรียมการได้": facts.can_prepare(dated),
        "ช่วงเตรียมการที่ผ่านมา": named_periods(past),
        "ช่วงเตรียมการที่เปิดอยู่": named_periods(running),
        "ช่วงเตรียมการที่จะมาถึง": named_periods(coming),
        **_of_collecting(facts, dated),
    }


def _of_collecting(facts: RoundFacts, dated: date) -> dict[str, Value]:
    begins, ends = facts.collecting_begins(), facts.collecting_ends()
    surveys, disclosure = facts.surveys_end, facts.disclosure_ends
    comes = begins is None or ends is None or dated < begins
    over = not comes and ends is not None and dated > ends
    iit, eit, oit = (named_periods(one.periods) for one in facts.collections)
    return {
        "ช่วงตอบ IIT": iit,
        "ช่วงตอบ EIT": eit,
        "ช่วงตอบ OIT": oit,
        "วันสุดท้ายของแบบสำรวจ": surveys,
        "วันสุดท้ายของ OIT": disclosure,
        "วันแรกของการเก็บข้อมูล": begins,
        "วันสุดท้ายของการเก็บข้อมูล": ends,
        "เครื่องมือเก็บข้อมูล": in_words(one.instrument for one in facts.collections),
        "เครื่องมือและช่วงเวลา": instruments(facts.collections),
        "ยังไม่ถึงช่วงเก็บข้อมูล": comes,
        "อยู่ในช่วงเก็บข้อมูล": not comes and not over,
        "สิ้นสุดการเก็บข้อมูลแล้ว": over,
        "ยังตอบแบบสำรวจได้": surveys is None or dated <= surveys,
        "ยังตอบ OIT ได้": disclosure is None or dated <= disclosure,
    }


def _bounded(names: Iterable[str]) -> str:
    """Names in a row; those that are too many as a number."""
    all_names = [*names]
    more = len(all_names) - MOST_NAMES
    if more <= 0:
        return in_words(all_names)
    return f"{' '.join(all_names[:MOST_NAMES])} และอีก {more:,} แห่ง"
