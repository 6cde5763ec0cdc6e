"""What a letter is made from: plain frozen data that may be pickled, without a table and without a request.

Texts may hold digits 0–9; the templates print them as ๐–๙.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field, replace
from datetime import date

from reports.calendar_wording import RoundFacts

STEP_COUNT = 4
#: the name of the field that a signature fills
SIGNATURE_FIELD = "Signature"
#: the four steps of the preparation stage, as column heads of a status table
STEP_NAMES = (
    "เปิดใช้งานรหัสผ่าน",
    "จำนวนผู้มีส่วนได้ส่วนเสียภายใน",
    "รายชื่อผู้มีส่วนได้ส่วนเสียภายนอก",
    "ผู้บริหารยืนยันข้อมูล",
)

_FAMILY = re.compile(r"[0-9A-Za-z\u0e00-\u0e7f][0-9A-Za-z\u0e00-\u0e7f _-]{0,60}")


@dataclass(frozen=True)
class Typeface:
    """The font of a letter. Sizes differ by font: 10.5 pt of ours looks like 16 pt of the genuine TH Sarabun.

    Raises ValueError for a family or size that cannot be meant.
    """

    family: str = "ITA Letter"
    size_pt: float = 10.5
    line_pt: float = 18.0

    def __post_init__(self) -> None:
        if not _FAMILY.fullmatch(self.family):
            raise ValueError("a font family is written with letters, digits, spaces and hyphens")
        if not 6 <= self.size_pt <= 24 or not 8 <= self.line_pt <= 48:
            raise ValueError("the size of a letter's font lies between 6 and 24 pt")


GENUINE_SARABUN = Typeface(family="TH Sarabun New", size_pt=16.0, line_pt=18.0)
#: what an office may choose, each with the size that is meant for it
TYPEFACES = {
    "": Typeface(),
    "genuine": GENUINE_SARABUN,
    "psk": replace(GENUINE_SARABUN, family="TH SarabunPSK"),
    "it9": replace(GENUINE_SARABUN, family="TH SarabunIT๙"),
}


@dataclass(frozen=True)
class Office:
    """What an office puts on its letters. ``emblem`` is a PNG; without one the placeholder is printed."""

    name: str
    address: tuple[str, ...] = ()
    number_prefix: str = ""
    owner_division: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    coordinator: str = ""
    signatory_name: str = ""
    signatory_position: tuple[str, ...] = ()
    emblem: bytes | None = field(default=None, repr=False)
    typeface: Typeface = Typeface()

    def number_of(self, running: str) -> str:
        """The whole number of a letter, "มท 0810.7/1": the office's own part before the running one.

        A number that was entered with the office's part stays as it is.
        """
        prefix = self.number_prefix.removesuffix("ว").rstrip("/ ")
        return running if not prefix or running.startswith(prefix) else f"{prefix}/{running}"

    def circular_number_of(self, running: str) -> str:
        """The whole number of a circular, "มท 0810.7/ว 1": ว before the running number, entered or not."""
        before, slash, number = self.number_of(running).rpartition("/")
        return f"{before}{slash}ว {number.strip().removeprefix('ว').strip()}"


class EnclosedPart(enum.Enum):
    """A paper that is printed behind a letter."""

    PROCEDURE = "procedure"
    STATUS = "status"
    RESULTS = "results"


@dataclass(frozen=True)
class Enclosure:
    """One line under สิ่งที่ส่งมาด้วย, and the paper that it announces."""

    title: str
    part: EnclosedPart
    count: str = "1 ชุด"


class LetterForm(enum.Enum):
    """The form of a letter by the rules of งานสารบรรณ: external, stamped, or a memorandum."""

    EXTERNAL = "external"
    STAMPED = "stamped"
    MEMORANDUM = "memorandum"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the letter's text with numbered points under it."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficialLetter:
    """An official letter, in the order of its parts on the paper. A stamped one prints no subject."""

    office: Office
    number: str
    dated: date
    subject: str
    addressee: str
    paragraphs: tuple[Paragraph, ...]
    conclusion: str
    salutation: str = "เรียน"
    references: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    closing: str = "ขอแสดงความนับถือ"
    secrecy: str = ""
    urgency: str = ""
    #: printed to be signed: number and day are left blank
    undated: bool = False
    form: LetterForm = LetterForm.EXTERNAL
    #: where readers find out whether the letter is genuine: printed at the foot of its last page, with a code
    verify_url: str = ""
    #: the space for the signature holds an empty field, which a signature fills (reports/signing.py)
    signature_field: bool = False


@dataclass(frozen=True)
class ProcedureSection:
    """A numbered part of the procedure."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Procedure:
    """Enclosure 1: how the surveys are carried out."""

    title: tuple[str, ...]
    sections: tuple[ProcedureSection, ...]


@dataclass(frozen=True)
class StepState:
    """One step of one agency: done (with its day, where known) or not."""

    done: bool
    on: date | None = None


