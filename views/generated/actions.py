"""What can be done from a generated list or row: declared on the view, each with a permission of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from portal.core.access import Permission, can, current_actor

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Crud:
    """Who may do what in a view; None: nobody, and the address does not exist."""

    read: Permission
    create: Permission | None = None
    edit: Permission | None = None
    delete: Permission | None = None
    export: Permission | None = None


@dataclass(frozen=True)
class SavedView:
    """A tab of a list: its words and the filters behind it, {"kind": "sao"}. ``counted`` shows a number."""

    label: Any
    filters: dict[str, str] = field(default_factory=dict)
    counted: bool = False


@dataclass(frozen=True)
class Danger:
    """A line of the danger zone on the edit page: a page of its own asks and does it.

    ``endpoint`` takes the row's id as ``id`` (or as ``argument``); one sentence says what follows.
    """

    label: Any
    consequence: Any
    endpoint: str
    permission: Permission
    kind: str = "second"
    argument: str = "id"


@dataclass(frozen=True)
class RowAction:
    """Something done to the ticked rows; a page asks first where ``consequence`` says what follows."""

    name: str
    label: Any
    permission: Permission
    consequence: Any = None
    icon: str = "send"
    danger: bool = False
    handler: str = ""
    done: Any = None


def row_action(
    name: str,
    label: Any,
    permission: Permission,
    *,
    consequence: Any = None,
    icon: str = "send",
    danger: bool = False,
    done: Any = None,
) -> Callable[[Method], Method]:
    """Declare a method of a view, ``def warn(self, rows) -> str``, as an action of its list.

    It gets the rows (all in scope) and gives the words to show afterwards; with ``done``, how many rows it
    changed, for these words: such an action can be done to all that the list found.
    """

    def mark(method: Method) -> Method:
        method.row_action = RowAction(  # type: ignore[attr-defined]
            name, label, permission, consequence, icon, danger, method.__name__, done
        )
        return method

    return mark


def actions_of(view: Any) -> dict[str, RowAction]:
    """The declared actions of a view's class, by name."""
    actions = (getattr(getattr(type(view), name, None), "row_action", None) for name in dir(type(view)))
    return {action.name: action for action in actions if isinstance(action, RowAction)}


def may(permission: Permission | None) -> bool:
    """True when the person at the desk holds the permission; never for None."""
    return permission is not None and can(current_actor(), permission)
