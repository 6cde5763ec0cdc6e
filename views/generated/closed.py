"""Flask-Admin's model view with every way to a row closed: the half of the base that shows nothing.

Checked on Flask-Admin 2.2.1: overriding ``get_query`` alone leaves details, edit, delete, inline edit, bulk
actions, relation drop-downs, look-ups and exports open to other people's rows; ``?id=1,2`` is a fault.
"""

from __future__ import annotations

from typing import Any

from flask import g
from flask_admin.contrib.sqla import ModelView
from flask_admin.helpers import get_form_data, is_form_submitted
from sqlalchemy import Select, func, select

from models.descriptive import FieldOwner
from models.participation import Participation
from portal.core.access import Permission
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.lookup import one_or_404, round_or_404
from portal.core.sent import unsent
from views.generated import added
from views.generated.actions import Crud, RowAction, actions_of, may
from views.generated.fields import AdminForm, Converter, ScopedLookup, key_from
from views.generated.filters import filters_for


class ClosedModelView(ModelView):
    """What a permission has not opened does not exist; rows are those of the scoped session."""

    permissions: Crud
    round_scoped = False
    #: the column that holds the round, or "participation.round_id"
    round_column = "round_id"
    #: whose descriptive fields, added on screen, come to columns, filters, forms and files (see added.py)
    described_by: FieldOwner | None = None

    _list_columns = added.WithAdded(added.list_columns)
    _details_columns = added.WithAdded(added.columns)
    _export_columns = added.WithAdded(added.columns)
    _sortable_columns = added.WithAdded(added.sortable)
    filters = added.WithAdded(added.filters)

    form_base_class = AdminForm
    model_form_converter = Converter
    export_types = ("csv", "xlsx")
    column_display_pk = False
    form_excluded_columns = ()

    def __init__(self, model: type[Any], name: Any, *, endpoint: str, url: str) -> None:
        self._starting = True
        self.filters = {}
        self.actions: dict[str, RowAction] = {}
        super().__init__(model, db, name, endpoint=endpoint, url=url)
        # the mapped attribute: a bare column of the table would leave the statement without the scope
        key = model.__mapper__.get_property_by_column(model.__mapper__.primary_key[0]).key
        self.key_column = getattr(model, key)
        self.filters = {f.name: f for given in self.column_filters or () for f in filters_for(self, given)}
        self.actions = actions_of(self)
        self._starting = False

    # -- what is open to the person at the desk -------------------------------------------------------------

    can_create = property(lambda self: self._open(self.permissions.create))
    can_edit = property(lambda self: self._open(self.permissions.edit))
    can_delete = property(lambda self: self._open(self.permissions.delete))
    can_export = property(lambda self: self._open(self.permissions.export))
    can_view_details = property(lambda self: self._open(self.permissions.read))

    def _open(self, permission: Permission | None) -> bool:
        """At start, when nobody asks yet, Flask-Admin prepares what is declared; then it is the person's."""
        return permission is not None if self._starting else may(permission)

    @property
    def access_rules(self) -> dict[str, Permission | None]:
        """Which permission each address of this view needs; None: it is not there for anybody."""
        own = self.permissions
        writes = own.edit or own.create
        rules = {
            "index_view": own.read,
            "details_view": own.read,
            "create_view": own.create,
            "edit_view": own.edit,
            "delete_view": own.delete,
            "action_view": own.read if self.actions or own.delete or self.many_fields else None,
            "export": own.export,
            "ajax_lookup": writes if self.form_ajax_refs else None,
        }
        for _url, function, _methods in self._urls:
            if function not in rules:
                rules[function] = getattr(getattr(self, function), "access_rule", None)
        return rules

    def is_accessible(self) -> bool:
        """A second look behind the gate."""
        return may(self.permissions.read)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        """As for every address that is not there."""
        raise NotFound

    def get_details_columns(self) -> list[tuple[str, Any]]:
        """What the view names for the page of one row, else the columns of its list; never all there are."""
        named = self.column_details_list or self.column_list
        columns: list[tuple[str, Any]] = self.get_column_names(only_columns=named, excluded_columns=None)
        return columns

    def get_sortable_columns(self) -> dict[Any, Any]:
        """As Flask-Admin, but ("name", "sort_key") sorts the column *name* (stock forgets the name)."""
        sortable: dict[Any, Any] = super().get_sortable_columns()
        for given in self.column_sortable_list or ():
            if isinstance(given, tuple) and "." not in given[1]:
                sortable.pop(given[1], None)
                sortable[given[0]] = getattr(self.model, given[1])
        return sortable

    def get_filters(self) -> None:
        """Flask-Admin's own filters are not used: see filters.py."""
        return None  # noqa: RET501

    def init_actions(self) -> None:
        """Nor are its actions: see actions.py."""
        self._actions: list[Any] = []
        self._actions_data: dict[str, Any] = {}

    # -- rows -----------------------------------------------------------------------------------------------

    def rows(self) -> Select[Any]:
        """Every row this view may show; a subclass narrows it. The session adds the person's scope."""
        query = select(self.model)
        if not self.round_scoped:
            return query
        if self.round_column == "participation.round_id":
            return query.where(self.model.participation.has(Participation.round_id == g.round_id))
        return query.where(getattr(self.model, self.round_column) == g.round_id)

    def get_query(self) -> Any:
        """Flask-Admin's name for the same rows."""
        return db.session.query(self.model).where(*self.rows()._where_criteria)

    def get_count_query(self) -> Any:
        """Flask-Admin's name for their number."""
        return db.session.query(func.count()).select_from(self.model).where(*self.rows()._where_criteria)

    def get_one(self, id: Any) -> Any:
        """The row of an id from an address. Raises NotFound for a foreign one and for what is no id."""
        try:
            key = key_from(id)
        except ValueError:
            raise NotFound from None
        return one_or_404(self.rows().where(self.key_column == key))

    def some(self, ids: list[str]) -> list[Any]:
        """The rows of several ids. Raises NotFound when one of them is foreign or no id."""
        try:
            keys = {key_from(id) for id in ids}
        except ValueError:
            raise NotFound from None
        rows = list(
            db.session.scalars(self.rows().where(self.key_column.in_(keys)).order_by(self.key_column))
        )
        if len(rows) != len(keys):
            raise NotFound
        return rows

    def create_form(self, obj: Any = None) -> Any:
        """With what was sent, or what was typed before on a page that is made again."""
        return self._form(self._create_form_class, obj)

    def edit_form(self, obj: Any = None) -> Any:
        """As for a new row."""
        return self._form(self._edit_form_class, obj)

    def _form(self, kind: Any, obj: Any) -> Any:
        kind = added.with_fields(self, kind, obj)
        form = kind(get_form_data(), obj=obj)
        before = unsent.fill(form)
        if before is not None and not is_form_submitted():
            form = kind(before, obj=obj)
            unsent.remember(form)
        return form

    # -- Flask-Admin's inner workings -----------------------------------------------------------------------

    def _create_ajax_loader(self, name: str, options: dict[str, Any]) -> ScopedLookup:
        remote = getattr(self.model, name).property.mapper.class_
        return ScopedLookup(name, db, remote, **options)

    def create_blueprint(self, admin: Any) -> Any:
        """With the round taken out of the address before a view sees it, and put back into addresses made."""
        blueprint = super().create_blueprint(admin)
        if self.round_scoped:
            blueprint.url_value_preprocessor(_take_round)
            blueprint.url_defaults(_give_round)
            blueprint.before_request(_know_round)
        return blueprint


def _take_round(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        g.round_id = values.pop("round_id", None)


def _give_round(_endpoint: str, values: dict[str, Any]) -> None:
    if "round_id" in g:
        values.setdefault("round_id", g.round_id)


def _know_round() -> None:
    round_or_404(g.round_id)
