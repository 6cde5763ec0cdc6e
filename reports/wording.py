"""The Thai wording of the letters: our own text, with what changes from year to year as parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.thai import MONTHS, NBSP, be_year, thai_date
from reports.letter_data import (
    Circular,
    CountryStatus,
    Enclosure,
    NaccLetter,
    Office,
    OfficialLetter,
    Paragraph,
    Procedure,
    ProvinceStatus,
)
from reports.procedure import procedure_for

ASSESSMENT = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานขององค์กรปกครองส่วนท้องถิ่น"
NACC = f"สำนักงาน{NBSP}ป.ป.ช."
MOST_URGENT = "ด่วนที่สุด"
STEPS_IN_WORDS = (
    "การเปิดใช้งานรหัสผ่าน การระบุจำนวนผู้มีส่วนได้ส่วนเสียภายใน การนำเข้ารายชื่อผู้มีส่วนได้ส่วนเสียภายนอก และการยืนยันข้อมูลโดยผู้บริหาร"
)
INSTRUMENTS_IN_WORDS = (
    "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT) "
    "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT) "
    "และแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"
)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class RoundFacts:
    """What the letters say about a round: its year, preparation windows, last day to prepare, survey days."""

    fiscal_year: int
    preparation: tuple[Period, ...]
    deadline: date
    survey: Period | None = None


def written_period(period: Period) -> str:
    """Days as letters write them: "วันที่ 16 - 31 ตุลาคม 2561", naming month and year once where they can."""
    first, last = period.first, period.last
    if first == last:
        return f"วันที่ {thai_date(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"วันที่ {first.day} - {last.day} {MONTHS[last.month - 1]} {be_year(last)}"
    if first.year == last.year:
        return f"วันที่ {first.day} {MONTHS[first.month - 1]} - {thai_date(last)}"
    return f"วันที่ {thai_date(first)} - {thai_date(last)}"


def share(part: int, whole: int) -> str:
    """A percentage with two decimals; of nothing it is "0.00"."""
    return f"{100 * part / whole:.2f}" if whole else "0.00"


def _year(fiscal_year: int) -> str:
    return f"ประจำปีงบประมาณ พ.ศ.{NBSP}{fiscal_year}"


def _windows(facts: RoundFacts) -> str:
    return " และ".join(written_period(period) for period in facts.preparation)


def _next_stage(facts: RoundFacts) -> str:
    when = f" ใน{written_period(facts.survey)}" if facts.survey else ""
    return (
        f"ลำดับต่อไปเป็นขั้นตอนการเก็บข้อมูล{when} ด้วยเครื่องมือ 3 แบบ คือ {INSTRUMENTS_IN_WORDS} "
        "ตามรายละเอียดในสิ่งที่ส่งมาด้วย 1"
    )


def _enclosures(where: str) -> tuple[Enclosure, ...]:
    return (
        Enclosure("ขั้นตอนและวิธีการเก็บข้อมูลตามแบบสำรวจทั้ง 3 แบบ"),
        Enclosure(f"สรุปสถานะการเตรียมการประเมินขององค์กรปกครองส่วนท้องถิ่น{where}"),
    )


def _cites(references: tuple[str, ...]) -> str:
    return "ตามหนังสือที่อ้างถึง " if references else "ด้วย"


def circular_for(
    status: ProvinceStatus,
    *,
    office: Office,
    facts: RoundFacts,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = MOST_URGENT,
    procedure: Procedure | None = None,
) -> Circular:
    """DLA's circular to the governor of the status' province, every copy under the same number (with ว)."""
    year = _year(facts.fiscal_year)
    letter = OfficialLetter(
        office=office,
        number=office.number_of(number),
        dated=dated,
        urgency=urgency,
        subject=f"ขอความร่วมมือแจ้งแนวทางการเก็บข้อมูลตามแบบสำรวจ {ASSESSMENT} {year}",
        addressee=f"ผู้ว่าราชการจังหวัด{status.province}",
        references=references,
        enclosures=_enclosures(f"ในเขตจังหวัด{status.province}"),
        paragraphs=(
            Paragraph(
                f"{_cites(references)}{NACC} ได้แจ้งผลการเตรียมการเพื่อรับ{ASSESSMENT} {year} ซึ่งประกอบด้วย 4 ขั้นตอน "
                f"ได้แก่ {STEPS_IN_WORDS} โดยได้เปิดระบบให้หน่วยงานดำเนินการเมื่อ{_windows(facts)} นั้น"
            ),
            Paragraph(f"{_province_result(status)} {_next_stage(facts)}"),
            Paragraph(
                "ในการนี้ กรมส่งเสริมการปกครองท้องถิ่นขอความร่วมมือจังหวัดแจ้งองค์กรปกครองส่วนท้องถิ่นในเขตจังหวัดทุกแห่ง "
                "เพื่อดำเนินการ ดังนี้",
                _asks(facts),
            ),
        ),
        conclusion="จึงเรียนมาเพื่อโปรดพิจารณาแจ้งองค์กรปกครองส่วนท้องถิ่นถือปฏิบัติต่อไป",
    )
    return Circular(letter, procedure or procedure_for(facts.fiscal_year), status)


def _province_result(status: ProvinceStatus) -> str:
    found = (
        f"บัดนี้ จากการตรวจสอบข้อมูล ณ วันที่ {thai_date(status.as_of)} "
        f"องค์กรปกครองส่วนท้องถิ่นในเขตจังหวัด{status.province} จำนวน {status.total:,} แห่ง "
    )
    left = status.total - status.complete
    if not left:
        return f"{found}ได้เตรียมการครบทุกขั้นตอนแล้วทุกแห่ง รายละเอียดปรากฏตามสิ่งที่ส่งมาด้วย 2"
    return (
        f"{found}เตรียมการครบทุกขั้นตอนแล้ว {status.complete:,} แห่ง "
        f"คิดเป็นร้อยละ {share(status.complete, status.total)} และยังดำเนินการไม่ครบอีก {left:,} แห่ง "
        "รายชื่อปรากฏตามสิ่งที่ส่งมาด้วย 2"
    )


def _asks(facts: RoundFacts) -> tuple[str, ...]:
    return (
        f"หน่วยงานที่ยังเตรียมการไม่ครบ ให้เร่งดำเนินการให้เสร็จสิ้นภายในวันที่ {thai_date(facts.deadline)} "
        "หากพ้นกำหนดดังกล่าว ระบบจะไม่เปิดให้เก็บข้อมูล และหน่วยงานนั้นจะไม่ได้รับการประเมิน",
        "หน่วยงานที่เตรียมการครบแล้ว ให้เผยแพร่ช่องทางตอบแบบสำรวจของหน่วยงานแก่บุคลากรภายในและประชาชนผู้มาติดต่อ "
        "และติดตามจำนวนผู้ตอบให้ครบตามจำนวนขั้นต่ำที่กำหนด",
        "ให้ผู้ดูแลระบบและผู้บริหารของหน่วยงานตอบและตรวจสอบแบบตรวจการเปิดเผยข้อมูลสาธารณะให้ครบทุกข้อ "
        "ก่อนสิ้นสุดระยะเวลาที่กำหนด",
    )


def nacc_letter_for(
    status: CountryStatus,
    *,
    office: Office,
    facts: RoundFacts,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = MOST_URGENT,
    procedure: Procedure | None = None,
) -> NaccLetter:
    """NACC's letter to the Director-General of DLA with the status of the whole country."""
    year = _year(facts.fiscal_year)
    left = status.total - status.complete
    letter = OfficialLetter(
        office=office,
        number=office.number_of(number),
        dated=dated,
        urgency=urgency,
        subject=f"แจ้งแนวทางการเก็บข้อมูลตามแบบสำรวจ {ASSESSMENT} {year}",
        addressee="อธิบดีกรมส่งเสริมการปกครองท้องถิ่น",
        references=references,
        enclosures=_enclosures("ทั่วประเทศ"),
        paragraphs=(
            Paragraph(
                f"{_cites(references)}{NACC} ได้ขอความอนุเคราะห์กรมส่งเสริมการปกครองท้องถิ่นกำกับและติดตาม"
                f"องค์กรปกครองส่วนท้องถิ่นให้เตรียมการเพื่อรับ{ASSESSMENT} {year} รวม 4 ขั้นตอน "
                f"ได้แก่ {STEPS_IN_WORDS} โดยเปิดระบบให้ดำเนินการเมื่อ{_windows(facts)} ความแจ้งแล้ว นั้น"
            ),
            Paragraph(
                f"{NACC} ขอเรียนว่า ณ วันที่ {thai_date(status.as_of)} องค์กรปกครองส่วนท้องถิ่นที่เข้ารับการประเมิน "
                f"จำนวน {status.total:,} แห่ง ใน {len(status.rows):,} จังหวัด เตรียมการครบทุกขั้นตอนแล้ว "
                f"{status.complete:,} แห่ง คิดเป็นร้อยละ {share(status.complete, status.total)} "
                f"คงเหลือ {left:,} แห่ง ตามสิ่งที่ส่งมาด้วย 2 ทั้งนี้ หน่วยงานที่ดำเนินการไม่ครบภายในวันที่ "
                f"{thai_date(facts.deadline)} จะไม่สามารถเข้ารับการประเมินในปีนี้ได้"
            ),
            Paragraph(_next_stage(facts)),
            Paragraph(
                f"ในการนี้ {NACC} จึงขอความอนุเคราะห์กรมส่งเสริมการปกครองท้องถิ่นแจ้งแนวทางดังกล่าวให้"
                "องค์กรปกครองส่วนท้องถิ่นทุกแห่งทราบผ่านผู้ว่าราชการจังหวัด และเร่งรัดหน่วยงานที่ยังเตรียมการไม่ครบ"
                "ให้แล้วเสร็จภายในกำหนด"
            ),
        ),
        conclusion="จึงเรียนมาเพื่อโปรดพิจารณาให้ความอนุเคราะห์ จะขอบคุณยิ่ง",
    )
    return NaccLetter(letter, procedure or procedure_for(facts.fiscal_year), status)
