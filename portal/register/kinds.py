"""Kinds and sizes of agencies as the back office keeps them: what may be changed, retired and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, inspect, select

from models.agency import Agency
from models.agency_change import AgencyChange
from models.distribution import AssessorRule
from models.instrument import OitItem
from models.kinds import (
    AGENCY_KINDS,
    AGENCY_SIZES,
    KIND_CODE,
    SIZE_CODE,
    AgencyKind,
    AgencySize,
    KindRow,
    SizeRow,
)
from models.participation import Participation
from models.register_import import RegisterImport
from models.round import SampleRule
from models.thai import one_line
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.imports.headings import normal

LONGEST_ALIAS, MOST_ALIASES = 80, 20
Row = KindRow | SizeRow
Held = tuple[Any, Callable[[str], ColumnElement[bool]]]


def _names(column: Any) -> Held:
    """Rows whose JSON names a code."""
    return column.class_, lambda code: cast(column, String).contains(f'"{code}"', autoescape=True)


#: whoever may hold a code of a table: the rows, and which of them do
HOLDERS: dict[type[Row], tuple[Held, ...]] = {
    KindRow: (
        (Agency, lambda code: Agency.kind == AgencyKind(code)),
        (Participation, lambda code: Participation.kind == AgencyKind(code)),
        (SampleRule, lambda code: SampleRule.agency_kind == code),
        *map(_names, (OitItem.kinds, AssessorRule.kinds, AgencyChange.planned, RegisterImport.changes)),
    ),
    SizeRow: (
        (Agency, lambda code: Agency.size == AgencySize(code)),
        (Participation, lambda code: Participation.size == AgencySize(code)),
        (SampleRule, lambda code: SampleRule.agency_size == code),
        *map(_names, (AssessorRule.sizes, RegisterImport.changes)),
    ),
}


def settle_kind(row: KindRow, *, new: bool) -> None:
    """What follows from a typed kind, and whether it may be so. Raises Refused, naming the field."""
    row.code = row.code.strip().casefold()
    row.prefix, row.head = one_line(row.prefix or ""), one_line(row.head or "")
    row.short = one_line(row.short)
    _settle(row, KIND_CODE, "A code begins with a letter a–z; a–z, digits and _ follow, 16 together", new=new)
    if (row.usual_from is None) != (row.usual_to is None):
        raise Refused("Enter both numbers, or none", field="usual_to")
    if row.usual_from is not None and row.usual_to is not None and row.usual_from > row.usual_to:
        raise Refused("The second number is smaller than the first", field="usual_to")
    if not new:
        _require_names_stay(row)


def settle_size(row: SizeRow, *, new: bool) -> None:
    """What follows from a typed size, and whether it may be so. Raises Refused, naming the field."""
    row.code = row.code.strip().upper()
    _settle(row, SIZE_CODE, "The code of a size is one letter A–Z or one digit", new=new)


def _settle(row: Row, code: re.Pattern[str], refusal: str, *, new: bool) -> None:
    row.name = one_line(row.name)
    row.aliases = list(dict.fromkeys(filter(None, map(one_line, row.aliases or ()))))
    if new and not code.fullmatch(row.code):
        raise Refused(refusal, field="code")
    if len(row.aliases) > MOST_ALIASES or any(len(alias) > LONGEST_ALIAS for alias in row.aliases):
        raise Refused(
            "At most %(most)s words of at most %(longest)s letters",
            field="aliases",
            most=MOST_ALIASES,
            longest=LONGEST_ALIAS,
        )
    _require_own_words(row)


def _require_own_words(row: Row) -> None:
    """No word of files names two rows."""
    model: Any = type(row)
    with db.session.no_autoflush:
        others: Sequence[Any] = db.session.scalars(select(model).where(model.id != (row.id or 0))).all()
    taken = {normal(word): other for other in others for word in words_of(other)}
    fields = {"name": row.name, "code": row.code, "short": getattr(row, "short", row.name)}
    said = [*fields.items(), *(("aliases", alias) for alias in row.aliases)]
    for field, word in said:
        other = taken.get(normal(word))
        if other is not None:
            raise Refused("“%(word)s” already names “%(other)s”", field=field, word=word, other=other.name)


def words_of(row: Row) -> tuple[str, ...]:
    """Every word by which files name a row."""
    return (row.code, row.name, getattr(row, "short", row.name), *row.aliases)


def _require_names_stay(row: KindRow) -> None:
    """The kind's names stand in those of its agencies, and in what people look for them by."""
    changed = [
        name
        for name in ("name", "short", "prefix", "alone")
        if inspect(row).attrs[name].history.has_changes()
    ]
    if changed and (count := agencies_of(row)):
        raise Refused(
            "The names of %(count)s agencies are made of it: it stays. Make another kind",
            field=changed[0],
            count=count,
        )


def agencies_of(row: Row) -> int:
    """How many agencies of the register are of it."""
    _model, held = HOLDERS[type(row)][0]
    with db.session.no_autoflush:
        return db.session.scalar(select(func.count(Agency.id)).where(held(row.code))) or 0


def require_unused(row: Row) -> None:
    """Raises Refused where anything names it: then it is taken out of use instead. The last one stays."""
    if len(AGENCY_KINDS if isinstance(row, KindRow) else AGENCY_SIZES) == 1:
        raise Refused("The last one stays: add another first")
    with db.session.no_autoflush:
        used = any(
            db.session.scalar(select(model.id).where(held(row.code)).limit(1)) is not None
            for model, held in HOLDERS[type(row)]
        )
    if used:
        raise Refused("Agencies, rounds or rules name it: take it out of use instead")
