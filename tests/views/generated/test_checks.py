"""A generated view that says something wrong is refused at start, by its name and its fault."""

from __future__ import annotations

from typing import Any

import pytest

from models.agency import Agency
from models.base import Base
from models.job import DutyRun, Job
from models.round import Round, Window
from portal.core.access import Permission as P
from portal.core.web import Portal
from views.generated.actions import Crud
from views.generated.base import ScopedModelView
from views.generated.checks import WrongDescription

READ = Crud(read=P.AGENCIES_READ)
WRITE = Crud(read=P.AGENCIES_READ, edit=P.AGENCIES_WRITE)


def described(model: type[Base], *, url: str = "/admin/wrong", **says: Any) -> ScopedModelView:
    """A view that says this."""
    kind = type("Wrong", (ScopedModelView,), {"permissions": READ, "column_list": ("id",), **says})
    made: ScopedModelView = kind(model, "Wrong", endpoint="wrong", url=url)
    return made


@pytest.mark.parametrize(
    ("model", "says", "fault"),
    [
        (Agency, {"column_list": ["name"]}, "column_list must be a tuple"),
        (Agency, {"column_editable_list": ("name",)}, "editing inside the list is refused"),
        (Agency, {"permissions": WRITE}, "form_columns must be a tuple"),
        (Agency, {"permissions": WRITE, "form_columns": ["name"]}, "form_columns must be a tuple"),
        (Agency, {"permissions": WRITE, "form_columns": ("name", "version")}, r"never in a form: .'version'"),
        (Agency, {"permissions": WRITE, "form_columns": ("name", "id")}, r"never in a form: \['id'\]"),
        (Job, {"permissions": WRITE, "form_columns": ("title",)}, "what is edited is versioned"),
        (DutyRun, {"column_list": ("name",)}, "rows need a key of one column"),
        (Agency, {"round_scoped": True}, "a view of a round has the round in its address"),
        (Agency, {"url": "/rounds/<int:round_id>/x"}, "a view of a round has the round in its address"),
        (Agency, {"url": "/rounds/<int:round_id>/x", "round_scoped": True}, "no column round_id"),
    ],
)  # fmt: skip
def test_a_wrong_description_is_refused(
    app: Portal, model: type[Base], says: dict[str, Any], fault: str
) -> None:
    with pytest.raises(WrongDescription, match=f"Wrong: {fault}"):
        described(model, **says)


def test_a_right_one_is_taken(app: Portal) -> None:
    assert described(Agency, permissions=WRITE, form_columns=("name", "code")).filters == {}


@pytest.mark.parametrize(
    ("says", "fault"),
    [({"inline_models": (Window,)}, "InlineFormAdmin"), ({"permissions": None}, "NoneType")],
)
def test_a_view_with_rows_inside_rows_or_without_permissions_cannot_even_be_made(
    app: Portal, says: dict[str, Any], fault: str
) -> None:
    with pytest.raises(AttributeError, match=fault):
        described(Round, **says)


def test_a_filter_of_a_column_that_is_not_there_is_refused(app: Portal) -> None:
    with pytest.raises(AttributeError, match="no_such_column"):
        described(Agency, column_filters=("no_such_column",))
