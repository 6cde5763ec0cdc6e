"""The one base of every generated screen: Flask-Admin's model view with every way to a row closed.

A view reads as a description (see docs/adr/0005-flask-admin.md). What a permission has not opened does not
exist: its address answers 404. Rows come from the scoped session, so a foreign id is 404 too.

What a view may say beside Flask-Admin's own words: ``permissions``, ``one`` (what one row is called),
``column_title`` (the cell that is a row's name), ``column_cells`` (classes of cells: "num end drop nowrap"),
``saved_views``, ``many_fields`` (set in many rows at once), ``field_groups``, ``danger_actions``,
``search_hint``, ``empty_hint``, ``round_scoped`` with ``round_column``, and ``@row_action`` methods.
``column_filters`` are those of filters.py.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.helpers import is_form_submitted
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.texts import _
from views.generated import checks, exports, listing, many, pages, saved, saving
from views.generated.actions import Crud, Danger, SavedView, may
from views.generated.described import DescribedView
from views.generated.formatters import Badge

__all__ = ["Badge", "Crud", "Danger", "SavedView", "ScopedModelView"]


class ScopedModelView(DescribedView):
    """Base of the generated screens: the addresses of a list, its rows, its forms and its files."""

    def __init__(self, model: type[Any], name: Any, *, endpoint: str, url: str) -> None:
        super().__init__(model, name, endpoint=endpoint, url=url)
        checks.check(self)
        exports.register(self)
        many.register(self)

    @expose("/")
    def index_view(self) -> Any:
        """The list, as the person wants it: with the own columns, and first of all with the own filter."""
        kept = saved.kept_of(self)
        first = next((one for one in kept if one.opens), None)
        if first is not None and not request.args:
            return redirect(first.url)
        return pages.list_page(self, saved.preferred(self, listing.ListQuery.of(self, request.args)), kept)

    @expose("/details/")
    def details_view(self) -> str:
        """One row."""
        return pages.details_page(self, self.get_one(request.args.get("id")))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """A new row."""
        form = self.create_form()
        if is_form_submitted() and form.validate():
            row = self.build_new_instance()
            if saving.save(self, form, row, created=True):
                flash(_("Saved: %(name)s", name=row), "ok")
                return redirect(self.after_save(row))
        return pages.form_page(self, form, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """An existing row; a form that shows an older version is not saved, and keeps what was typed."""
        row = self.get_one(request.args.get("id"))
        form = self.edit_form(obj=row)
        if is_form_submitted() and form.validate():
            saving.require_shown(row)
            if saving.save(self, form, row, created=False):
                flash(_("Saved: %(name)s", name=row), "ok")
                return redirect(self.after_save(row))
        return pages.form_page(self, form, row)

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Any:
        """Ask first, on a page; then delete."""
        row = self.get_one(request.values.get("id"))
        words = str(row)
        if request.method == "GET":
            return pages.delete_page(self, row)
        if request.form.get("confirm") != "1":
            return pages.delete_page(self, row, error=_("Tick the box to go on")), 422
        saving.require_shown(row)
        error = saving.delete(self, [row])
        if error:
            return pages.delete_page(self, row, error=error), 409
        flash(_("Deleted: %(name)s", name=words), "ok")
        return redirect(self.get_url(".index_view"))

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """Do something to the ticked rows, after asking."""
        act, ids = request.form.get("action", ""), request.form.getlist("rowid")
        setting = next((one for one in many.for_ticked(self) if one.name == act), None)
        action = setting or self.actions.get(act)
        if not ids:
            flash(_("Tick at least one row first"), "warn")
            return redirect(self.back())
        if action is None or not may(action.permission):
            raise NotFound
        rows = self.some(ids)
        if setting is not None:
            criteria = listing.ListQuery.of(self, request.args)
            return redirect(many.url(self, criteria, act, [row.id for row in rows]))
        if action.consequence and request.form.get("confirm") != "1":
            return pages.action_page(self, action, rows)
        words = getattr(self, action.handler)(rows)
        if action.done:
            words = str(action.done) % {"count": words}
        if words:
            flash(words, "ok")
        return redirect(self.back())

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> Any:
        """The list as a file; a large one is asked for with a POST, and made as a job."""
        return exports.send(self, listing.ListQuery.of(self, request.args), export_type)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        """Rows for a field that looks them up."""
        loader = self._form_ajax_refs.get(request.args.get("name", ""))
        if loader is None:
            raise NotFound
        term, offset = request.args.get("query", ""), request.args.get("offset", 0, int)
        limit = request.args.get("limit", 10, int)
        rows = loader.get_list(term[: listing.LONGEST_SEARCH], offset, limit)
        return [{"value": str(key), "text": text} for key, text in map(loader.format, rows)]

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> AnyResponse:
        """Editing inside the list passes by every rule: it is not there."""
        abort(404)

    def after_save(self, row: Any) -> str:
        """Where a saved row leads: on with the form where that was the button, else back to the list."""
        if "_continue_editing" in request.form and self.can_edit:
            return str(self.get_url(".edit_view", id=row.id))
        return self.back()
