"""What a form's field takes at most, whatever its view says: what no column holds is refused at the field."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from wtforms import DecimalField, FloatField, IntegerField, StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.core.outside import LARGEST
from portal.core.texts import _

#: characters of one line, and of a text of several; a view may ask for less
LONGEST_LINE = 500
LONGEST_TEXT = 20_000


def bound(field: Any) -> Any:
    """A bound field (every form's ``Meta.bind_field``) whose bounds are asked before its validators.

    Not as a validator: a view that gives the field others for a request would take the bounds away.
    """
    ask = _ask_for(field)
    if ask is not None:
        field.pre_validate = partial(_first, ask, field, field.pre_validate)
    return field


def _ask_for(field: Any) -> Callable[[Any], None] | None:
    if isinstance(field, IntegerField | DecimalField | FloatField):
        return _number
    return _text if isinstance(field, StringField) else None


def _first(ask: Callable[[Any], None], field: Any, then: Callable[[Any], None], form: Any) -> None:
    ask(field)
    then(form)


def _number(field: Any) -> None:
    """Neither endless nor beyond a column; what was typed stays to be seen."""
    number = field.data
    if number is None or _fits(number):
        return
    field.data = None
    field.errors = []
    raise StopValidation(_("This number is too large"))


def _fits(number: int | float | Decimal) -> bool:
    if isinstance(number, Decimal) and not number.is_finite():
        return False  # a Decimal that is no number cannot even be compared
    return -LARGEST <= number <= LARGEST


def _text(field: Any) -> None:
    longest = LONGEST_TEXT if isinstance(field, TextAreaField) else LONGEST_LINE
    if isinstance(field.data, str) and len(field.data) > longest:
        raise StopValidation(_("At most %(longest)s characters fit here", longest=f"{longest:,}"))
