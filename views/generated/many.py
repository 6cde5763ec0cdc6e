"""Acts on all that a list found: its declared actions, and one field set to one value in every row."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import g, url_for
from sqlalchemy import Enum, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import RelationshipProperty

from models.kinds import Coded, CodedColumn
from portal.core import audit, list_acts
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale, UserError
from portal.core.list_acts import Outcome
from portal.core.outside import whole
from portal.core.texts import _
from views.generated import listing, saved
from views.generated.actions import RowAction, may
from views.generated.described import DescribedView

#: before the name of a field in an act's name: "set-size"
SET = "set-"
#: the act that takes back the person's own last change of each row
UNDO = "undo"
#: the most rows that one act takes
MOST = 50_000
#: rows that a page has, at most
MOST_TICKED = max(listing.PAGE_SIZES)


def register(view: DescribedView) -> None:
    """Let a worker do this list's acts too."""
    list_acts.DOERS[view.endpoint] = lambda arguments, keys: do(view, arguments, keys)


def acts_of(view: DescribedView) -> dict[str, Any]:
    """What the person may do to all found, by name: (words of) declared actions, then fields to set."""
    acts = {one.name: one.label for one in view.actions.values() if one.done and may(one.permission)}
    if view.can_edit:
        for name in view.many_fields:
            acts[SET + name] = _("Set “%(field)s” in all of them", field=view.get_column_name(name))
        if view.many_fields and view.endpoint in list_acts.UNDOERS:
            acts[UNDO] = _("Take back my own last change of each")
    return acts


def action_of(view: DescribedView, act: str) -> RowAction | None:
    """The declared action of a name; None for a field to set. Raises NotFound for what one may not do."""
    if act not in acts_of(view):
        raise NotFound
    return view.actions.get(act)


def for_ticked(view: DescribedView) -> list[RowAction]:
    """Fields that the person may set in ticked rows, and the way back, as a list offers its actions."""
    if not view.can_edit or (permission := view.permissions.edit) is None or not may(permission):
        return []
    fields = [
        RowAction(
            SET + name, _("Set “%(field)s”", field=view.get_column_name(name)), permission, icon="pencil"
        )
        for name in view.many_fields
    ]
    if not fields or view.endpoint not in list_acts.UNDOERS:
        return fields
    return [*fields, RowAction(UNDO, _("Take back my own last change"), permission, icon="arrow-back-up")]


def ticked(text: str | None) -> list[int] | None:
    """The keys of ticked rows from an address; None where it is about all found. Raises NotFound."""
    if text is None:
        return None
    keys = [whole(key, least=1) for key in text.split(",")[:MOST_TICKED]]
    if None in keys:
        raise NotFound
    return [key for key in keys if key is not None]


def found(view: DescribedView, criteria: listing.ListQuery, only: Sequence[int] | None = None) -> list[int]:
    """The keys of all rows that a list finds, or of those of ``only`` (the ticked ones).

    Raises Refused for a filter that is none, and for too many.
    """
    problems: dict[str, str] = {}
    query = listing.narrowed(view, criteria, problems)
    if problems:
        raise Refused("A filter of this list cannot be read: go back and mend it")
    query = query.with_only_columns(view.key_column).order_by(None).order_by(view.key_column)
    if only is not None:
        query = query.where(view.key_column.in_(only))
    keys = list(db.session.scalars(query.limit(MOST + 1)))
    if len(keys) > MOST:
        raise Refused("At most %(count)s rows are changed in one act: narrow the list", count=MOST)
    return keys


def url(view: DescribedView, criteria: listing.ListQuery, act: str, only: Sequence[int] | None = None) -> str:
    """The address of the page that asks whether to do an act to all found, or to the ticked ones."""
    arguments = {**saved.about(view, criteria), "act": act}
    if only is not None:
        arguments["rows"] = ",".join(map(str, only))
    return url_for("many.ask", **arguments)


def mark_of(keys: Sequence[int]) -> str:
    """The set that a page asked about, so that the act knows whether it is still the same."""
    return f"{len(keys)}-{hashlib.sha256(repr(keys).encode()).hexdigest()[:24]}"


def form_of(view: DescribedView, act: str, sent: Any) -> Any:
    """The form of the one field that an act sets, as the row's own form has it."""
    form = view._edit_form_class(sent)
    for name in list(form._fields):
        if name != act.removeprefix(SET):
            del form[name]
    return form


def plain(value: Any) -> Any:
    """A value of a form as an order keeps it: an enum's value, a row's key."""
    if isinstance(value, enum.Enum | Coded):
        return value.value
    return value.id if hasattr(value, "id") else value


def do(view: DescribedView, arguments: Mapping[str, Any], keys: Sequence[int]) -> Outcome:
    """Do an ordered act to these rows; those that are no longer there, or refuse, are left out and named.

    Raises NotFound for who may not.
    """
    if view.round_scoped:
        g.round_id = arguments["round_id"]
    action = action_of(view, arguments["act"])
    query = view.rows().where(view.key_column.in_(keys)).order_by(view.key_column)
    rows = list(db.session.scalars(query.options(*view.row_options)))
    gone = (_("%(count)s rows that are no longer there", count=len(keys) - len(rows)),)
    outcome = Outcome(left_out=gone if len(rows) < len(keys) else ())
    if action is not None:
        done = int(getattr(view, action.handler)(rows))
        return outcome.and_then(Outcome(done, len(rows) - done))
    if arguments["act"] == UNDO:
        for row in rows:
            outcome = outcome.and_then(_tried(row, partial(list_acts.UNDOERS[view.endpoint], row)))
        return outcome
    name = arguments["act"].removeprefix(SET)
    value = _value(view, name, arguments["value"])
    with audit.act(f"{view.endpoint}.edit"):
        for row in rows:
            outcome = outcome.and_then(_set(view, row, name, value))
    return outcome


def _value(view: DescribedView, name: str, kept: Any) -> Any:
    """A kept value as the rows take it. Raises NotFound for a row that one does not see."""
    attribute = getattr(view.model, name)
    if kept is None:
        return None
    if isinstance(attribute.property, RelationshipProperty):
        remote = attribute.property.mapper.class_
        row = db.session.scalar(select(remote).where(remote.id == kept))
        if row is None:
            raise NotFound
        return row
    if isinstance(attribute.type, Enum) and attribute.type.enum_class is not None:
        return attribute.type.enum_class(kept)
    if isinstance(attribute.type, CodedColumn):
        return attribute.type.values(kept)
    return kept


def _set(view: DescribedView, row: Any, name: str, value: Any) -> Outcome:
    if getattr(row, name) == value:
        return Outcome(same=1)

    def change() -> None:
        setattr(row, name, value)
        view.on_model_change(None, row, False)

    return _tried(row, change)


def _tried(row: Any, change: Callable[[], None]) -> Outcome:
    """One row changed, or left out with the reason."""
    words = str(row)
    try:
        with db.session.begin_nested():
            change()
            db.session.flush()
    except Stale:
        why = _("somebody else changed it meanwhile")
    except UserError as error:
        why = error.message
    except IntegrityError:
        why = _("it does not fit with other data")
    else:
        return Outcome(done=1)
    return Outcome(left_out=(f"{words} ({why})",))
