"""A small province with the names that are hard to print: sara am, marks above and below, narrow marks."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from portal.letters.words.composing import (
    circular_for,
    country_circular_for,
    nacc_letter_for,
    results_letter_for,
)
from reports.calendar_wording import Period, RoundFacts
from reports.letter_data import (
    AgencyStatus,
    Circular,
    CountryCircular,
    CountryRow,
    CountryStatus,
    DistrictStatus,
    NaccLetter,
    Office,
    ProvinceStatus,
    StepState,
)
from reports.result_data import (
    AgencyScore,
    CountryResults,
    DistrictResults,
    Grading,
    ProvinceResults,
    ResultsLetter,
    ResultSums,
)

DISTRICTS = {
    "เมืองอำนาจเจริญ": ("องค์การบริหารส่วนตำบลน้ำปลีก", "เทศบาลตำบลปี๊ตะกั่ว", "อบต.ดอนฎุบึ้ง", "ทต.ก่ำป้อ"),
    "น้ำปาด": ("อบต.ปั๋งฝั่งแดง", "เทศบาลเมืองปู่เจ้าสมิงพราย", "องค์การบริหารส่วนตำบลขามเปี้ย", "ทต.ค้ำน้ำเฒ่า"),
    "ลำปลายมาศ": ("อบต.ญูฐิ์ผึ้งซึ้ง", "ทม.พิบูลย์รักษ์", "อบต.ช่ำชองจ๊ำจ๋ำ", "อบต.คูบางหลวง"),
}
NAMES = (*DISTRICTS, *(name for names in DISTRICTS.values() for name in names))
OFFICE = Office(
    name="กรมส่งเสริมการปกครองท้องถิ่น",
    address=("ถนนนครราชสีมา เขตดุสิต กทม. 10300",),
    owner_division="กองตัวอย่าง",
    phone="0 2000 0000",
    signatory_name="นายสมมติ ตัวอย่าง",
    signatory_position=("อธิบดีกรมส่งเสริมการปกครองท้องถิ่น",),
)
FEW = "ผู้ตอบ IIT และ EIT ต่ำกว่าขั้นต่ำ"
GRADING = Grading(("AA", "A", "B", "C", "D", "E", "F"), Decimal(85))
FACTS = RoundFacts(
    2561,
    (
        Period(date(2018, 10, 16), date(2018, 10, 31)),
        Period(date(2018, 11, 1), date(2018, 11, 7), "รอบเสริม"),
        Period(date(2018, 11, 8), date(2018, 11, 15), "รอบสุดท้าย"),
    ),
    date(2018, 11, 15),
)


def province(name: str = "ลำปาง", done: int = 4) -> ProvinceStatus:
    steps = (
        *(StepState(True, date(2018, 10, 16 + step)) for step in range(done)),
        *(StepState(False),) * (4 - done),
    )
    districts = tuple(
        DistrictStatus(district, tuple(AgencyStatus(agency, steps) for agency in agencies))
        for district, agencies in DISTRICTS.items()
    )
    return ProvinceStatus(name, 2561, date(2018, 11, 8), districts)


def circular(status: ProvinceStatus | None = None) -> Circular:
    return circular_for(
        status or province(),
        office=OFFICE,
        facts=FACTS,
        number="มท 0817.2/ว 1234",
        dated=date(2018, 11, 9),
        references=("หนังสือสำนักงาน ป.ป.ช. ที่ ปช 0001/1 ลงวันที่ 1 พฤศจิกายน 2561",),
    )


def province_results(name: str = "ลำปาง") -> ProvinceResults:
    """Every agency of the small province with a result: one passes, one does not, one is held back."""
    scores = (
        AgencyScore("", (Decimal("92.5"), Decimal("88.125"), Decimal(100)), Decimal("93.365"), "A", True),
        AgencyScore(
            "",
            (Decimal(70), None, Decimal("61.4")),
            Decimal("66.005"),
            "C",
            note="ผู้ตอบ IIT และ EIT ต่ำกว่าขั้นต่ำ",
        ),
        AgencyScore("", (None, None, Decimal(80)), None, note="ไม่แสดงผล เนื่องจากมีผู้ตอบน้อย"),
        AgencyScore("", (None, None, None), None, note="เตรียมการไม่ครบ ไม่ได้รับการประเมิน"),
    )
    districts = tuple(
        DistrictResults(
            district,
            tuple(replace(score, name=agency) for agency, score in zip(agencies, scores, strict=True)),
        )
        for district, agencies in DISTRICTS.items()
    )
    return ProvinceResults(name, 2561, GRADING, districts)


def country_results() -> CountryResults:
    """Three provinces with results; of one nobody has a total."""
    rows = (
        ResultSums("ลำปาง", 6003, 6000, 2640, Decimal("468410.5"), (1012, 1628, 2200, 100, 1040, 15, 5)),
        ResultSums("ลำพูน", 57, 57, 0, Decimal("3990"), (0, 0, 0, 57, 0, 0, 0)),
        ResultSums("กำแพงเพชร", 2, 0, 0, Decimal(0), (0,) * 7),
    )
    return CountryResults(2561, GRADING, rows)


def results_letter(results: ProvinceResults | CountryResults | None = None) -> ResultsLetter:
    """The letter of results of the small province, or of what is given."""
    return results_letter_for(
        results or province_results(),
        office=OFFICE,
        facts=FACTS,
        number="มท 0817.2/ว 1234",
        dated=date(2019, 3, 29),
        references=("หนังสือสำนักงาน ป.ป.ช. ที่ ปช 0001/1 ลงวันที่ 1 มีนาคม 2562",),
    )


def nacc_letter() -> NaccLetter:
    rows = tuple(CountryRow(name, 100, (90, 80, 70, 60), 60) for name in ("ลำปาง", "ลำพูน", "กำแพงเพชร"))
    return nacc_letter_for(
        CountryStatus(2561, date(2018, 11, 8), rows),
        office=OFFICE,
        facts=FACTS,
        number="ปช 0001/2",
        dated=date(2018, 11, 9),
    )


def country_circular() -> CountryCircular:
    """DLA's one letter to all governors, about the same provinces as NACC's."""
    return country_circular_for(
        nacc_letter().status,
        office=OFFICE,
        facts=FACTS,
        number="มท 0817.2/ว 1234",
        dated=date(2018, 11, 9),
        references=("หนังสือสำนักงาน ป.ป.ช. ที่ ปช 0001/1 ลงวันที่ 1 พฤศจิกายน 2561",),
        urgency="ด่วนที่สุด",
    )


def text_of(pdf: bytes, folder: Path) -> str:
    """What ``pdftotext -raw`` reads."""
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return found.stdout.decode()


def reader(pdf: bytes) -> Any:
    return PdfReader(BytesIO(pdf))
