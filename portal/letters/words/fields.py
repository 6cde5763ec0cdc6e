"""The catalogue of fields and facts: all that a text of a letter may name."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rapidfuzz import fuzz, process

from models.thai import one_line, thai_date

_NEAR = 50
MOST_OF_A_VALUE = 4000
#: what no text takes in, wherever it comes from
UNPRINTABLE = dict.fromkeys((0, *range(0xD800, 0xE000)))


class Scope(enum.Enum):
    """What one copy of a letter is about."""

    PROVINCE = "province"
    COUNTRY = "country"
    AGENCY = "agency"
    #: once the boxes are opened: the results of a province, or of the whole country
    PROVINCE_RESULTS = "province_results"
    COUNTRY_RESULTS = "country_results"

    @property
    def of_country(self) -> bool:
        """True for the one letter about the whole country."""
        return self in {Scope.COUNTRY, Scope.COUNTRY_RESULTS}

    @property
    def of_results(self) -> bool:
        """True for a letter that tells results."""
        return self in {Scope.PROVINCE_RESULTS, Scope.COUNTRY_RESULTS}


class FieldKind(enum.Enum):
    """How a value is printed; a fact is true or not and is never printed."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    YEAR = "year"
    DATE = "date"
    FACT = "fact"


#: a field without a value in a letter has None or an empty text
Value = str | int | Fraction | date | None
Values = Mapping[str, Value]

_ALL = frozenset(Scope)
_STATUS = frozenset({Scope.PROVINCE, Scope.COUNTRY})
_RESULTS = frozenset({Scope.PROVINCE_RESULTS, Scope.COUNTRY_RESULTS})
_PLACES = _STATUS | _RESULTS
_LOCAL = frozenset({Scope.PROVINCE, Scope.AGENCY, Scope.PROVINCE_RESULTS})
_WHOLE = frozenset({Scope.COUNTRY, Scope.COUNTRY_RESULTS})
_PREPARING = frozenset(Scope) - _RESULTS
_PROVINCE, _COUNTRY, _AGENCY = (frozenset({one}) for one in (Scope.PROVINCE, Scope.COUNTRY, Scope.AGENCY))


@dataclass(frozen=True)
class Field:
    """A name that a text may use: what it means, an example, and in which letters it exists."""

    name: str
    kind: FieldKind
    meaning: str
    example: str
    scopes: frozenset[Scope] = _ALL

    @property
    def counts(self) -> bool:
        """True where its value may be compared with a number."""
        return self.kind in {FieldKind.NUMBER, FieldKind.SHARE, FieldKind.YEAR}


TEXT, NUMBER, SHARE, YEAR, DATE, FACT = FieldKind

