"""The Thai wording of the letters: our own text, with what changes from year to year as parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.thai import NBSP, thai_date
from reports.calendar_wording import RoundFacts, collecting, preparation_windows
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


def share(part: int, whole: int) -> str:
    """A percentage with two decimals; of nothing it is "0.00"."""
    return f"{100 * part / whole:.2f}" if whole else "0.00"


def _year(fiscal_year: int) -> str:
    return f"ประจำปีงบประมาณ พ.ศ.{NBSP}{fiscal_year}"


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
        number=office.circular_number_of(number),
        dated=dated,
        urgency=urgency,
        subject=f"ขอความร่วมมือแจ้งแนวทางการเก็บข้อมูลตามแบบสำรวจ {ASSESSMENT} {year}",
        addressee=f"ผู้ว่าราชการจังหวัด{status.province}",
        references=references,
        enclosures=_enclosures(f"ในเขตจังหวัด{status.province}"),
        paragraphs=(
            Paragraph(
                f"{_cites(references)}{NACC} ได้แจ้งผลการเตรียมการเพื่อรับ{ASSESSMENT} {year} ซึ่งประกอบด้วย 4 ขั้นตอน "
                f"ได้แก่ {STEPS_IN_WORDS} {preparation_windows(facts, dated)} นั้น"
            ),
            Paragraph(f"{_province_result(status)} {collecting(facts, dated)}"),
            _asks(status, facts, dated),
        ),
        conclusion="จึงเรียนมาเพื่อโปรดพิจารณาแจ้งองค์กรปกครองส่วนท้องถิ่นถือปฏิบัติต่อไป",
    )
    return Circular(letter, procedure or procedure_for(facts.fiscal_year), status)


def _province_result(status: ProvinceStatus) -> str:
    places = (
        f"บัดนี้ จากการตรวจสอบข้อมูล ณ วันที่ {thai_date(status.as_of)} "
        f"องค์กรปกครองส่วนท้องถิ่นในเขตจังหวัด{status.province} จำนวน {status.total:,} แห่ง "
    )
    left = status.total - status.complete
    if not left:
        return f"{places}ได้เตรียมการครบทุกขั้นตอนแล้วทุกแห่ง รายละเอียดปรากฏตามสิ่งที่ส่งมาด้วย 2"
    return (
        f"{places}เตรียมการครบทุกขั้นตอนแล้ว {status.complete:,} แห่ง "
        f"คิดเป็นร้อยละ {share(status.complete, status.total)} และยังดำเนินการไม่ครบอีก {left:,} แห่ง "
        "รายชื่อปรากฏตามสิ่งที่ส่งมาด้วย 2"
    )


def _asks(status: ProvinceStatus, facts: RoundFacts, dated: date) -> Paragraph:
    """What the governor is asked to pass on: only what can still be done on the letter's date."""
    request = "ในการนี้ กรมส่งเสริมการปกครองท้องถิ่นขอความร่วมมือจังหวัดแจ้งองค์กรปกครองส่วนท้องถิ่นในเขตจังหวัดทุกแห่ง"
    points = tuple(_points(status, facts, dated))
    if not points:
        return Paragraph(f"{request}เพื่อทราบผลตามสิ่งที่ส่งมาด้วย 2")
    return Paragraph(f"{request} เพื่อดำเนินการ ดังนี้", points)


def _points(status: ProvinceStatus, facts: RoundFacts, dated: date) -> Iterator[str]:
    surveys, disclosure = facts.surveys_end, facts.disclosure_ends
    if status.complete < status.total:
        yield _to_prepare(facts, dated)
    if surveys is None or dated <= surveys:
        yield (
            "หน่วยงานที่เตรียมการครบแล้ว ให้เผยแพร่ช่องทางตอบแบบสำรวจของหน่วยงานแก่บุคลากรภายในและประชาชนผู้มาติดต่อ "
            f"และติดตามจำนวนผู้ตอบให้ครบตามจำนวนขั้นต่ำที่กำหนด{_by(surveys)}"
        )
    if disclosure is None or dated <= disclosure:
        yield (
            "ให้ผู้ดูแลระบบและผู้บริหารของหน่วยงานตอบและตรวจสอบแบบตรวจการเปิดเผยข้อมูลสาธารณะให้ครบทุกข้อ"
            f"{_by(disclosure) or ' ก่อนสิ้นสุดระยะเวลาที่กำหนด'}"
        )


