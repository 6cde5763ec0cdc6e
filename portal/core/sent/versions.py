"""The last save does not win: a form carries the version of the row that it was made from.

Where the row moved on meanwhile nothing is saved: the service raises ``Stale``, and nobody catches it. The
page is made again (portal/core/again.py) with what was typed and the newer version; what is stored now stands
above, with who stored it where the person may read the record. Saving again is a choice with both in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from flask_wtf import FlaskForm
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload
from wtforms import FieldList, FileField, FormField, HiddenField
from wtforms.fields.simple import BooleanField, PasswordField, SubmitField

from models.audit import AuditEvent
from portal.core.access import Permission, can, current_actor
from portal.core.database.session import db
from portal.core.errors import Stale
from portal.core.outside import whole
from portal.core.texts import _

#: fields that hold nothing of the row
_NOT_OF_THE_ROW = (HiddenField, FileField, PasswordField, SubmitField)
#: longer values are shown by their beginning
LONGEST = 600


class VersionedForm(FlaskForm):
    """A form of a stored row, with the version that its page showed; 0: the row was not there yet."""

    version = HiddenField()


@dataclass(frozen=True)
class Difference:
    """A field whose stored value is another one than what was typed."""

    label: str
    stored: str


def init_app(app: Flask) -> None:
    """Tell templates what is stored now, and who stored it."""
    app.jinja_env.globals.update(stored_now=stored_now, last_change=last_change)


def version_of(form: Any) -> int:
    """The version that the page was made from; -1 where there is none or it was tampered with."""
    version = read_version(form.version.data)
    return -1 if version is None else version


def read_version(value: str | None) -> int | None:
    """A version as a form sends it; -1 for what is none, None where nothing was sent: no page of ours did."""
    if value is None:
        return None
    version = whole(value, least=0)
    return -1 if version is None else version


def require_version(row: Any | None, version: int | None) -> None:
    """Raises Stale when the row moved on since the page was made.

    0: the page was made before the row. None: whoever acts came from no page (a command, the drill).
    """
    if version is not None and version != (row.version if row is not None else 0):
        if row is not None:
            g.stale_row = (row.__tablename__, "|".join(map(str, inspect(row).identity or ())))
        raise Stale


def require_seen(thing: str, row_id: int, present: int, seen: int | None) -> None:
    """As ``require_version``, for a row whose page counts something else: its last correction."""
    if seen is not None and seen != present:
        g.stale_row = (thing, str(row_id))
        raise Stale


def stored_now() -> list[Difference]:
    """On a page made again after a conflict: what is stored in the fields where something else was typed."""
    fields: dict[str, Any] = g.get("typed_labels", {})
    found = []
    for field in fields.values():
        if not isinstance(field, _NOT_OF_THE_ROW) and "-" not in field.name:
            stored = _stored_words(field)
            if stored != words_of(field):
                found.append(Difference(str(field.label.text), stored[:LONGEST]))
    return found


def last_change() -> AuditEvent | None:
    """The last change of the row of a conflict; None for who may not read the record."""
    thing, key = g.get("stale_row", ("", ""))
    if not thing or not can(current_actor(), Permission.RECORD_READ):
        return None
    query = (
        select(AuditEvent)
        .where(AuditEvent.thing == thing, AuditEvent.row == key)
        .options(joinedload(AuditEvent.account))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def words_of(field: Any) -> str:
    """What a field holds, as a person reads it."""
    return _words(field, lambda one: one)


def _stored_words(field: Any) -> str:
    """What the row has in this field, as a person reads it."""
    return _words(field, _as_stored)


def _as_stored(field: Any) -> Any:
    """The field as it was before anything was sent."""
    before: Any = object.__new__(type(field))  # WTForms' own way of making one would leave it unbound
    before.__dict__.update(field.__dict__)
    before.raw_data, before.data = None, None
    before.process_data(field.object_data)
    return before


def _words(field: Any, seen: Any) -> str:
    if isinstance(field, FieldList):
        return "\n".join(filter(None, (_words(entry, seen) for entry in field.entries)))
    if isinstance(field, FormField):
        return " · ".join(filter(None, (_in_a_row(one, seen) for one in field.form)))
    field = seen(field)
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if hasattr(field, "loader"):
        return str((field.loader.format(field.data) or ("", ""))[1])
    if hasattr(field, "iter_choices"):
        choices = (choice for choice in field.iter_choices() if choice[0] not in ("", "__None"))
        return ", ".join(str(choice[1]) for choice in choices if choice[2])
    return str(field._value() or "").replace("\r\n", "\n").strip()


def _in_a_row(field: Any, seen: Any) -> str:
    """A tick is said by its name there, and no tick by nothing."""
    if isinstance(field, BooleanField):
        return str(field.label.text) if seen(field).data else ""
    return _words(field, seen)
