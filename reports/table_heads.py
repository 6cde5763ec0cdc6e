"""Where a table goes on, so does the row of its group: "อำเภอเมืองลำปาง (ต่อ)" under the columns' heads.

``weasyprint.layout.block.table_layout`` is private to WeasyPrint: the version is locked, and a test says so
when it changes.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.table import table_layout

from reports.table_rows import lay_out_rows

#: the class of a row that names the rows under it, the first of its table body
GROUP = "g"
CONTINUED = " (ต่อ)"


def repeat_group_rows() -> None:
    """From now on the tables that this process lays out repeat the row of a group that goes on."""
    block.table_layout = _table_layout


def _table_layout(context: Any, table: Any, bottom_space: Any, skip_stack: Any, *others: Any) -> Any:
    lay_out_rows(context, table)
    if (row := _interrupted(table, skip_stack)) is not None:
        head, *groups = table.children
        table = table.copy_with_children(
            [head.copy_with_children([*head.children, _continued(row)]), *groups]
        )
    return table_layout(context, table, bottom_space, skip_stack, *others)


def _interrupted(table: Any, skip_stack: Any) -> Any:
    """The row of the group in the midst of which the page before has ended; None where none was torn."""
    if not skip_stack or not table.children[0].is_header:
        return None
    ((group, rows),) = skip_stack.items()
    if not rows or not next(iter(rows)):
        return None
    first = table.children[group].children[0]
    return first if first.element.get("class") == GROUP else None


def _continued(row: Any) -> Any:
    copy = row.deepcopy()
    name = next(box for box in copy.descendants() if isinstance(box, boxes.TextBox))
    name.text = f"{name.text.rstrip()}{CONTINUED} "
    return copy
