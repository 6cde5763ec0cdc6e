"""Generated views of the tests' own, over real tables: one has every way to a row open."""

from __future__ import annotations

from typing import Any

from flask import Flask

from models.agency import Agency
from models.participation import Participation
from models.place import District, Province
from models.round import Round
from models.thai import sort_key
from portal.content import local
from portal.core.access import Permission as P
from portal.core.texts import lazy
from views.generated import registering
from views.generated.actions import row_action
from views.generated.base import Crud, SavedView, ScopedModelView
from views.generated.formatters import badges


class SampleAgencies(ScopedModelView):
    """Agencies, with everything open."""

    permissions = Crud(
        read=P.AGENCIES_READ,
        create=P.AGENCIES_WRITE,
        edit=P.AGENCIES_WRITE,
        delete=P.AGENCIES_WRITE,
        export=P.AGENCIES_READ,
    )
    one = lazy("agency")

    column_list = ("code", "full_name", "kind", "district", "size", "active")
    column_title = "full_name"
    column_cells = {"code": "num drop", "size": "drop"}  # noqa: RUF012
    column_labels = {"code": lazy("Code"), "full_name": lazy("Name of the agency")}  # noqa: RUF012
    column_searchable_list = ("full_name", "code", "district.name")
    column_sortable_list = ("code", ("full_name", "sort_key"), ("district", "district.sort_key"))
    column_default_sort = ("code", False)
    column_filters = ("province", "district", "kind", "active")
    column_formatters = {"size": badges({local.S: "info", local.M: "ok"})}  # noqa: RUF012
    saved_views = (
        SavedView("อบต.", {"kind": "sao"}, counted=True),
        SavedView("เทศบาลตำบล", {"kind": "subdistrict"}),
    )

    form_columns = ("code", "kind", "name", "full_name", "size", "province", "district", "active")
    field_groups = (
        ("ข้อมูลทะเบียน", ("full_name", "name", ("kind", "code"), ("province", "district"))),
        ("อื่น ๆ", ("size", "active")),
    )
    form_ajax_refs = {"district": {"fields": (District.name,), "order_by": District.sort_key}}  # noqa: RUF012

    def on_model_change(self, form: Any, model: Agency, is_created: bool) -> None:
        """As the register's own service does."""
        model.sort_key = sort_key(model.name)

    @row_action("retire", "เลิกใช้", P.AGENCIES_WRITE, consequence="%(count)s แห่งจะไม่อยู่ในรอบต่อไป", danger=True)
    def retire(self, rows: list[Agency]) -> str:
        """Take them out of use."""
        for row in rows:
            row.active = False
        return f"เลิกใช้ {len(rows)} แห่ง"


class SampleRead(ScopedModelView):
    """Provinces, to read only."""

    permissions = Crud(read=P.AGENCIES_READ)
    column_list = ("code", "name")
    column_searchable_list = ("name",)


class SampleParticipations(ScopedModelView):
    """What belongs to a round."""

    permissions = Crud(read=P.PREPARATION_READ, export=P.PREPARATION_READ)
    round_scoped = True
    column_list = ("name", "state")
    column_searchable_list = ("name",)


class SampleRounds(ScopedModelView):
    """Rows that carry a version."""

    permissions = Crud(read=P.ROUNDS_READ, edit=P.ROUNDS_WRITE)
    column_list = ("name", "state")
    form_columns = ("name", "first_digits")


def open_samples(app: Flask) -> None:
    """Register the samples on an application that has not served yet."""
    registering.register(
        app,
        [
            SampleAgencies(Agency, lazy("Agencies"), endpoint="t_agencies", url="/admin/t-agencies"),
            SampleRead(Province, lazy("Provinces"), endpoint="t_provinces", url="/admin/t-provinces"),
            SampleRounds(Round, lazy("Rounds"), endpoint="t_rounds", url="/admin/t-rounds"),
            SampleParticipations(
                Participation, lazy("Agencies"), endpoint="t_parts", url="/rounds/<int:round_id>/t-parts"
            ),
        ],
    )