def _to_prepare(facts: RoundFacts, dated: date) -> str:
    last = thai_date(facts.deadline)
    if not facts.can_prepare(dated):
        return (
            f"หน่วยงานที่เตรียมการไม่ครบภายในวันที่ {last} ซึ่งเป็นวันสุดท้าย จะไม่ได้รับการประเมินในปีนี้ ให้แจ้งหน่วยงานดังกล่าวทราบ"
        )
    return (
        f"หน่วยงานที่ยังเตรียมการไม่ครบ ให้เร่งดำเนินการให้เสร็จสิ้นภายในวันที่ {last} ซึ่งเป็นวันสุดท้าย "
        "หากพ้นกำหนดดังกล่าว ระบบจะไม่เปิดให้เก็บข้อมูล และหน่วยงานนั้นจะไม่ได้รับการประเมิน"
    )


def _by(day: date | None) -> str:
    return f" ภายในวันที่ {thai_date(day)}" if day else ""


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
                f"ได้แก่ {STEPS_IN_WORDS} {preparation_windows(facts, dated)} ความแจ้งแล้ว นั้น"
            ),
            Paragraph(
                f"{NACC} ขอเรียนว่า ณ วันที่ {thai_date(status.as_of)} องค์กรปกครองส่วนท้องถิ่นที่เข้ารับการประเมิน "
                f"จำนวน {status.total:,} แห่ง ใน {len(status.rows):,} จังหวัด เตรียมการครบทุกขั้นตอนแล้ว "
                f"{status.complete:,} แห่ง คิดเป็นร้อยละ {share(status.complete, status.total)} "
                f"{_left_over(left, facts, dated)}"
            ),
            Paragraph(collecting(facts, dated)),
            Paragraph(
                f"ในการนี้ {NACC} จึงขอความอนุเคราะห์กรมส่งเสริมการปกครองท้องถิ่นแจ้งแนวทางดังกล่าวให้"
                f"องค์กรปกครองส่วนท้องถิ่นทุกแห่งทราบผ่านผู้ว่าราชการจังหวัด{_urging(left, facts, dated)}"
            ),
        ),
        conclusion="จึงเรียนมาเพื่อโปรดพิจารณาให้ความอนุเคราะห์ จะขอบคุณยิ่ง",
    )
    return NaccLetter(letter, procedure or procedure_for(facts.fiscal_year), status)


def _left_over(left: int, facts: RoundFacts, dated: date) -> str:
    """How many agencies are not complete, and what that means on the letter's date."""
    if not left:
        return "ครบทุกแห่งตามสิ่งที่ส่งมาด้วย 2"
    last = f"ภายในวันที่ {thai_date(facts.deadline)} ซึ่งเป็นวันสุดท้าย"
    if facts.can_prepare(dated):
        meaning = f"หน่วยงานที่ดำเนินการไม่ครบ{last} จะไม่สามารถเข้ารับการประเมินในปีนี้ได้"
    else:
        meaning = f"หน่วยงานดังกล่าวดำเนินการไม่ครบ{last} จึงไม่สามารถเข้ารับการประเมินในปีนี้ได้"
    return f"คงเหลือ {left:,} แห่ง ตามสิ่งที่ส่งมาด้วย 2 ทั้งนี้ {meaning}"


def _urging(left: int, facts: RoundFacts, dated: date) -> str:
    if not left or not facts.can_prepare(dated):
        return ""
    return " และเร่งรัดหน่วยงานที่ยังเตรียมการไม่ครบให้แล้วเสร็จภายในกำหนด"