FIELDS = (
    Field("วันที่หนังสือ", DATE, "วันที่ที่ลงในหนังสือ", "9 พฤศจิกายน 2561"),
    Field("ปีงบประมาณ", YEAR, "ปีงบประมาณของรอบการประเมิน (พ.ศ.)", "2561"),
    Field("วันที่ของข้อมูล", DATE, "วันที่ที่นับสถานะในหนังสือและสิ่งที่ส่งมาด้วย", "8 พฤศจิกายน 2561", _PREPARING),
    Field("จำนวนหนังสืออ้างถึง", NUMBER, "จำนวนหนังสือใน “อ้างถึง”", "2"),
    Field("มีหนังสืออ้างถึง", FACT, "มีหนังสือใน “อ้างถึง” อย่างน้อยหนึ่งฉบับ", ""),
    # places and agencies
    Field("จังหวัด", TEXT, "ชื่อจังหวัด ไม่มีคำว่า “จังหวัด” นำหน้า", "ลำปาง", _LOCAL),
    Field("อำเภอ", TEXT, "ชื่ออำเภอของหน่วยงาน ไม่มีคำว่า “อำเภอ” นำหน้า", "เกาะคา", _AGENCY),
    Field("หน่วยงาน", TEXT, "ชื่อหน่วยงานที่รับหนังสือ", "อบต.ตัวอย่าง", _AGENCY),
    Field(
        "ตำแหน่งผู้บริหาร",
        TEXT,
        "ตำแหน่งผู้บริหารของหน่วยงานที่รับหนังสือ ใช้ในคำขึ้นต้น",
        "นายกองค์การบริหารส่วนตำบลตัวอย่าง",
        _AGENCY,
    ),
    Field("จำนวนจังหวัด", NUMBER, "จำนวนจังหวัดที่มีหน่วยงานในรอบ", "76", _WHOLE),
    Field("จำนวนจังหวัดที่ครบทุกแห่ง", NUMBER, "จำนวนจังหวัดที่ทุกหน่วยงานเตรียมการครบแล้ว", "12", _COUNTRY),
    Field("จำนวนหน่วยงาน", NUMBER, "จำนวนหน่วยงานที่เข้ารับการประเมิน", "103", _PLACES),
    Field("ครบแล้ว", NUMBER, "จำนวนหน่วยงานที่เตรียมการครบทุกขั้นตอน", "87", _STATUS),
    Field("ยังไม่ครบ", NUMBER, "จำนวนหน่วยงานที่ยังเตรียมการไม่ครบ", "16", _STATUS),
    Field("ร้อยละที่ครบ", SHARE, "ร้อยละของหน่วยงานที่เตรียมการครบ ทศนิยมสองตำแหน่ง", "84.47", _STATUS),
    Field("เปิดใช้งานรหัสผ่านแล้ว", NUMBER, "จำนวนหน่วยงานที่ทำขั้นตอนที่ 1 แล้ว", "100", _STATUS),
    Field("ระบุจำนวนภายในแล้ว", NUMBER, "จำนวนหน่วยงานที่ทำขั้นตอนที่ 2 แล้ว", "98", _STATUS),
    Field("นำเข้ารายชื่อภายนอกแล้ว", NUMBER, "จำนวนหน่วยงานที่ทำขั้นตอนที่ 3 แล้ว", "91", _STATUS),
    Field("ผู้บริหารยืนยันแล้ว", NUMBER, "จำนวนหน่วยงานที่ทำขั้นตอนที่ 4 แล้ว", "87", _STATUS),
    Field(
        "รายชื่อหน่วยงานที่ยังไม่ครบ",
        TEXT,
        "ชื่อหน่วยงานที่ยังเตรียมการไม่ครบ ไม่เกิน 30 แห่ง ที่เหลือบอกเป็นจำนวน",
        "อบต.ก ทต.ข และทม.ค",
        _PROVINCE,
    ),
    Field("หน่วยงานเตรียมการครบแล้ว", FACT, "หน่วยงานที่รับหนังสือเตรียมการครบทุกขั้นตอน", "", _AGENCY),
    Field(
        "ขั้นตอนที่ยังไม่ได้ทำ",
        TEXT,
        "ชื่อขั้นตอนเตรียมการที่หน่วยงานยังไม่ได้ทำ",
        "รายชื่อผู้มีส่วนได้ส่วนเสียภายนอก และผู้บริหารยืนยันข้อมูล",
        _AGENCY,
    ),
    # preparation, as it stands on the letter's date
    Field("วันสุดท้ายของการเตรียมการ", DATE, "วันสุดท้ายที่หน่วยงานเตรียมการได้", "15 พฤศจิกายน 2561"),
    Field("ยังเตรียมการได้", FACT, "วันที่หนังสือยังไม่เกินวันสุดท้ายของการเตรียมการ", ""),
    Field(
        "ช่วงเตรียมการที่ผ่านมา",
        TEXT,
        "ช่วงเปิดระบบเตรียมการที่สิ้นสุดก่อนวันที่หนังสือ",
        "วันที่ 16 - 31 ตุลาคม 2561 และรอบเสริม วันที่ 1 - 7 พฤศจิกายน 2561",
    ),
    Field(
        "ช่วงเตรียมการที่เปิดอยู่",
        TEXT,
        "ช่วงเปิดระบบเตรียมการที่เปิดอยู่ในวันที่หนังสือ",
        "รอบสุดท้าย วันที่ 8 - 15 พฤศจิกายน 2561",
    ),
    Field(
        "ช่วงเตรียมการที่จะมาถึง",
        TEXT,
        "ช่วงเปิดระบบเตรียมการที่เริ่มหลังวันที่หนังสือ",
        "รอบสุดท้าย วันที่ 20 - 30 พฤศจิกายน 2561",
    ),
    # results, once the boxes are opened
    Field("จำนวนที่มีผลคะแนน", NUMBER, "จำนวนหน่วยงานที่มีผลคะแนน", "101", _RESULTS),
    Field("จำนวนที่ไม่มีผลคะแนน", NUMBER, "จำนวนหน่วยงานที่ไม่มีผลคะแนนหรือไม่แสดงผล", "2", _RESULTS),
    Field("คะแนนเฉลี่ย", SHARE, "คะแนนเฉลี่ยของหน่วยงานที่มีผลคะแนน ทศนิยมสองตำแหน่ง", "78.41", _RESULTS),
    Field("คะแนนผ่านเกณฑ์", SHARE, "คะแนนต่ำสุดที่ผ่านเกณฑ์ของรอบ ไม่มีค่าหากรอบไม่กำหนดเกณฑ์", "85.00", _RESULTS),
    Field("จำนวนที่ผ่านเกณฑ์", NUMBER, "จำนวนหน่วยงานที่ผ่านเกณฑ์", "64", _RESULTS),
    Field("จำนวนที่ไม่ผ่านเกณฑ์", NUMBER, "จำนวนหน่วยงานที่มีผลคะแนนแต่ไม่ผ่านเกณฑ์", "37", _RESULTS),
    Field("ร้อยละที่ผ่านเกณฑ์", SHARE, "ร้อยละของหน่วยงานที่มีผลคะแนนซึ่งผ่านเกณฑ์", "63.37", _RESULTS),
    Field(
        "จำนวนแต่ละระดับ",
        TEXT,
        "จำนวนหน่วยงานของแต่ละระดับที่มีหน่วยงาน จากระดับสูงสุด",
        "ระดับ AA 12 แห่ง ระดับ A 52 แห่ง และระดับ B 37 แห่ง",
        _RESULTS,
    ),
    # collecting, as it stands on the letter's date
    Field("ช่วงตอบ IIT", TEXT, "ช่วงเวลาตอบแบบวัด IIT", "วันที่ 16 พฤศจิกายน - 15 ธันวาคม 2561"),
    Field("ช่วงตอบ EIT", TEXT, "ช่วงเวลาตอบแบบวัด EIT", "วันที่ 16 พฤศจิกายน - 15 ธันวาคม 2561"),
    Field("ช่วงตอบ OIT", TEXT, "ช่วงเวลาตอบแบบตรวจ OIT", "วันที่ 16 - 30 พฤศจิกายน 2561"),
    Field("วันสุดท้ายของแบบสำรวจ", DATE, "วันสุดท้ายที่ตอบแบบวัด IIT หรือ EIT ได้", "15 ธันวาคม 2561"),
    Field("วันสุดท้ายของ OIT", DATE, "วันสุดท้ายที่ตอบแบบตรวจ OIT ได้", "30 พฤศจิกายน 2561"),
    Field("วันแรกของการเก็บข้อมูล", DATE, "วันแรกที่เปิดแบบใดแบบหนึ่ง", "16 พฤศจิกายน 2561"),
    Field("วันสุดท้ายของการเก็บข้อมูล", DATE, "วันสุดท้ายของทุกแบบ", "15 ธันวาคม 2561"),
    Field(
        "เครื่องมือเก็บข้อมูล",
        TEXT,
        "ชื่อเครื่องมือทั้ง 3 แบบ",
        "แบบวัด (IIT) แบบวัด (EIT) และแบบตรวจ (OIT)",
    ),
    Field(
        "เครื่องมือและช่วงเวลา",
        TEXT,
        "ชื่อเครื่องมือทั้ง 3 แบบพร้อมช่วงเวลาเท่าที่กำหนดแล้ว",
        "แบบวัด (IIT) แบบวัด (EIT) และแบบตรวจ (OIT) ซึ่งเปิดให้ดำเนินการวันที่ 16 พฤศจิกายน - 15 ธันวาคม 2561",
    ),
    Field("ยังไม่ถึงช่วงเก็บข้อมูล", FACT, "วันที่หนังสืออยู่ก่อนวันแรกของการเก็บข้อมูล หรือยังไม่กำหนดวัน", ""),
    Field("อยู่ในช่วงเก็บข้อมูล", FACT, "วันที่หนังสืออยู่ระหว่างวันแรกและวันสุดท้ายของการเก็บข้อมูล", ""),
    Field("สิ้นสุดการเก็บข้อมูลแล้ว", FACT, "วันที่หนังสืออยู่หลังวันสุดท้ายของการเก็บข้อมูล", ""),
    Field("ยังตอบแบบสำรวจได้", FACT, "วันที่หนังสือยังไม่เกินวันสุดท้ายของแบบสำรวจ หรือยังไม่กำหนดวัน", ""),
    Field("ยังตอบ OIT ได้", FACT, "วันที่หนังสือยังไม่เกินวันสุดท้ายของ OIT หรือยังไม่กำหนดวัน", ""),
)


def key_of(name: str) -> str:
    """How names are compared: without spaces, in small letters."""
    return "".join(name.split()).casefold()


_BY_KEY = {key_of(field.name): field for field in FIELDS}


def field_named(name: str) -> Field | None:
    """The field of this name, however its spaces are typed; None where there is none."""
    return _BY_KEY.get(key_of(name))


def nearest(name: str, scope: Scope) -> str:
    """The field of these letters whose name is most like what was typed; "" where none is like it."""
    keys = {key: field.name for key, field in _BY_KEY.items() if scope in field.scopes}
    found = process.extractOne(key_of(name), list(keys), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return keys[found[0]] if found else ""


def printed(field: Field, value: Value) -> str:
    """The value as it stands in a letter, on one line; "" where it has none. Its braces are plain signs."""
    if value is None:
        return ""
    if field.kind is DATE:
        assert isinstance(value, date)
        return thai_date(value)
    if field.kind is SHARE:
        assert isinstance(value, (int, Fraction))
        return f"{float(value):.2f}"
    if field.kind is NUMBER:
        return f"{value:,}"
    return one_line(str(value).translate(UNPRINTABLE))[:MOST_OF_A_VALUE]
