"""Descriptive fields of agencies and accounts on a generated screen. DLA writes, the NACC reads."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import TextAreaField
from wtforms.validators import Optional

from models.descriptive import DescriptiveField, FieldOwner
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.forms import DigitsField
from portal.core.texts import _, lazy
from portal.people.bulk import workbook_file
from portal.register import definitions, file
from views.generated.base import Badge, Crud, SavedView, ScopedModelView

#: what the files of each table say by themselves
FILES = {FieldOwner.AGENCY: file.COLUMNS, FieldOwner.ACCOUNT: workbook_file.COLUMNS}


class ChoicesField(TextAreaField):
    """The choices of a field, one on each line; ``data`` is what the column keeps."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else definitions.lines_of(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, in the reader's words, for lines that cannot be."""
        try:
            self.data = definitions.read_choices(valuelist[0] if valuelist else "", self.object_data or ())
        except Refused as refused:
            self.data = self.object_data or []
            raise ValueError(refused.message) from None


class KeyField(DigitsField):
    """The key of a field; one that is left empty is made."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, [Optional()], **more)


def _active(view: Any, context: Any, row: Any, name: str) -> Badge:
    return Badge("ok", _("in use")) if row.active else Badge("idle", _("out of use"))


def _choices(view: Any, context: Any, row: DescriptiveField, name: str) -> str:
    return " · ".join(choice["label"] for choice in row.choices if choice["active"])


class DefinitionView(ScopedModelView):
    """What descriptive fields there are."""

    permissions = Crud(
        read=P.FIELDS_READ,
        create=P.FIELDS_WRITE,
        edit=P.FIELDS_WRITE,
        delete=P.FIELDS_WRITE,
        export=P.FIELDS_READ,
    )
    one = lazy("descriptive field")
    column_list = ("label", "owner", "kind", "choices", "required", "in_list", "position", "active")
    column_details_list = (
        "label", "owner", "key", "kind", "choices", "required", "in_list", "position", "active",
    )  # fmt: skip
    column_title = "label"
    column_labels: ClassVar[dict[str, Any]] = {
        "label": lazy("Name of the field"),
        "owner": lazy("Describes"),
        "key": lazy("Key"),
        "kind": lazy("Kind of entry"),
        "choices": lazy("Choices"),
        "required": lazy("Must be filled in"),
        "in_list": lazy("Column in lists"),
        "position": lazy("Place in the order"),
        "active": lazy("In use"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "owner": "nowrap",
        "position": "num end drop",
        "choices": "drop",
    }
    column_formatters: ClassVar[dict[str, Any]] = {"active": _active, "choices": _choices}
    column_searchable_list = ("label", "key")
    column_sortable_list = ("label", "owner", "kind", "position", "active")
    column_default_sort = ("position", False)
    column_filters = ("owner", "kind", "active")
    search_hint = lazy("Name or key of the field")
    empty_hint = lazy("A field added here is at once in lists, forms, filters and files of its table")
    saved_views = (
        SavedView(lazy("Fields of agencies"), {"owner": FieldOwner.AGENCY.value}),
        SavedView(lazy("Fields of users"), {"owner": FieldOwner.ACCOUNT.value}),
        SavedView(lazy("Out of use"), {"active": "0"}, counted=True),
    )

    form_columns = ("label", "owner", "kind", "choices", "key", "required", "in_list", "position", "active")
    field_groups = (
        (lazy("What the field is"), ("label", ("owner", "kind"), "choices", "key")),
        (lazy("Where it stands"), ("position", "in_list", "required", "active")),
    )
    form_overrides: ClassVar[dict[str, Any]] = {"choices": ChoicesField, "key": KeyField}
    form_args: ClassVar[dict[str, Any]] = {
        "label": {
            "description": lazy(
                "Also the heading of its column in files. Descriptive only: never ask for a citizen ID, "
                "health or anything else that is private to a person"
            )
        },
        "choices": {
            "validators": [],
            "render_kw": {"rows": 6},
            "description": lazy(
                "Of the kind “choice”, one on each line. A number in front belongs to its choice: change "
                "the text behind it to rename. Rows keep a choice whose line is taken away"
            ),
        },
        "key": {
            "description": lazy("Letters a–z, digits and _; left empty, one is made. It never changes"),
        },
        "position": {"description": lazy("Fields come in the order of these numbers")},
        "required": {"description": lazy("Forms demand it")},
        "in_list": {"description": lazy("Its filter, its sorting and its column in files are always there")},
        "active": {"description": lazy("Out of use, it is shown nowhere; what rows hold comes back with it")},
    }

    def edit_form(self, obj: Any = None) -> Any:
        """What it describes and its key stay as they were made."""
        form = super().edit_form(obj)
        del form.owner, form.key
        return form

    def on_model_change(self, form: Any, model: DescriptiveField, is_created: bool) -> None:
        """Names and choices in their one form; a kind stays while rows hold values."""
        definitions.settle(model, new=is_created, taken=_headings(FILES[model.owner]))

    def on_model_delete(self, model: DescriptiveField) -> None:
        """Only a field that no row holds."""
        definitions.require_unused(model)

    def edit_aside(self, row: DescriptiveField) -> list[tuple[str, list[tuple[str, Any]]]]:
        """How many rows hold it, and what of it is out of use."""
        retired = " · ".join(choice["label"] for choice in row.choices if not choice["active"])
        facts = [
            (_("Key"), row.key),
            (_("Describes"), self.cell(row, "owner")),
            (_("Rows that hold a value"), f"{definitions.values_of(row):,}"),
        ]
        return [(_("This field"), facts + ([(_("Choices out of use"), retired)] if retired else []))]

    def delete_consequence(self, row: DescriptiveField) -> str:
        """A field with values is taken out of use instead."""
        return _(
            "“%(name)s” is deleted. A field that rows hold a value of cannot be deleted: take it out of use "
            "instead, and the values come back when it is taken back",
            name=row,
        )


def _headings(columns: dict[str, tuple[str, ...]]) -> list[str]:
    return [name for names in columns.values() for name in names]


def views() -> list[ScopedModelView]:
    """The generated screen of definitions."""
    return [
        DefinitionView(
            DescriptiveField,
            lazy("Descriptive fields"),
            endpoint="descriptive_fields",
            url="/admin/descriptive-fields",
        )
    ]
