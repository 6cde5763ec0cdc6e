"""The pages of an act on all that a list found: which act, then how many, whose, and "do it"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select

from portal.core import list_acts
from portal.core.access import signed_in, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.texts import _
from views.generated import listing, many, saved
from views.generated.described import DescribedView
from views.generated.pages import MOST_NAMES
from views.generated.saved_screens import view_of

blueprint = Blueprint("many", __name__)


@blueprint.get("/lists/<name>/all")
@signed_in
def choose(name: str) -> Any:
    """What can be done to all that the list found."""
    view = view_of(name)
    acts = many.acts_of(view)
    if not acts:
        raise NotFound
    criteria = listing.ListQuery.of(view, request.args)
    links = [(words, many.url(view, criteria, act)) for act, words in acts.items()]
    count = len(many.found(view, criteria))
    return render_template(
        "admin/model/all.html", view=view, links=links, count=count, back=_back(view, criteria)
    )


@blueprint.route("/lists/<name>/all/<act>", methods=("GET", "POST"))
@signed_in
def ask(name: str, act: str) -> Any:
    """Say how many rows it is done to, then do it; where they are others by now, ask again."""
    view = view_of(name)
    action, criteria = many.action_of(view, act), listing.ListQuery.of(view, request.args)
    sent = request.form if request.method == "POST" else None
    form = many.form_of(view, act, sent) if act.startswith(many.SET) else None
    only = many.ticked(request.args.get("rows"))
    keys = many.found(view, criteria, only)
    error, status = "", 200
    if sent is not None and form is not None and not form.validate():
        status = 422
    elif sent is not None and sent.get("found") != many.mark_of(keys):
        error, status = _("The list finds other rows than before: look at the count and confirm again"), 409
    elif sent is not None and keys:
        return _done(view, criteria, act, keys, form)
    names = [str(row) for row in _first(view, keys)]
    page = render_template(
        "admin/model/all_confirm.html",
        title=many.acts_of(view)[act],
        consequences=_said(act, action, len(keys), only),
        action_url=many.url(view, criteria, act, only),
        action_label=_("Do it to %(count)s rows", count=f"{len(keys):,}"),
        back_url=_back(view, criteria),
        fields={"found": many.mark_of(keys)},
        names=names,
        unnamed=len(keys) - len(names),
        blocked=not keys,
        danger=bool(action and action.danger),
        error=error,
        form=form,
        crumbs=[(view.name, _back(view, criteria))],
    )
    return page, status


def _said(act: str, action: Any, count: int, only: list[int] | None) -> list[str]:
    words = _("The list found %(count)s rows") if only is None else _("%(count)s rows are ticked")
    said = [words % {"count": f"{count:,}"}]
    if action is not None and action.consequence:
        said.append(str(action.consequence) % {"count": f"{count:,}"})
    if act == many.UNDO:
        said.append(_("Rows last changed by others, or used since, are left out and named"))
    return said


def _done(view: DescribedView, criteria: listing.ListQuery, act: str, keys: list[int], form: Any) -> Any:
    value = None if form is None else many.plain(form[act.removeprefix(many.SET)].data)
    back = _back(view, criteria)
    arguments = {"list": view.endpoint, "act": act, "value": value, "rows": keys, "url": back}
    if view.round_scoped:
        arguments["round_id"] = g.round_id
    if len(keys) > list_acts.AT_ONCE:
        title = f"{view.name}: {many.acts_of(view)[act]}"
        job = list_acts.order(arguments, title=title, actor=the_actor())
        return redirect(url_for("jobs.show", job_id=job.id))
    flash(many.do(view, arguments, keys).words(), "ok")
    return redirect(back)


def _first(view: DescribedView, keys: list[int]) -> list[Any]:
    query = select(view.model).where(view.key_column.in_(keys[:MOST_NAMES]))
    return list(db.session.scalars(query.order_by(view.key_column)))


def _back(view: DescribedView, criteria: listing.ListQuery) -> str:
    return str(view.get_url(f"{view.endpoint}.index_view", **(criteria.args() or saved.EVERY)))
