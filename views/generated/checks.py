"""What a generated view must say, looked at at start: with a wrong one nothing is served."""

from __future__ import annotations

from models.base import Versioned
from views.generated.described import DescribedView

#: set by workflow, session or database, never by a form
NEVER_IN_A_FORM = frozenset(
    {"id", "state", "version", "agency_id", "province_id", "participation_id", "sort_key", "search_key"}
)


class WrongDescription(Exception):
    """A view says something that cannot hold."""


def check(view: DescribedView) -> None:
    """Raise WrongDescription, naming view and fault."""
    for holds, fault in _findings(view):
        if not holds:
            raise WrongDescription(f"{type(view).__name__}: {fault}")


def _findings(view: DescribedView) -> list[tuple[bool, str]]:
    own = view.permissions
    writes = bool(own.create or own.edit)
    form = tuple(view.form_columns or ())
    made = set(view._create_form_class()._fields) if writes and form else set(form)
    return [
        (isinstance(view.column_list, tuple) and bool(view.column_list), "column_list must be a tuple"),
        (not view.column_editable_list, "editing inside the list is refused (column_editable_list)"),
        (not writes or (isinstance(view.form_columns, tuple) and bool(form)), "form_columns must be a tuple"),
        (not NEVER_IN_A_FORM & set(form), f"never in a form: {sorted(NEVER_IN_A_FORM & set(form))}"),
        (set(form) <= made, f"no field was made for: {sorted(set(form) - made)}"),
        (
            not own.edit or issubclass(view.model, Versioned),
            "what is edited is versioned, so that the last save does not win",
        ),
        (len(view.model.__mapper__.primary_key) == 1, "rows need a key of one column"),
        (
            view.round_scoped == ("<int:round_id>" in view.url),
            "a view of a round has the round in its address",
        ),
        (not view.round_scoped or _has_round(view), f"no column {view.round_column}"),
    ]


def _has_round(view: DescribedView) -> bool:
    return hasattr(view.model, view.round_column.split(".")[0])
