"""Kinds and sizes of agencies: rows of two tables, and the values that code compares, sorts by and shows.

A value is its code; everything else about it is asked of what is known now (``portal/core/kinds.py`` says it
anew to each request and job). No kind is known by its name outside ``portal/content``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, Dialect, String, TypeDecorator, false, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, Public, Versioned
from models.sector import USUAL_SECTOR, OfSector

#: what a code is made of: it stands in addresses, in files and in rules of rounds
KIND_CODE = re.compile(r"[a-z][a-z0-9_]{0,15}")
#: the rules of a round keep a size in one character
SIZE_CODE = re.compile(r"[A-Z0-9]")


class KindRow(Keyed, Versioned, OfSector, Public, Base):
    """One kind of agency. It is taken out of use and back; only one that nothing holds is deleted."""

    __tablename__ = "agency_kind"

    code: Mapped[str] = mapped_column(String(16), unique=True)
    #: the official name, which stands before an agency's own: a term of the field, not a translation
    name: Mapped[str] = mapped_column(String(80), unique=True)
    short: Mapped[str] = mapped_column(String(40), unique=True)
    #: the office of its head, before the name: "นายกเทศมนตรีตำบล" + "เกาะคา"
    head: Mapped[str] = mapped_column(String(120))
    #: what stands before an agency's own name in its full name, where that is not the kind's name
    prefix: Mapped[str] = mapped_column(String(80), default="", server_default="")
    #: other words by which files name the kind
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    #: the one agency of the kind is called as the kind, and has no other name: เมืองพัทยา
    alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: an agency of the kind works in the whole province, not in its district
    whole_province: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: headcounts outside are asked about; empty: none is
    usual_from: Mapped[int | None]
    usual_to: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    def __str__(self) -> str:
        return self.name


class SizeRow(Keyed, Versioned, OfSector, Public, Base):
    """One size class of agencies."""

    __tablename__ = "agency_size"

    code: Mapped[str] = mapped_column(String(1), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    def __str__(self) -> str:
        return self.name


# -- what is known of a code ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SizeFacts:
    """A row of a size, as it was when it was asked for."""

    name: str
    aliases: tuple[str, ...] = ()
    position: int = 0
    active: bool = True
    sector_id: int = USUAL_SECTOR


@dataclass(frozen=True, kw_only=True)
class KindFacts(SizeFacts):
    """A row of a kind, as it was when it was asked for."""

    short: str
    head: str = ""
    prefix: str = ""
    alone: bool = False
    whole_province: bool = False
    usual_from: int | None = None
    usual_to: int | None = None


Facts = TypeVar("Facts", bound=SizeFacts)


class Known(Generic[Facts]):
    """What is known of one table, by codes in their order. ``source`` says it anew whenever it is asked."""

    def __init__(self) -> None:
        #: as it was last seen in this process: what stands outside of requests and jobs asks no database
        self.last: Mapping[str, Facts] = {}
        self.source: Callable[[], Mapping[str, Facts]] = lambda: self.last
        #: the sector of the desk that asks, None for all
        self.sector: Callable[[], int | None] = lambda: None

    def now(self) -> Mapping[str, Facts]:
        """Facts by code."""
        return self.source()

    def here(self) -> Mapping[str, Facts]:
        """Those of the sector of the desk that asks."""
        sector_id, known = self.sector(), self.source()
        if sector_id is None:
            return known
        return {code: facts for code, facts in known.items() if facts.sector_id == sector_id}


_kinds, _sizes = Known[KindFacts](), Known[SizeFacts]()


# -- values --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coded:
    """A value that is its code: two of one code are equal."""

    code: str

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def value(self) -> str:
        """The code, as an enum's member gives it."""
        return self.code

    @property
    def facts(self) -> SizeFacts:
        """What is known of it now."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """Its name."""
        return self.facts.name

    @property
    def position(self) -> int:
        """Its place in the order."""
        return self.facts.position

    def __lt__(self, other: Coded) -> bool:
        return (self.position, self.code) < (other.position, other.code)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True, eq=False)
class AgencyKind(Coded):
    """A kind of agency."""

    @property
    def facts(self) -> KindFacts:
        """What is known of it now; of a code that is unknown here, the code itself."""
        return _kinds.now().get(self.code) or KindFacts(name=self.code, short=self.code)

    @property
    def short(self) -> str:
        """The official short form of its name: "ทต."."""
        return self.facts.short

    @property
    def alone(self) -> bool:
        """True where the one agency of the kind is called as the kind is."""
        return self.facts.alone

    @property
    def whole_province(self) -> bool:
        """True where an agency of the kind works in its whole province."""
        return self.facts.whole_province

    @property
    def usual_headcount(self) -> tuple[int, int] | None:
        """The headcounts that are not asked about; None where every one is taken."""
        facts = self.facts
        if facts.usual_from is None or facts.usual_to is None:
            return None
        return facts.usual_from, facts.usual_to

    def short_name(self, name: str) -> str:
        """The official short form of an agency's name: "ทต.เกาะคา"."""
        facts = self.facts
        return facts.short if facts.alone else f"{facts.short}{name}"

    def full_name(self, own: str) -> str:
        """The full name of an agency by its own: "เทศบาลตำบลเกาะคา" of "เกาะคา", "เมืองพัทยา" of "พัทยา"."""
        return f"{self.prefix}{own}"

    def own_name(self, full: str) -> str:
        """A name without what stands before it; it may stand there or not."""
        return full.removeprefix(self.prefix).strip()

    @property
    def prefix(self) -> str:
        """What stands before the own name of an agency of the kind."""
        facts = self.facts
        return facts.prefix or facts.name


