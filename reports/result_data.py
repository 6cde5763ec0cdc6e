"""What a letter tells of results: plain frozen data that may be pickled, nothing held back still inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.calendar_wording import RoundFacts
from reports.letter_data import OfficialLetter

#: instruments as heads of a table of results
INSTRUMENT_HEADS = ("IIT", "EIT", "OIT")


@dataclass(frozen=True)
class AgencyScore:
    """An agency's row. A score that may not be shown is None; ``note``: why, or what it rests on."""

    name: str
    scores: tuple[Decimal | None, ...]
    total: Decimal | None
    grade: str = ""
    passes: bool = False
    note: str = ""


@dataclass(frozen=True)
class Grading:
    """How a round grades: its grades, the best first, and the score that passes (None: it knows none)."""

    grades: tuple[str, ...]
    pass_score: Decimal | None = None

    def remark_of(self, agency: AgencyScore) -> str:
        """Whether its total passes, where the round knows a mark, and its note."""
        if self.pass_score is None or agency.total is None:
            return agency.note
        return f"{'ผ่านเกณฑ์' if agency.passes else 'ไม่ผ่านเกณฑ์'} {agency.note}".rstrip()


@dataclass(frozen=True)
class ResultSums:
    """Results of a place in numbers. ``graded``: agencies with a total, of which ``passed`` reach the mark;
    ``points``: the sum of their totals; ``by_grade``: how many have each grade, the best first."""

    place: str
    total: int
    graded: int
    passed: int
    points: Decimal
    by_grade: tuple[int, ...]

    @property
    def mean(self) -> Fraction | None:
        """The mean of the totals; None where nobody has one."""
        return Fraction(self.points) / self.graded if self.graded else None


@dataclass(frozen=True)
class DistrictResults:
    """A district's agencies in the order in which they are printed; without a name: the whole province's."""

    name: str
    agencies: tuple[AgencyScore, ...]

    @property
    def title(self) -> str:
        """What stands over its agencies."""
        return f"อำเภอ{self.name}" if self.name else "องค์การบริหารส่วนจังหวัด"

    @property
    def means(self) -> tuple[Fraction | None, ...]:
        """The mean of each instrument over the agencies that show a score; None where none does."""
        return tuple(map(_mean, zip(*(one.scores for one in self.agencies), strict=True)))

    def sums(self, grading: Grading) -> ResultSums:
        """The district in numbers."""
        return sums_of(self.name, self.agencies, grading)


@dataclass(frozen=True)
class ProvinceResults:
    """The results of a province's agencies, by district."""

    province: str
    fiscal_year: int
    grading: Grading
    districts: tuple[DistrictResults, ...]

    @property
    def total(self) -> int:
        """How many agencies the province has in the assessment."""
        return sum(len(district.agencies) for district in self.districts)

    @property
    def sums(self) -> ResultSums:
        """The province in numbers."""
        agencies = (agency for district in self.districts for agency in district.agencies)
        return sums_of(self.province, agencies, self.grading)


@dataclass(frozen=True)
class CountryResults:
    """The results of the whole country, province by province."""

    fiscal_year: int
    grading: Grading
    rows: tuple[ResultSums, ...]

    @property
    def total(self) -> int:
        """Agencies of all provinces."""
        return sum(row.total for row in self.rows)

    @property
    def sums(self) -> ResultSums:
        """The country in numbers."""
        columns = zip(*(row.by_grade for row in self.rows), strict=True)
        return ResultSums(
            "",
            self.total,
            sum(row.graded for row in self.rows),
            sum(row.passed for row in self.rows),
            sum((row.points for row in self.rows), Decimal()),
            tuple(map(sum, columns)),
        )


@dataclass(frozen=True)
class ResultsLetter:
    """A letter of results with its enclosure: about one province, or the whole country."""

    letter: OfficialLetter
    results: ProvinceResults | CountryResults
    facts: RoundFacts


def _mean(scores: Iterable[Decimal | None]) -> Fraction | None:
    there = [Fraction(one) for one in scores if one is not None]
    return sum(there, Fraction()) / len(there) if there else None


def sums_of(place: str, agencies: Iterable[AgencyScore], grading: Grading) -> ResultSums:
    """Agencies in numbers."""
    rows = list(agencies)
    totals = [one.total for one in rows if one.total is not None]
    counts = tuple(sum(one.grade == grade for one in rows) for grade in grading.grades)
    passed = sum(one.passes for one in rows)
    return ResultSums(place, len(rows), len(totals), passed, sum(totals, Decimal()), counts)
