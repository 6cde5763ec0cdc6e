"""What a letter may enclose: papers that the portal prints, chosen by name and never numbered by hand."""

from __future__ import annotations

from dataclasses import dataclass

from portal.letters.words.fields import Scope, key_of
from portal.letters.words.procedure import procedure_title
from reports.letter_data import EnclosedPart


@dataclass(frozen=True)
class EnclosureChoice:
    """A paper on the list: its name in a text, and its title on the paper, by what the letter is about."""

    name: str
    part: EnclosedPart
    titles: dict[Scope, str]


_STATUS = "สรุปสถานะการเตรียมการประเมินขององค์กรปกครองส่วนท้องถิ่น"
_RESULTS = "ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานขององค์กรปกครองส่วนท้องถิ่น"

ENCLOSURES = (
    EnclosureChoice(
        "วิธีการเก็บข้อมูล",
        EnclosedPart.PROCEDURE,
        {scope: procedure_title() for scope in Scope if not scope.of_results},
    ),
    EnclosureChoice(
        "สรุปสถานะ",
        EnclosedPart.STATUS,
        {Scope.PROVINCE: f"{_STATUS}ในเขตจังหวัด{{จังหวัด}}", Scope.COUNTRY: f"{_STATUS}ทั่วประเทศ"},
    ),
    EnclosureChoice(
        "ผลการประเมิน",
        EnclosedPart.RESULTS,
        {
            Scope.PROVINCE_RESULTS: f"{_RESULTS}ในเขตจังหวัด{{จังหวัด}}",
            Scope.COUNTRY_RESULTS: f"{_RESULTS} จำแนกรายจังหวัด",
        },
    ),
)


def enclosures_of(scope: Scope) -> dict[str, EnclosureChoice]:
    """What letters of this kind may enclose, by the name as it is compared."""
    return {key_of(one.name): one for one in ENCLOSURES if scope in one.titles}