@dataclass(frozen=True, slots=True, eq=False)
class AgencySize(Coded):
    """A size class of an agency, where it has one."""

    @property
    def facts(self) -> SizeFacts:
        """What is known of it now; of a code that is unknown here, the code itself."""
        return _sizes.now().get(self.code) or SizeFacts(name=self.code)

    @property
    def words(self) -> str:
        """Its name with the letter by which rules call it: "เล็ก (S)"."""
        return self.label if self.label == self.code else f"{self.label} ({self.code})"


Value = TypeVar("Value", bound=Coded)


class _Interned(dict[str, Value]):
    """One value for each code that a column held: reading a row makes none anew."""

    def __init__(self, make: type[Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, code: str) -> Value:
        self[code] = value = self._make(code)
        return value


class Values(Generic[Value, Facts]):
    """The values that a desk knows, those of its sector, in their order; ``offered`` can be chosen anew."""

    def __init__(self, make: type[Value], known: Known[Facts]) -> None:
        self.known = known
        self.kept = _Interned(make)

    def __iter__(self) -> Iterator[Value]:
        return iter([self.kept[code] for code in self.known.here()])

    def __len__(self) -> int:
        return len(self.known.here())

    def __contains__(self, one: object) -> bool:
        return isinstance(one, Coded) and one.code in self.known.here()

    def offered(self, *held: Value | str | None) -> list[Value]:
        """Those in use, and beside them what a row holds already, by value or by code."""
        kept = {one.code if isinstance(one, Coded) else one for one in held}
        return [self.kept[code] for code, facts in self.known.here().items() if facts.active or code in kept]

    def choices(self, *held: Value | str | None) -> list[tuple[str, str]]:
        """What a form offers: code and name of each."""
        return [(one.code, one.label) for one in self.offered(*held)]

    def get(self, code: object) -> Value | None:
        """The value of a code; None for a code that there is not."""
        return self.kept[code] if isinstance(code, str) and code in self.known.here() else None

    def __call__(self, code: object) -> Value:
        """The value of a code. Raises ValueError for a code that there is not."""
        value = self.get(code)
        if value is None:
            raise ValueError(code)
        return value


AGENCY_KINDS = Values(AgencyKind, _kinds)
AGENCY_SIZES = Values(AgencySize, _sizes)


class CodedColumn(TypeDecorator[Any]):
    """A column that keeps the code of a value; a foreign key says which codes there are."""

    impl = String(32)
    cache_ok = True

    def __init__(self, values: Values[Any, Any]) -> None:
        super().__init__()
        self.values = values

    def process_bind_param(self, value: Coded | None, dialect: Dialect) -> str | None:
        """The code; SQL may also be asked with the code itself."""
        return value.code if isinstance(value, Coded) else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """One look-up for each value: a register of thousands is read as fast as ever."""
        kept = self.values.kept
        return lambda code: None if code is None else kept[code]

    def process_result_value(self, value: str | None, dialect: Dialect) -> Coded | None:
        """The value of a code."""
        return None if value is None else self.values.kept[value]


def kind_column() -> CodedColumn:
    """The type of a column that holds a kind."""
    return CodedColumn(AGENCY_KINDS)


def size_column() -> CodedColumn:
    """The type of a column that holds a size."""
    return CodedColumn(AGENCY_SIZES)


def head_of(short_name: str) -> str:
    """The office of an agency's head, by the short name: "นายกเทศมนตรีตำบลเกาะคา" of "ทต.เกาะคา".

    A name of no known kind stays, with "ผู้บริหาร" before it; so does one whose kind names no office. Of two
    short forms that begin a name the longer one is meant.
    """
    known = sorted(_kinds.now().values(), key=lambda facts: -len(facts.short))
    for facts in known:
        if facts.head and short_name.startswith(facts.short):
            return facts.head + short_name.removeprefix(facts.short).strip()
    return f"ผู้บริหาร{short_name}"
