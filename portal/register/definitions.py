"""Descriptive fields as the back office defines them: what may be changed, retired and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, inspect, select

from models.descriptive import KEY, DescriptiveField, FieldKind, FieldOwner
from models.thai import arabic_digits, one_line
from portal.core.database.session import db
from portal.core.described import MODELS, as_text
from portal.core.errors import Refused
from portal.core.imports.headings import normal

LONGEST_CHOICE, MOST_CHOICES = 80, 100
_LINE = re.compile(r"(?:(\d{1,3})\s*[.)]\s*)?(.*)")
Choices = Sequence[dict[str, Any]]


def settle(field: DescriptiveField, *, new: bool, taken: Iterable[str]) -> None:
    """What follows from a typed definition, and whether it may be so.

    ``taken``: headings that the files of this table have by themselves. Raises Refused, naming the field.
    """
    field.label = one_line(field.label)
    field.heading = normal(field.label)
    if not any(letter.isalnum() for letter in field.heading):
        raise Refused("The name needs letters", field="label")
    if field.heading in {normal(name) for name in taken}:
        raise Refused("Files of this list have a column of this name already", field="label")
    if new:
        field.key = field.key or _free_key(field.owner)
        if not KEY.fullmatch(field.key):
            raise Refused("A key begins with a letter a–z; a–z, digits and _ follow", field="key")
    elif inspect(field).attrs.kind.history.has_changes():
        _require_no_values(field, "kind")
    _settle_choices(field)


def _settle_choices(field: DescriptiveField) -> None:
    living = [choice for choice in field.choices if choice["active"]]
    if field.kind is FieldKind.CHOICE and not living:
        raise Refused("Write at least one choice", field="choices")
    if field.kind is not FieldKind.CHOICE and living:
        raise Refused("Only a field of the kind “choice” has choices", field="choices")


def _free_key(owner: FieldOwner) -> str:
    """ "field_7": no key is asked of who does not need one."""
    keys = set(db.session.scalars(select(DescriptiveField.key).where(DescriptiveField.owner == owner)))
    return next(key for number in range(1, len(keys) + 2) if (key := f"field_{number}") not in keys)


def require_unused(field: DescriptiveField) -> None:
    """Raises Refused where a row holds a value: then the field is taken out of use, and can come back."""
    _require_no_values(field, "")


def values_of(field: DescriptiveField) -> int:
    """How many rows hold a value of a field."""
    model = MODELS[field.owner]
    holds = as_text(field.owner, field.key).is_not(None)
    return db.session.scalar(select(func.count(model.id)).where(holds)) or 0


def _require_no_values(field: DescriptiveField, name: str) -> None:
    """Nobody writes a value meanwhile: who does, holds the definition first (portal.core.described.hold)."""
    with db.session.no_autoflush:
        db.session.scalar(
            select(DescriptiveField.id).where(DescriptiveField.id == field.id).with_for_update()
        )
        count = values_of(field)
    if not count:
        return
    if name:
        raise Refused(
            "%(count)s rows hold a value: the kind stays. Make another field",
            field=name,
            count=count,
        )
    raise Refused("%(count)s rows hold a value: take the field out of use instead", count=count)


def lines_of(choices: Choices) -> str:
    """The choices in use as a form shows them: the number in front belongs to a choice and stays with it."""
    return "\n".join(f"{_number(one)}. {one['label']}" for one in choices if one["active"])


def read_choices(text: str, before: Choices) -> list[dict[str, Any]]:
    """Typed choices, one on each line: a known number renames, a new line adds, a missing one retires.

    A choice never goes: rows that hold it keep it. Its line written again takes it back. Raises Refused.
    """
    known = {_number(one): one for one in before}
    named = {normal(one["label"]): one for one in before}
    made: dict[str, dict[str, Any]] = {}
    highest = max(known, default=0)
    for line in filter(None, map(one_line, text.splitlines())):
        number, label = _parts(line)
        old = known.get(number) if number else named.get(normal(label))
        if number and old is None:
            raise Refused("No choice has the number %(number)s: a new one has none", number=number)
        highest += old is None
        code = old["code"] if old else f"c{highest}"
        if code in made or any(normal(one["label"]) == normal(label) for one in made.values()):
            raise Refused("“%(label)s” stands there twice", label=label)
        made[code] = {"code": code, "label": label, "active": True}
    if len(made) > MOST_CHOICES:
        raise Refused("At most %(most)s choices", most=MOST_CHOICES)
    retired = [{**one, "active": False} for one in before if one["code"] not in made]
    return [*made.values(), *retired]


def _parts(line: str) -> tuple[int | None, str]:
    found = _LINE.fullmatch(arabic_digits(line))
    assert found is not None
    number = int(found[1]) if found[1] else None
    label = line if number is None else re.sub(r"^\S+?[.)]\s*", "", line)
    if not label or len(label) > LONGEST_CHOICE:
        raise Refused("A choice has between 1 and %(longest)s letters", longest=LONGEST_CHOICE)
    return number, label


def _number(choice: dict[str, Any]) -> int:
    return int(choice["code"][1:])
