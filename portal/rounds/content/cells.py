"""Kinds of cells in the sheets of a year: how a value is written as text, and read back with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from models.round import LONGEST_SCHEME, USUAL_SCHEME, scheme_code
from models.thai import NBSP, arabic_digits, normal_form, one_line, thai_date_short
from models.zone import BANGKOK
from portal.core.forms import read_date, read_moment
from portal.core.texts import lazy

YES = lazy("Yes, it is")
#: what people type for it, beside the word itself
YES_TOO = frozenset({"yes", "y", "1", "x", "✓", "true", "yes, it is", "ใช่", "ได้"})
NO_TOO = frozenset({"no", "n", "0", "-", "false", "ไม่ใช่", "ไม่"})


class WrongCell(ValueError):
    """A cell that cannot be read; ``reason`` is an English message id with values."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Kind:
    """How values of a column are written as text and read from it. An empty cell is read as ``empty``.

    ``choices`` gives the words that can stand in the cell, for a drop-down; None where anything may.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    empty: Any = None
    #: how it is kept, where words may be called otherwise one day; ``read`` understands it too
    keep: Callable[[Any], str] | None = None
    choices: Callable[[], Sequence[str]] | None = None
    #: texts of several lines keep them
    lines: bool = False


def text(*, longest: int, lines: bool = False) -> Kind:
    """Words, in their normal form."""

    def read(cell: str) -> str:
        words = _paragraphs(cell) if lines else one_line(cell)
        if len(words) > longest:
            raise _too_long(words, longest)
        return words

    return Kind(str, read, "", lines=lines)


def _too_long(words: str, longest: int) -> WrongCell:
    return WrongCell("At most %(most)s characters: there are %(number)s", most=longest, number=len(words))


def _paragraphs(cell: str) -> str:
    return "\n".join(" ".join(line.split()) for line in normal_form(cell).splitlines()).strip()


def code(*, longest: int) -> Kind:
    """A short code without spaces: O1, 9.1, LIKERT4."""

    def read(cell: str) -> str:
        words = "".join(arabic_digits(one_line(cell)).split())
        if len(words) > longest:
            raise _too_long(words, longest)
        return words

    return Kind(str, read, "")


def scheme() -> Kind:
    """The code of a scheme of assessment; the usual one goes without saying, as an empty cell."""

    def read(cell: str) -> str:
        code = scheme_code(cell)
        if len(code) > LONGEST_SCHEME:
            raise _too_long(code, LONGEST_SCHEME)
        return code

    return Kind(str, read, USUAL_SCHEME)


def whole(*, least: int = 0, most: int = 10_000_000) -> Kind:
    """A whole number."""

    def read(cell: str) -> int:
        digits = arabic_digits(cell).replace(",", "").strip()
        number = Decimal(digits) if _is_number(digits) else None
        if number is None or number != number.to_integral_value():
            raise WrongCell("Enter a whole number")
        if not least <= number <= most:
            raise WrongCell("Enter a number from %(least)s to %(most)s", least=least, most=most)
        return int(number)

    return Kind(str, read)


def decimal(*, most: int, places: int = 2) -> Kind:
    """A number from 0 with so many decimals."""

    def read(cell: str) -> Decimal:
        digits = arabic_digits(cell).replace(",", "").strip()
        if not _is_number(digits):
            raise WrongCell("Enter a number, such as 33 or 66.67")
        number = Decimal(digits)
        if not 0 <= number <= most:
            raise WrongCell("Enter a number from %(least)s to %(most)s", least=0, most=most)
        if number != round(number, places):
            raise WrongCell("At most %(places)s decimals", places=places)
        return number

    return Kind(plain, read)


def plain(number: Decimal) -> str:
    """A number without an exponent and without zeros that say nothing: "33", "66.67"."""
    return f"{number.normalize():f}"


def _is_number(digits: str) -> bool:
    try:
        return Decimal(digits).is_finite()
    except InvalidOperation:
        return False


def flag() -> Kind:
    """Yes, or nothing."""

    def read(cell: str) -> bool:
        word = one_line(cell).casefold()
        if word in YES_TOO or word == str(YES):
            return True
        if word in NO_TOO:
            return False
        raise WrongCell("Enter “%(yes)s”, or leave it empty", yes=YES)

    return Kind(
        lambda value: str(YES) if value else "",
        read,
        False,
        lambda value: "1" if value else "",
        choices=lambda: [str(YES)],
    )


def one_of(words: Callable[[], Iterable[tuple[Any, str]]]) -> Kind:
    """One of several values, which people know by their words; the value itself is understood too."""

    def read(cell: str) -> Any:
        word = one_line(cell).casefold()
        for value, shown in words():
            if word in (shown.casefold(), _value(value).casefold()):
                return value
        raise WrongCell("Not one of: %(words)s", words=", ".join(shown for _value, shown in words()))

    def write(value: Any) -> str:
        return dict(words())[value]

    return Kind(write, read, None, _value, choices=lambda: [shown for _value, shown in words()])


def _value(choice: Any) -> str:
    return str(getattr(choice, "value", choice))


def several_of(words: Callable[[], Iterable[tuple[Any, str]]]) -> Kind:
    """Several of these values, with commas between; none where the cell is empty."""
    single = one_of(words)

    def read(cell: str) -> tuple[Any, ...]:
        parts = [part for part in cell.replace("\n", ",").split(",") if part.strip()]
        return tuple(dict.fromkeys(single.read(part) for part in parts))

    return Kind(
        lambda values: ", ".join(single.write(value) for value in values),
        read,
        (),
        lambda values: ",".join(_value(value) for value in values),
    )


def first_moment() -> Kind:
    """The day on which something begins (at midnight in Bangkok), or a moment of it."""
    return Kind(_written, lambda cell: _moment(cell, beyond=timedelta(0)))


def last_moment() -> Kind:
    """The last day of something: it ends at the midnight after it, or at a moment that is named."""
    a_day = timedelta(days=1)
    return Kind(lambda moment: _written(moment, back=a_day), lambda cell: _moment(cell, beyond=a_day))


def _written(moment: datetime, *, back: timedelta = timedelta(0)) -> str:
    here = moment.astimezone(BANGKOK)
    if here.time() == time():
        return thai_date_short(here - back).replace(NBSP, " ")
    return f"{thai_date_short(here)} {here:%H:%M}".replace(NBSP, " ")


def _moment(cell: str, *, beyond: timedelta) -> datetime:
    """A spreadsheet program writes a day that it knows as one with the time of midnight."""
    words = one_line(cell)
    words = words.removesuffix("T00:00:00").removesuffix(" 00:00:00")
    try:
        if ":" in words:
            return read_moment(words)
        return datetime.combine(read_date(words), time(), BANGKOK) + beyond
    except ValueError as error:
        raise WrongCell("%(words)s", words=str(error)) from error
