"""Assessor bodies and which agencies of a round they judge, on generated screens."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, render_template
from flask_admin import expose
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.assessor import AssessorBody, Assignment
from portal.assessors import assignments
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.lookup import get_or_404, round_or_404
from portal.core.texts import _, lazy
from views.assessors.assignment_form import AssignForm
from views.generated.actions import row_action
from views.generated.base import Crud, ScopedModelView
from views.generated.place_filters import ProvinceFilter


class AssessorBodyView(ScopedModelView):
    """Hired assessor bodies."""

    permissions = Crud(
        read=P.ASSESSORS_WRITE,
        create=P.ASSESSORS_WRITE,
        edit=P.ASSESSORS_WRITE,
        delete=P.ASSESSORS_WRITE,
        export=P.ASSESSORS_WRITE,
    )
    one = lazy("assessor body")
    column_list = ("name", "agencies")
    column_title = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "name": lazy("Name of the body"),
        "agencies": lazy("Agencies in all rounds"),
    }
    column_cells: ClassVar[dict[str, str]] = {"agencies": "num end"}
    column_formatters: ClassVar[dict[str, Any]] = {
        "agencies": lambda view, context, row, name: f"{view.agencies_of(row):,}"
    }
    column_searchable_list = ("name",)
    column_default_sort = ("name", False)
    empty_hint = lazy("Add the bodies that were hired, then assign agencies to them")
    form_columns = ("name",)

    def agencies_of(self, row: AssessorBody) -> int:
        """How many participations a body was given."""
        return db.session.scalar(select(func.count(Assignment.id)).where(Assignment.body_id == row.id)) or 0


class AssignmentView(ScopedModelView):
    """Which body judges which agency of the round."""

    permissions = Crud(read=P.ASSESSORS_WRITE, create=P.ASSESSORS_WRITE, export=P.ASSESSORS_WRITE)
    one = lazy("assignment")
    round_scoped = True
    round_column = "participation.round_id"

    column_list = (
        "participation.full_name",
        "participation.district_name",
        "participation.province_name",
        "body",
    )
    column_title = "participation.full_name"
    column_labels: ClassVar[dict[str, Any]] = {
        "participation.full_name": lazy("Name of the agency"),
        "participation.district_name": lazy("District"),
        "participation.province_name": lazy("Province"),
        "body": lazy("Assessor body"),
    }
    column_searchable_list = ("participation.full_name", "participation.code")
    column_sortable_list = (
        ("participation.full_name", "participation.sort_key"),
        ("body", "body.name"),
    )
    column_default_sort = ("participation.sort_key", False)
    column_filters = ("body", ProvinceFilter(Assignment.province_id))
    row_options = (joinedload(Assignment.participation),)
    search_hint = lazy("Name or code of the agency")
    empty_hint = lazy("Choose a body and provinces: all their agencies are assigned at once")
    form_columns = ("body",)

    @property
    def can_create(self) -> bool:
        """Not offered where it would be refused."""
        here = self._open(self.permissions.create)
        return here and (self._starting or not assignments.is_finished(round_or_404(g.round_id)))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """A body and provinces: all their agencies that have no body yet."""
        round = round_or_404(g.round_id)
        assignments.require_unfinished(round)
        form = AssignForm(round)
        if form.validate_on_submit():
            body = get_or_404(AssessorBody, form.body.data)
            agencies = assignments.without_body(db.session(), round, form.provinces.data)
            made = assignments.assign(db.session(), body, agencies)
            flash(_("%(count)s agencies were assigned to %(body)s", count=f"{made:,}", body=body), "ok")
            return redirect(self.get_url(".index_view"))
        page = render_template("assessors/assign.html", form=form, this_round=round)
        return (page, 422) if form.errors else page

    @row_action(
        "take_back",
        lazy("Take back"),
        P.ASSESSORS_WRITE,
        consequence=lazy("The body no longer sees these %(count)s agencies; what it has recorded stays"),
        icon="trash",
        danger=True,
    )
    def take_back(self, rows: list[Assignment]) -> str:
        """Take agencies back from their bodies."""
        for row in rows:
            db.session.delete(row)
        db.session.flush()
        return _("%(count)s agencies were taken back", count=len(rows))


def views() -> list[ScopedModelView]:
    """The generated screens of assessor bodies."""
    return [
        AssessorBodyView(
            AssessorBody, lazy("Assessor bodies"), endpoint="assessor_bodies", url="/admin/assessor-bodies"
        ),
        AssignmentView(
            Assignment,
            lazy("Assignments"),
            endpoint="assignments",
            url="/rounds/<int:round_id>/assignments",
        ),
    ]
