"""The pages of who wants a list otherwise: its columns and page size, and filters kept under a name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from models.saved_filter import SavedFilter
from portal.core import saved_lists
from portal.core.access import signed_in, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _, lazy
from views.generated import listing, saved
from views.generated.actions import may
from views.generated.described import DescribedView

blueprint = Blueprint("saved_lists", __name__)


class KeepForm(FlaskForm):
    """A name for what a list shows now."""

    name = StringField(lazy("Name of the filter"), validators=[InputRequired(), Length(max=80)])
    shared = BooleanField(lazy("Share it with my office"))
    is_default = BooleanField(lazy("Open the list with it"))


class KeptForm(VersionedForm):
    """Name and use of a filter that is kept."""

    name = StringField(lazy("Name of the filter"), validators=[InputRequired(), Length(max=80)])
    shared = BooleanField(lazy("Share it with my office"))
    is_default = BooleanField(lazy("Open the list with it"))


def view_of(name: str) -> DescribedView:
    """The generated view of an endpoint that the person may read. Raises NotFound."""
    for view in current_app.extensions.get("generated_views", ()):
        if view.endpoint == name and may(view.permissions.read):
            if view.round_scoped:
                g.round_id = round_or_404(whole(request.args.get("round"), least=1) or 0).id
            return view
    raise NotFound


@blueprint.route("/lists/<name>/columns", methods=("GET", "POST"))
@signed_in
def columns(name: str) -> Any:
    """Which columns a list shows, in which order, and how many rows on a page."""
    view = view_of(name)
    criteria = saved.preferred(view, listing.ListQuery.of(view, request.args))
    back = _list_url(view, listing.ListQuery.of(view, request.args).args(columns=(), size=None))
    if request.method == "POST":
        fresh = request.form.get("reset") == "1"
        size = None if fresh else listing.size_of(view, request.form.get("size"))
        saved_lists.choose(the_actor(), name, columns=[] if fresh else _ticked(view), page_size=size)
        flash(_("The list shows what you chose"), "ok")
        return redirect(back)
    chosen = [column for column, _label in view.shown(criteria.columns)]
    there = view.columns_there()
    return render_template(
        "admin/model/columns.html",
        view=view,
        columns=[(one, there[one]) for one in [*chosen, *(name for name in there if name not in chosen)]],
        chosen=chosen,
        sizes=listing.sizes_of(view),
        size=criteria.size or view.page_size,
        back=back,
    )


@blueprint.route("/lists/<name>/keep", methods=("GET", "POST"))
@signed_in
def keep(name: str) -> Any:
    """Keep what a list shows now under a name."""
    view, form = view_of(name), KeepForm()
    criteria = listing.ListQuery.of(view, request.args)
    if form.validate_on_submit():
        try:
            args = {key: str(value) for key, value in criteria.args(page=1).items()}
            saved_lists.keep(
                the_actor(),
                name,
                form.name.data or "",
                args,
                shared=form.shared.data,
                default=form.is_default.data,
            )
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            flash(_("The filter is kept: it stands above the list"), "ok")
            return redirect(_list_url(view, criteria.args()))
    page = _form_page(view, form, _("Keep this filter"), _list_url(view, criteria.args()))
    return (page, 422) if form.errors else page


@blueprint.route("/lists/kept/<int:kept_id>", methods=("GET", "POST"))
@signed_in
def edit(kept_id: int) -> Any:
    """Rename one's own filter, share it, open the list with it."""
    row = saved_lists.own(the_actor(), kept_id)
    view, form = _its_view(row), KeptForm(obj=row)
    if form.validate_on_submit():
        try:
            saved_lists.change(
                the_actor(),
                row,
                form.name.data or "",
                version=version_of(form),
                shared=form.shared.data,
                default=form.is_default.data,
            )
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            flash(_("The filter is changed"), "ok")
            return redirect(_home_of(view))
    page = _form_page(view, form, _("Filter “%(name)s”", name=row.name), _home_of(view), row=row)
    return (page, 422) if form.errors else page


@blueprint.route("/lists/kept/<int:kept_id>/delete", methods=("GET", "POST"))
@signed_in
def delete(kept_id: int) -> Any:
    """Ask, then delete one's own filter."""
    row = saved_lists.own(the_actor(), kept_id)
    view, words = _its_view(row), row.name
    if request.method == "POST":
        saved_lists.remove(row)
        flash(_("Deleted: %(name)s", name=words), "ok")
        return redirect(_home_of(view))
    said = (
        _("Your office no longer sees this filter; the rows of the list stay as they are")
        if row.shared
        else _("The filter goes; the rows of the list stay as they are")
    )
    return render_template(
        "confirm.html",
        title=_("Delete “%(name)s”", name=words),
        consequences=[said],
        action_url=url_for(".delete", kept_id=row.id, round=request.args.get("round")),
        action_label=_("Delete the filter"),
        back_url=url_for(".edit", kept_id=row.id, round=request.args.get("round")),
        danger=True,
        crumbs=[(view.name, _home_of(view))],
    )


def _its_view(row: SavedFilter) -> DescribedView:
    return view_of(row.list)


def _list_url(view: DescribedView, args: dict[str, Any]) -> str:
    return str(view.get_url(f"{view.endpoint}.index_view", **(args or saved.EVERY)))


def _home_of(view: DescribedView) -> str:
    return _list_url(view, {})


def _ticked(view: DescribedView) -> tuple[str, ...]:
    """The ticked columns by the numbers beside them; what has none comes last, as it stands in the list."""
    ticked = view.known_columns(request.form.getlist("columns"))
    return tuple(sorted(ticked, key=lambda one: whole(request.form.get(f"at_{one}"), least=1) or 1_000))


def _form_page(view: DescribedView, form: Any, title: str, back: str, *, row: Any = None) -> str:
    criteria = listing.ListQuery.of(view, request.args) if row is None else saved.read(view, row.args)
    return render_template(
        "admin/model/kept.html",
        view=view,
        form=form,
        title=title,
        back=back,
        row=row,
        said=_said(view, criteria),
    )


def _said(view: DescribedView, criteria: listing.ListQuery) -> list[tuple[Any, Any]]:
    """What a filter holds, in words."""
    there = view.columns_there()
    pairs: list[tuple[Any, Any]] = [(_("Search"), criteria.search)]
    for name, value in criteria.filters.items():
        try:
            pairs.append((view.filters[name].label, view.filters[name].words(value)))
        except ValueError as error:
            pairs.append((view.filters[name].label, str(error)))
    pairs.append((_("Sorted by"), there.get(criteria.sort or "")))
    pairs.append((_("Columns"), ", ".join(str(there[name]) for name in criteria.columns)))
    pairs.append((_("Rows on a page"), criteria.size))
    return [(label, words) for label, words in pairs if words]
