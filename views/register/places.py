"""Provinces and districts on generated screens. DLA writes, the NACC reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, select
from wtforms import SelectField

from models.agency import Agency
from models.place import District, Province
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.places import named
from portal.core.texts import _, lazy
from portal.register import agencies
from portal.register.sizes import SIZES, size_words
from views.generated.actions import row_action
from views.generated.base import Crud, ScopedModelView
from views.generated.filters import Filter

#: of the filter: provinces without a size class
WITHOUT = "none"


class ProvinceSizeField(SelectField):
    """The size class of a province, or none."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        more.pop("allow_blank", None)
        super().__init__(label, validators, coerce=_none_if_empty, choices=_size_choices, **more)


def _size_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((letter, str(words)) for letter, words in SIZES.items())]


def _none_if_empty(value: Any) -> str | None:
    return value or None


class ProvinceSizeFilter(Filter):
    """Provinces of one size class, or those without."""

    kind = "choice"

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        """The classes, and none."""
        return [*((letter, str(words)) for letter, words in SIZES.items()), (WITHOUT, _("not set"))]

    def condition(self, value: str) -> ColumnElement[bool]:
        """Raises ValueError for what is no size class."""
        if value == WITHOUT:
            return Province.size.is_(None)
        if value not in SIZES:
            raise ValueError(_("This choice is not in the list"))
        return Province.size == value

    def words(self, value: str) -> str:
        """The class in words."""
        return _("not set") if value == WITHOUT else size_words(value)


class ProvinceView(ScopedModelView):
    """Provinces by the codes of the Ministry of Interior."""

    permissions = Crud(
        read=P.PLACES_READ,
        create=P.PLACES_WRITE,
        edit=P.PLACES_WRITE,
        delete=P.PLACES_WRITE,
        export=P.PLACES_READ,
    )
    one = lazy("province")
    list_template = "register/provinces.html"

    column_list = ("code", "name", "name_en", "region", "size", "agencies")
    column_title = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Code"),
        "name": lazy("Province"),
        "name_en": lazy("Name in English"),
        "region": lazy("Region"),
        "size": lazy("Size class"),
        "agencies": lazy("Agencies"),
    }
    column_cells: ClassVar[dict[str, str]] = {"code": "num", "agencies": "num end", "name_en": "drop"}
    column_formatters: ClassVar[dict[str, Any]] = {
        "name": lambda view, context, row, name: named(row),
        "agencies": lambda view, context, row, name: f"{view.agencies_of(row):,}",
        "size": lambda view, context, row, name: size_words(row.size),
    }
    column_searchable_list = ("name", "name_en", "code")
    column_sortable_list = ("code", ("name", "sort_key"), "region")
    column_default_sort = ("sort_key", False)
    column_filters = ("region", ProvinceSizeFilter("size", lazy("Size class")))
    page_size = 100

    form_columns = ("code", "name", "name_en", "region", "size")
    field_groups = (("", (("code", "name"), ("name_en", "region"), "size")),)
    form_overrides: ClassVar[dict[str, Any]] = {"size": ProvinceSizeField}
    form_args: ClassVar[dict[str, Any]] = {
        "size": {
            "description": lazy(
                "Set by the office that fixes minimum samples by it; a round takes it up with its agencies"
            )
        }
    }

    def agencies_of(self, row: Province) -> int:
        """How many agencies in use a province has."""
        query = select(func.count(Agency.id)).where(Agency.province_id == row.id, Agency.active)
        return db.session.scalar(query) or 0

    def on_model_change(self, form: Any, model: Province, is_created: bool) -> None:
        """The sort key is derived."""
        agencies.settle_province(model)

    @row_action("size_s", lazy("Size class: small (S)"), P.PLACES_WRITE, icon="map-pin")
    def size_s(self, rows: list[Province]) -> str:
        """Small provinces."""
        return _sized(rows, "S")

    @row_action("size_m", lazy("Size class: medium (M)"), P.PLACES_WRITE, icon="map-pin")
    def size_m(self, rows: list[Province]) -> str:
        """Medium provinces."""
        return _sized(rows, "M")

    @row_action("size_l", lazy("Size class: large (L)"), P.PLACES_WRITE, icon="map-pin")
    def size_l(self, rows: list[Province]) -> str:
        """Large provinces."""
        return _sized(rows, "L")


def _sized(rows: list[Province], size: str) -> str:
    count = agencies.set_province_size(rows, size)
    return _("%(count)s provinces are now of size %(size)s", count=count, size=size_words(size))


class DistrictView(ScopedModelView):
    """Districts of the provinces."""

    permissions = ProvinceView.permissions
    one = lazy("district")

    column_list = ("code", "name", "province")
    column_title = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Code"),
        "name": lazy("District"),
        "province": lazy("Province"),
    }
    column_cells: ClassVar[dict[str, str]] = {"code": "num"}
    column_searchable_list = ("name", "code")
    column_sortable_list = ("code", ("name", "sort_key"), ("province", "province.sort_key"))
    column_default_sort = ("code", False)
    column_filters = ("province",)

    form_columns = ("code", "name", "province")

    def on_model_change(self, form: Any, model: District, is_created: bool) -> None:
        """The sort key is derived."""
        agencies.settle_district(model)


def views() -> list[ScopedModelView]:
    """The generated screens of places."""
    return [
        ProvinceView(Province, lazy("Provinces"), endpoint="provinces", url="/admin/provinces"),
        DistrictView(District, lazy("Districts"), endpoint="districts", url="/admin/districts"),
    ]
