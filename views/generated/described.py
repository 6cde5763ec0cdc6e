"""What a generated view says of itself: its words, its cells, its actions. Its addresses stand in base.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask_admin.helpers import get_redirect_target

from models.search import Word
from models.thai import local_day
from portal.core.described import as_python, value_of, words
from portal.core.texts import _, lazy
from views.generated import added
from views.generated.actions import Danger, SavedView
from views.generated.closed import ClosedModelView
from views.generated.formatters import FORMATS_ONLY, NOTHING, Plain, day, shown


class DescribedView(ClosedModelView):
    """A view's description, as lists, forms and files read it."""

    #: what one row is called: "agency"
    one: Any = lazy("row")
    column_title: str = ""
    column_cells: ClassVar[dict[str, str]] = {}
    saved_views: tuple[SavedView, ...] = ()
    #: fields of the form that may be set in many rows at once; ``on_model_change`` then gets no form
    many_fields: tuple[str, ...] = ()
    field_groups: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    danger_actions: tuple[Danger, ...] = ()
    #: loader options of the list's rows, for cells made from collections
    row_options: tuple[Any, ...] = ()
    #: cells that a file makes from columns alone, where all that it shows are among them
    plain_cells: ClassVar[dict[str, Plain]] = {}
    #: relations that these columns need
    plain_joins: tuple[Any, ...] = ()
    search_hint: Any = ""
    #: said where the list is empty before anything was looked for
    empty_hint: Any = ""
    page_size = 25

    def __init__(self, model: type[Any], name: Any, *, endpoint: str, url: str) -> None:
        super().__init__(model, name, endpoint=endpoint, url=url)
        self.column_title = self.column_title or self.column_list[0]

    def get_column_name(self, field: str) -> Any:
        """The words of a column: ``column_labels``, else its name as an English message id."""
        labels = self.column_labels or {}
        return labels.get(field) or lazy(field.rpartition(".")[2].replace("_", " ").capitalize())

    def columns_there(self) -> dict[str, Any]:
        """Every column that a person may choose, with its words: of list, row's page and file."""
        given = [*self._list_columns, *self._details_columns]
        return dict(given + list(self._export_columns if self.can_export else ()))

    def known_columns(self, names: Iterable[str]) -> tuple[str, ...]:
        """Of these names those that are columns here, each once; the row's own name is always among them."""
        there = self.columns_there()
        known = tuple(dict.fromkeys(name for name in names if name in there))
        return known if not known or self.column_title in known else (self.column_title, *known)

    def shown(self, names: Sequence[str]) -> list[tuple[str, Any]]:
        """The columns of these names, (name, words); without names those of the list itself."""
        there = self.columns_there() if names else {}
        return [(name, there[name]) for name in names if name in there] or list(self._list_columns)

    def value_of(self, row: Any, name: str) -> Any:
        """The value of a column, of a dotted path or of an added field, None where the way ends."""
        if (field := added.field_of(self, name)) is not None:
            return as_python(field, value_of(row, field))
        value = row
        for step in name.split("."):
            value = getattr(value, step, None)
        return value

    def cell(self, row: Any, name: str) -> Any:
        """A Badge or the words of a cell."""
        if (field := added.field_of(self, name)) is not None:
            return words(field, value_of(row, field)) or NOTHING
        formatter = (self.column_formatters or {}).get(name)
        return shown(formatter(self, None, row, name) if formatter else self.value_of(row, name))

    def cell_value(self, row: Any, name: str) -> Any:
        """A cell for a file: a number or a date as it is, else the words of the page; None for nothing."""
        formatters = self.column_formatters_export or self.column_formatters or {}
        formatter, value = formatters.get(name), self.value_of(row, name)
        if formatter in FORMATS_ONLY or formatter is None:
            if isinstance(value, date):
                return local_day(value) if formatter is day else value
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                return value
            formatter = None
        text = str(shown(formatter(self, None, row, name) if formatter else value))
        return None if text == NOTHING else text

    def cell_classes(self, name: str) -> str:
        """The classes of a column's cells, from ``column_cells``."""
        field = added.field_of(self, name)
        classes = added.CELLS[field.kind] if field else self.column_cells.get(name, "")
        return " ".join(f"ita-{word}" for word in classes.split())

    def edit_aside(self, row: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Cards beside the form: (title, [(term, value), ...]); a subclass says which."""
        return []

    def delete_consequence(self, row: Any) -> str:
        """What deleting a row means, for the page that asks."""
        return _("“%(name)s” is deleted and cannot be brought back", name=row)

    def also_found(self, word: Word) -> list[Any]:
        """Conditions under which a searched word finds a row, beside ``column_searchable_list``."""
        return []

    def back(self) -> str:
        """The list as it was left (only ever an address of this site)."""
        try:
            target = get_redirect_target()
        except ValueError:  # what came along is no address
            target = None
        return str(target or self.get_url(".index_view"))
