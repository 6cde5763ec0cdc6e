"""Kinds and sizes of agencies on generated screens. DLA writes, the NACC reads."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import TextAreaField
from wtforms.validators import Optional

from models.kinds import KindRow, SizeRow
from portal.core.access import Permission as P
from portal.core.forms import DigitsField
from portal.core.texts import _, lazy
from portal.register import kinds
from views.generated.base import Badge, Crud, SavedView, ScopedModelView


class WordsField(TextAreaField):
    """Words, one on each line; ``data`` is what the column keeps."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = (valuelist[0] if valuelist else "").splitlines()


def _active(view: Any, context: Any, row: Any, name: str) -> Badge:
    return Badge("ok", _("in use")) if row.active else Badge("idle", _("out of use"))


def _aliases(view: Any, context: Any, row: Any, name: str) -> str:
    return " · ".join(row.aliases)


class CodedView(ScopedModelView):
    """What both tables have in common: a code that never changes, and rows that are retired."""

    permissions = Crud(
        read=P.KINDS_READ,
        create=P.KINDS_WRITE,
        edit=P.KINDS_WRITE,
        delete=P.KINDS_WRITE,
        export=P.KINDS_READ,
    )
    column_title = "name"
    column_cells: ClassVar[dict[str, str]] = {"position": "num end drop", "code": "nowrap"}
    column_formatters: ClassVar[dict[str, Any]] = {"active": _active, "aliases": _aliases}
    column_default_sort = ("position", False)
    column_filters = ("active",)
    saved_views = (SavedView(lazy("Out of use"), {"active": "0"}, counted=True),)
    form_overrides: ClassVar[dict[str, Any]] = {"aliases": WordsField, "code": DigitsField}

    def edit_form(self, obj: Any = None) -> Any:
        """The code stays as it was made."""
        form = super().edit_form(obj)
        del form.code
        return form

    def on_model_delete(self, model: Any) -> None:
        """Only what nothing names."""
        kinds.require_unused(model)

    def edit_aside(self, row: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        """The code, and how many agencies are of it."""
        facts = [
            (_("Code"), row.code),
            (_("Agencies of the register"), f"{kinds.agencies_of(row):,}"),
        ]
        return [(_("This entry"), facts)]

    def delete_consequence(self, row: Any) -> str:
        """What is named anywhere is taken out of use instead."""
        return _(
            "“%(name)s” is deleted. One that agencies, rounds or rules name cannot be deleted: take it out"
            " of use instead",
            name=row,
        )


LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "code": lazy("Code"),
    "aliases": lazy("Other words of files"),
    "position": lazy("Place in the order"),
    "active": lazy("In use"),
}
ARGUMENTS: dict[str, Any] = {
    "aliases": {
        "validators": [Optional()],
        "render_kw": {"rows": 3},
        "description": lazy("One on each line: what the column says in files of others"),
    },
    "position": {"description": lazy("Lists and choices come in the order of these numbers")},
    "active": {"description": lazy("Out of use it is not chosen anew; what holds it keeps it")},
}


class KindView(CodedView):
    """Kinds of agencies."""

    one = lazy("kind of agency")
    column_list = ("name", "short", "code", "head", "position", "active")
    column_details_list = (
        "name", "short", "code", "head", "prefix", "alone", "whole_province", "usual_from", "usual_to",
        "aliases", "position", "active",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = LABELS | {
        "short": lazy("Short form"),
        "head": lazy("Office of its head"),
        "prefix": lazy("Words before an agency's own name"),
        "alone": lazy("Called by the kind alone"),
        "whole_province": lazy("Works in the whole province"),
        "usual_from": lazy("Usual number of staff from"),
        "usual_to": lazy("Usual number of staff to"),
    }
    column_searchable_list = ("name", "short", "code")
    column_sortable_list = ("name", "short", "code", "position", "active")
    search_hint = lazy("Name, short form or code of the kind")
    empty_hint = lazy("A kind added here is at once in lists, forms, filters and files")
    form_columns = (
        "name", "short", "code", "head", "prefix", "alone", "whole_province", "usual_from", "usual_to",
        "aliases", "position", "active",
    )  # fmt: skip
    field_groups = (
        (lazy("What the kind is called"), (("name", "short"), "head", "prefix", "alone", "code", "aliases")),
        (lazy("What holds for its agencies"), ("whole_province", ("usual_from", "usual_to"))),
        (lazy("Where it stands"), ("position", "active")),
    )
    form_args: ClassVar[dict[str, Any]] = ARGUMENTS | {
        "name": {"description": lazy("Stands before the own name of each agency of the kind")},
        "short": {"description": lazy("Stands before the own name in lists and letters")},
        "head": {
            "validators": [Optional()],
            "description": lazy("As letters address it, before the agency's own name"),
        },
        "prefix": {
            "validators": [Optional()],
            "description": lazy("Only where it is not the name of the kind"),
        },
        "alone": {"description": lazy("There is one agency of the kind, and its short form is the kind's")},
        "whole_province": {"description": lazy("Letters list it before the districts")},
        "usual_from": {"description": lazy("A number outside is asked about once; empty: none is")},
        "code": {
            "description": lazy("Letters a–z, digits and _: addresses and files have it. It never changes")
        },
    }

    def on_model_change(self, form: Any, model: KindRow, is_created: bool) -> None:
        """Names that agencies are called by stay."""
        kinds.settle_kind(model, new=is_created)


class SizeView(CodedView):
    """Sizes of agencies."""

    one = lazy("size of agency")
    column_list = ("name", "code", "aliases", "position", "active")
    column_details_list = ("name", "code", "aliases", "position", "active")
    column_labels: ClassVar[dict[str, Any]] = LABELS
    column_searchable_list = ("name", "code")
    column_sortable_list = ("name", "code", "position", "active")
    search_hint = lazy("Name or code of the size")
    empty_hint = lazy("A size added here is at once in lists, forms, filters and files")
    form_columns = ("name", "code", "aliases", "position", "active")
    field_groups = (
        (lazy("What the size is called"), (("name", "code"), "aliases")),
        (lazy("Where it stands"), ("position", "active")),
    )
    form_args: ClassVar[dict[str, Any]] = ARGUMENTS | {
        "code": {"description": lazy("One letter A–Z or one digit: files have it. It never changes")},
    }

    def on_model_change(self, form: Any, model: SizeRow, is_created: bool) -> None:
        """A code of one character."""
        kinds.settle_size(model, new=is_created)


def views() -> list[ScopedModelView]:
    """The generated screens of kinds and sizes."""
    return [
        KindView(KindRow, lazy("Kinds in the register"), endpoint="agency_kinds", url="/admin/kinds"),
        SizeView(SizeRow, lazy("Sizes in the register"), endpoint="agency_sizes", url="/admin/sizes"),
    ]