@dataclass(frozen=True)
class AgencyStatus:
    """An agency's row in the summary of its province. Raises ValueError unless it has the four steps."""

    name: str
    steps: tuple[StepState, ...]
    #: where to call it: one number, "" where none is known
    phone: str = ""

    def __post_init__(self) -> None:
        if len(self.steps) != STEP_COUNT:
            raise ValueError("the preparation stage has four steps")

    @property
    def complete(self) -> bool:
        """All four steps are done."""
        return all(step.done for step in self.steps)

    @property
    def lacking(self) -> tuple[int, ...]:
        """The numbers of the steps that are not done, counted from 1."""
        return tuple(number for number, step in enumerate(self.steps, start=1) if not step.done)


@dataclass(frozen=True)
class DistrictStatus:
    """A district's agencies in the order in which they are printed.

    Without a name: the agencies that belong to no district, but to the province as a whole.
    """

    name: str
    agencies: tuple[AgencyStatus, ...]

    @property
    def title(self) -> str:
        """What stands over its agencies."""
        return f"อำเภอ{self.name}" if self.name else "องค์การบริหารส่วนจังหวัด"

    @property
    def lacking(self) -> tuple[AgencyStatus, ...]:
        """Its agencies that are not complete."""
        return tuple(agency for agency in self.agencies if not agency.complete)

    @property
    def complete(self) -> int:
        """How many agencies are complete."""
        return sum(agency.complete for agency in self.agencies)

    @property
    def steps_done(self) -> tuple[int, ...]:
        """For each step, how many agencies have done it."""
        return tuple(sum(agency.steps[step].done for agency in self.agencies) for step in range(STEP_COUNT))


@dataclass(frozen=True)
class ProvinceStatus:
    """Preparation of a province's agencies at the end of the day ``as_of``."""

    province: str
    fiscal_year: int
    as_of: date
    districts: tuple[DistrictStatus, ...]

    @property
    def total(self) -> int:
        """How many agencies the province has in the assessment."""
        return sum(len(district.agencies) for district in self.districts)

    @property
    def complete(self) -> int:
        """How many of them are complete."""
        return sum(district.complete for district in self.districts)

    @property
    def steps_done(self) -> tuple[int, ...]:
        """For each step, how many agencies have done it."""
        return tuple(
            sum(district.steps_done[step] for district in self.districts) for step in range(STEP_COUNT)
        )


@dataclass(frozen=True)
class CountryRow:
    """A province's line in the summary of the country."""

    province: str
    total: int
    steps_done: tuple[int, ...]
    complete: int


@dataclass(frozen=True)
class CountryStatus:
    """Preparation in the whole country at the end of the day ``as_of``."""

    fiscal_year: int
    as_of: date
    rows: tuple[CountryRow, ...]

    @property
    def total(self) -> int:
        """Agencies of all provinces."""
        return sum(row.total for row in self.rows)

    @property
    def complete(self) -> int:
        """Agencies that are complete."""
        return sum(row.complete for row in self.rows)

    @property
    def steps_done(self) -> tuple[int, ...]:
        """For each step, how many agencies have done it."""
        return tuple(sum(row.steps_done[step] for row in self.rows) for step in range(STEP_COUNT))


@dataclass(frozen=True)
class Circular:
    """DLA's circular to one governor with both enclosures. ``facts``: what its text tells of the round."""

    letter: OfficialLetter
    procedure: Procedure
    status: ProvinceStatus
    facts: RoundFacts | None = None


@dataclass(frozen=True)
class NaccLetter:
    """NACC's letter to DLA with both enclosures. ``facts``: what its text tells of the round."""

    letter: OfficialLetter
    procedure: Procedure
    status: CountryStatus
    facts: RoundFacts | None = None


@dataclass(frozen=True)
class CountryCircular(NaccLetter):
    """DLA's one circular to the governors of all provinces: with the papers that NACC's letter has."""


@dataclass(frozen=True)
class ProvinceSummary:
    """The summary as the provincial staff print it, with the names of who made and who checked it."""

    office: Office
    status: ProvinceStatus
    printed_on: date
    prepared_by: str = ""
    checked_by: str = ""


class Audience(enum.Enum):
    """For whom the poster is: the agency's own people (IIT) or its public (EIT)."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class PosterSheet(enum.Enum):
    """What a survey is spread on: a poster of two sizes, or cards for tables and counters."""

    A4 = "a4"
    A3 = "a3"
    CARDS = "cards"


@dataclass(frozen=True)
class PosterData:
    """What stands on a poster. ``closes_on`` is the last day on which answers are taken.

    ``demo``: whoever keeps the machine's keys could open answers, which a poster must say as the form does.
    """

    agency: str
    instrument: str
    audience: Audience
    url: str
    #: the fiscal year as people read it
    year: str
    closes_on: date | None = None
    demo: bool = False
    sheet: PosterSheet = PosterSheet.A4


@dataclass(frozen=True)
class SignatureStamp:
    """What is seen in the space for a signature once there is one: who signed, and on which day."""

    name: str
    on: date
