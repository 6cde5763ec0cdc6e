"""Assessor bodies and which agencies of a round they judge, on generated screens."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, render_template
from flask_admin import expose
from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import joinedload

from models.assessor import AssessorBody, Assignment
from models.distribution import AssessorConflict
from models.kinds import AGENCY_KINDS
from models.participation import Participation
from portal.assessors import assignments
from portal.assessors.holdings import begun_sql
from portal.core import audit
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.texts import _, lazy
from views.assessors.assignment_form import AssignForm
from views.assessors.distribution_forms import ConflictForm
from views.generated.actions import row_action
from views.generated.base import Crud, ScopedModelView
from views.generated.filters import EnumFilter, YesNoFilter
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


class KindFilter(EnumFilter):
    """The kind of an assigned agency, as the round has it."""

    def condition(self, value: str) -> ColumnElement[bool]:
        """Rows of this kind."""
        return Assignment.participation.has(Participation.kind == self._member(value))


class BegunFilter(YesNoFilter):
    """Whether the body's work on an agency has begun."""

    def condition(self, value: str) -> ColumnElement[bool]:
        """Rows on which work has begun, or has not."""
        if value not in {"0", "1"}:
            raise ValueError(_("This choice is not in the list"))
        begun = begun_sql(self.column)
        return begun if value == "1" else not_(begun)


class ConflictView(ScopedModelView):
    """Which body is given no agency of a province, or not this one."""

    permissions = Crud(
        read=P.ASSESSORS_WRITE, create=P.ASSESSORS_WRITE, delete=P.ASSESSORS_WRITE, export=P.ASSESSORS_WRITE
    )
    one = lazy("conflict of interest")
    column_list = ("body", "province", "agency", "reason")
    column_title = "body"
    column_labels: ClassVar[dict[str, Any]] = {
        "body": lazy("Assessor body"),
        "province": lazy("Province"),
        "agency": lazy("Agency"),
        "reason": lazy("Reason"),
    }
    column_searchable_list = ("reason", "body.name")
    column_sortable_list = (("body", "body.name"),)
    column_default_sort = ("body.name", False)
    column_filters = ("body", "province")
    row_options = (
        joinedload(AssessorConflict.body),
        joinedload(AssessorConflict.province),
        joinedload(AssessorConflict.agency),
    )
    empty_hint = lazy("A body is given no agency that a conflict of interest keeps from it, in any round")
    form_columns = ("reason",)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """A body, and a province or an agency."""
        form = ConflictForm()
        if form.validate_on_submit():
            try:
                self._add(form)
            except Refused as refused:
                say(form, refused)
            else:
                return redirect(self.get_url(".index_view"))
        page = render_template("assessors/conflict.html", form=form)
        return (page, 422) if form.errors else page

    def _add(self, form: ConflictForm) -> None:
        made = AssessorConflict(
            body=get_or_404(AssessorBody, form.body.data),
            province_id=form.province.data or None,
            agency=form.agency,
            reason=(form.reason.data or "").strip(),
        )
        with audit.act("assessor_conflicts.create"):
            db.session.add(made)
            db.session.flush()
        flash(_("Saved: %(name)s", name=made), "ok")
        if has := assignments.kept_but_given(made):
            words = _(
                "The body has %(count)s of these agencies already: move them, the rules do so where no work "
                "has begun",
                count=f"{has:,}",
            )
            flash(words, "warn")


class AssignmentView(ScopedModelView):
    """Which body judges which agency of the round."""

    permissions = Crud(read=P.ASSESSORS_WRITE, create=P.ASSESSORS_WRITE, export=P.ASSESSORS_WRITE)
    one = lazy("assignment")
    round_scoped = True
    round_column = "participation.round_id"

    list_template = "assessors/assignments.html"
    column_list = (
        "participation.code",
        "participation.full_name",
        "participation.district_name",
        "participation.province_name",
        "body",
    )
    column_title = "participation.full_name"
    column_labels: ClassVar[dict[str, Any]] = {
        "participation.code": lazy("Code"),
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
    column_filters = (
        "body",
        ProvinceFilter(Assignment.province_id),
        KindFilter("kind", lazy("Kind"), Participation.kind, AGENCY_KINDS),
        BegunFilter("begun", lazy("Work begun"), Assignment.participation_id),
    )
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
        ConflictView(
            AssessorConflict,
            lazy("Conflicts of interest"),
            endpoint="assessor_conflicts",
            url="/admin/assessor-conflicts",
        ),
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
