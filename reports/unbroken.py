"""Where no line of a letter may end: in a date, a number, a name, an abbreviation with its word, a Thai word.

Thai is written without spaces, and Pango ends lines by a dictionary that knows few compounds and no names;
before Thai letters it also ends them at no-break spaces and word joiners. So these are rules about texts,
which ``reports.line_ends`` lays over what Pango finds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.thai import MONTHS, MONTHS_SHORT

#: more letters than this are not held together: they would stand out of a column
LONGEST = 44

#: words with a place in them at which Pango ends a line, and no reader would; the place is marked
_TORN = """
หน่วย|งาน ส่วน|ได้ ส่วน|เสีย ดำเนิน|การ ดำเนิน|งาน เตรียม|การ การ|ประเมิน การ|ปกครอง
การ|รับรู้ การ|บริหาร การ|สื่อสาร ดัง|กล่าว ผู้|บริหาร ผู้|ตอบ ผู้|ดูแล ผู้|ประเมิน
ผู้|มี ผู้|จัดทำ ผู้จัด|ทำ ผู้|ตรวจสอบ ผู้|ประสาน|งาน ผู้|รับ ผู้|มา|ติดต่อ
ผู้|ว่า|ราช|การ ราช|การ ปี|งบประมาณ ความ|อนุเคราะห์ ความ|ร่วมมือ ความ|คืบหน้า คืบ|หน้า
ความ|นับถือ คำ|ตอบ คำ|อธิบาย ช่อง|ทาง นำ|เข้า รหัส|ผ่าน ขณะ|นี้ ต่อ|ไป ขั้น|ต่ำ สุด|ท้าย
ทั่ว|ประเทศ แล้ว|เสร็จ ใน|การ|นี้ ระยะ|เวลา คง|เหลือ ประกอบ|ด้วย เลข|ประจำ|ตัว|ประชาชน
เลข|ประจำ|ตัว เชื่อม|โยง หรือ|ไม่ ไม่|ว่า เว็บ|ไซต์ ป้าย|ประกาศ หมาย|ถึง หมาย|เหตุ
จาก|นั้น ให้|คะแนน ที|ละ ที่|อยู่ ที่|ทำ|การ น้อย|กว่า เป็น|ราย ตัว|อย่าง สุ่ม|ตัว
หลัก|วิชา วิชา|การ รอง|อธิบดี อธิบ|ดี ลง|ชื่อ ตัว|แทน หนังสือ|เวียน เครือ|ข่าย
เครื่อง|มือ แนว|ทาง ทุก|แห่ง วัน|ที่ ราย|ชื่อ ลง|วัน|ที่ ภาย|ใน|วัน|ที่ คุณ|ธรรม
โปร่ง|ใส ภาย|ใน ภาย|นอก ท้อง|ถิ่น องค์|กร คณะ|กรรม|การ เจ้า|หน้า|ที่ เจ้า|ของ ผู้|ใช้
ข้อ|มูล สา|ธารณะ บุคลา|กร คิว|อาร์|โค้ด ประจำ|ปี|งบประมาณ ส่วน|ท้อง|ถิ่น
"""
_PROVINCES = """
กรุงเทพมหานคร กระบี่ กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา ชลบุรี
ชัยนาท ชัยภูมิ ชุมพร เชียงราย เชียงใหม่ ตรัง ตราด ตาก นครนายก นครปฐม นครพนม นครราชสีมา
นครศรีธรรมราช นครสวรรค์ นนทบุรี นราธิวาส น่าน บึงกาฬ บุรีรัมย์ ปทุมธานี ประจวบคีรีขันธ์
ปราจีนบุรี ปัตตานี พระนครศรีอยุธยา พะเยา พังงา พัทลุง พิจิตร พิษณุโลก เพชรบุรี เพชรบูรณ์
แพร่ ภูเก็ต มหาสารคาม มุกดาหาร แม่ฮ่องสอน ยโสธร ยะลา ร้อยเอ็ด ระนอง ระยอง ราชบุรี ลพบุรี
ลำปาง ลำพูน เลย ศรีสะเกษ สกลนคร สงขลา สตูล สมุทรปราการ สมุทรสงคราม สมุทรสาคร สระแก้ว
สระบุรี สิงห์บุรี สุโขทัย สุพรรณบุรี สุราษฎร์ธานี สุรินทร์ หนองคาย หนองบัวลำภู อ่างทอง
อำนาจเจริญ อุดรธานี อุตรดิตถ์ อุทัยธานี อุบลราชธานี
"""

_SPACE = "[ \u00a0]"
_DIGIT = "[0-9๐-๙]"
_NUMBER = f"{_DIGIT}(?:[0-9๐-๙.,/:]*{_DIGIT})?"
_THAI = "[\u0e01-\u0e4e]"
_MONTH = "|".join(re.escape(name) for name in (*MONTHS, *MONTHS_SHORT))
_YEAR = f"(?:{_SPACE}(?:พ\\.ศ\\.{_SPACE})?{_DIGIT}+)?"
_DAY = f"{_NUMBER}(?:{_SPACE}(?:{_MONTH}){_YEAR})?"
_ABBREVIATED = "(?:[\u0e01-\u0e2e]{1,3}\\.)+"
_COUNTED = (
    "แห่ง|แบบ|ขั้นตอน|ขั้น|ข้อ|ชุด|ฉบับ|หน้า|แผ่น|คน|ราย|ตำบล|อำเภอ|จังหวัด|หลัก|วัน|เดือน|ปี|ครั้ง|คะแนน|บาท"
    "|หน่วยงาน|นาฬิกา|น\\."
)
_BEFORE_NUMBER = "ร้อยละ|จำนวน|ข้อ|ขั้นที่|มาตรา|ครั้งที่|ฉบับที่|ที่ส่งมาด้วย|ด้วย|หน้า|ต่อ|และ|อีก|ทั้ง|แล้ว"
#: the longest first, as the first that is found counts
_WHOLE = sorted(
    ("สิ่งที่ส่งมาด้วย", "ขอแสดงความนับถือ", "ด่วนที่สุด", *(word.replace("|", "") for word in _TORN.split())),
    key=lambda word: (-len(word), word),
)
_TITLED = "นางสาว|นาย(?!ก|อำเภอ|ทะเบียน|ช่าง|แพทย์|จ้าง)|นาง(?!รอง)|ว่าที่ร้อยตรี|ดร\\."
_PLACES = _PROVINCES.split()

#: each begins with what is rare, so that a text is searched quickly
_RULES = (
    # dates, and spans of dates, with the word for the day before them
    f"วันที่{_SPACE}{_NUMBER}",
    f"{_DAY}{_SPACE}[-–]{_SPACE}{_DAY}",
    f"{_NUMBER}{_SPACE}(?:{_MONTH}){_YEAR}",
    f"(?:พ\\.ศ\\.|ค\\.ศ\\.){_SPACE}?{_DIGIT}+",
    # the number of a letter, "ที่ มท 0817.2/ว 1234", and the number of a post office behind its province
    f"ที่{_SPACE}[\u0e01-\u0e2e]{{1,5}}\\.?{_SPACE}{_NUMBER}/?(?:ว{_SPACE}?)?(?:{_NUMBER})?(?!{_THAI})",
    f"กทม\\.{_SPACE}{_DIGIT}{{5}}",
    # numbers of telephones, with the word before them and the extension behind
    f"(?:โทร\\.|โทรศัพท์|โทรสาร){_SPACE}{_DIGIT}[0-9๐-๙ \u00a0-]*{_DIGIT}(?:{_SPACE}ต่อ{_SPACE}{_NUMBER})?",
    f"{_DIGIT}{{1,4}}(?:[ \u00a0-]{_DIGIT}{{3,4}})+(?![0-9๐-๙])",
    # numbers with what is counted, and with the word that says what they are
    f"{_NUMBER}{_SPACE}(?:{_COUNTED})",
    f"(?:{_BEFORE_NUMBER}){_SPACE}{_NUMBER}(?:{_SPACE}และ{_SPACE}{_NUMBER})?",
    f"^{_NUMBER}[.)]?{_SPACE}\\S",
    # abbreviations, with the word before them: "สำนักงาน ป.ป.ช."
    f"[\u0e01-\u0e2e]{{1,3}}\\.{_ABBREVIATED}",
    f"(?:สำนักงาน|คณะกรรมการ|ของ|โดย){_SPACE}[\u0e01-\u0e2e]{{1,3}}\\.{_ABBREVIATED}",
    # names of people with their titles, of agencies and places with their kind
    f"(?:{_TITLED}){_SPACE}?{_THAI}+(?:{_SPACE}(?:ณ{_SPACE})?{_THAI}+)?",
    f"(?:อบต|อบจ|ทม|ทต|ทน)\\.{_SPACE}?{_THAI}{{1,30}}",
    f"(?:ตำบล|เทศบาลเมือง|เทศบาลนคร|อำเภอ){_THAI}{{1,26}}(?![^ \u00a0)])",
    f"จังหวัด(?:{'|'.join(_PLACES)})",
    f"(?:{'|'.join(name for name in _PLACES if len(name) > 5)})(?:{_SPACE}{_DIGIT}{{5}})?",
    # what stands at no line's beginning, and what at no line's end
    f"[^ ]{_SPACE}?(?:ๆ|ฯลฯ|ฯ|:(?= ))",
    "[(\\[“‘«][^ ]",
    "[^ ][)\\]”’»]",
    f"{_THAI}/{_THAI}",
    "|".join(_WHOLE),
)
_EACH = tuple(re.compile(rule) for rule in _RULES)


@lru_cache(maxsize=4096)
def unbroken(text: str) -> tuple[tuple[int, int], ...]:
    """The parts of a text in which no line may end: the place of its first letter and that after the last.

    In the order of their beginnings; none overlaps another, and none is longer than a line.
    """
    found = sorted(
        match.span()
        for rule in _EACH
        for match in rule.finditer(text)
        if 1 < match.end() - match.start() <= LONGEST
    )
    parts: list[tuple[int, int]] = []
    for start, end in found:
        if parts and start < parts[-1][1] and max(end, parts[-1][1]) - parts[-1][0] <= LONGEST:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        elif not parts or start >= parts[-1][1]:
            parts.append((start, end))
    return tuple(parts)
