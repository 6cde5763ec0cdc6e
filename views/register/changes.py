"""Changes of agencies with a date: listed, described on a form, looked at, confirmed, undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeSort, ChangeState, PartSide
from models.place import Province
from models.thai import local_day, thai_date
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404
from portal.core.outside import whole
from portal.core.scopes import Reach
from portal.core.sent.versions import version_of
from portal.core.texts import _, label_of, lazy
from portal.register import applying, changes, lineage
from portal.register.changes import change_or_404
from portal.register.consequences import met_by
from views.frame.paging import Paged, address_of, pages_of, wanted_page
from views.register import change_files, change_words
from views.register.change_forms import FORMS, ChangeForm
from views.register.change_queries import ChangeQuery

blueprint = Blueprint("agency_changes", __name__)
PAGE = 50


class UndoForm(FlaskForm):
    """Why a change is undone."""

    reason = TextAreaField(lazy("Reason"), [InputRequired(lazy("Say why")), Length(max=300)])


@blueprint.get("/admin/agency-changes")
@requires(P.AGENCIES_READ)
def index() -> Any:
    """The changes, by state; what holds last stands first."""
    criteria = ChangeQuery.of(request.args)
    grouped: Any = criteria.narrowed(select(AgencyChange.state, func.count()), state=False)
    counts = dict(db.session.execute(grouped.group_by(AgencyChange.state)).all())
    total = counts.get(criteria.state, 0) if criteria.state else sum(counts.values())
    page = wanted_page(pages := pages_of(total, PAGE))
    query = criteria.rows().limit(PAGE).offset((page - 1) * PAGE)
    url = address_of("agency_changes.index", **criteria.args())
    wide = scope_of(the_actor()).reach is Reach.COUNTRY
    return render_template(
        "register/change/list.html",
        rows=Paged(list(db.session.scalars(query)), page, pages, total, (page - 1) * PAGE + 1, url),
        criteria=criteria,
        views=_views(criteria, counts),
        sorts=ChangeSort,
        provinces=db.session.scalars(select(Province).order_by(Province.sort_key)).all() if wide else [],
        today=local_day(clock.now()),
        may_write=can(the_actor(), P.AGENCIES_WRITE),
        words=change_words,
        label_of=label_of,
        file_url=lambda ext: url_for("agency_changes.file", ext=ext, **criteria.args()),
    )


@blueprint.get("/admin/agency-changes.<any(csv, xlsx):ext>")
@requires(P.AGENCIES_READ)
def file(ext: str) -> Any:
    """The list as the page shows it, all of its pages."""
    arguments = {"args": ChangeQuery.of(request.args).args()}
    back = url_for("agency_changes.index", **arguments["args"])
    return list_files.answer(change_files.CHANGES, arguments, ext, back=back)


@blueprint.route(
    "/admin/agencies/<int:agency_id>/change/<any(merged, renewed, split):sort>", methods=["GET", "POST"]
)
@requires(P.AGENCIES_WRITE)
def begin(agency_id: int, sort: str) -> Any:
    """Describe a change of an agency; the register stays as it is until it is confirmed."""
    agency = get_or_404(Agency, agency_id)
    form = FORMS[ChangeSort(sort)].of(agency)
    if _is_taken(form):
        try:
            change = changes.draft(agency, form.wanted(agency), actor=the_actor())
        except Refused as refused:
            form.tell(refused)
        else:
            return redirect(url_for("agency_changes.show", change_id=change.id))
    return _form_page(form, get_or_404(Agency, agency_id), None)


@blueprint.route("/admin/agency-changes/<int:change_id>/edit", methods=["GET", "POST"])
@requires(P.AGENCIES_WRITE)
def edit(change_id: int) -> Any:
    """Change a draft."""
    change = change_or_404(change_id)
    agency = _base(change)
    form = FORMS[change.sort].of(agency, change)
    if _is_taken(form):
        try:
            changes.redraft(change, form.wanted(agency), seen_version=version_of(form))
        except Refused as refused:
            form.tell(refused)
            change = change_or_404(change_id)
        else:
            return redirect(url_for("agency_changes.show", change_id=change_id))
    return _form_page(form, _base(change), change)


@blueprint.get("/admin/agency-changes/<int:change_id>")
@requires(P.AGENCIES_READ)
def show(change_id: int) -> Any:
    """What becomes of each agency, and what happens to what it has in each round."""
    change = change_or_404(change_id)
    met = met_by([part.agency for part in change.parts if part.side is not PartSide.MADE])
    return render_template(
        "register/change/show.html",
        change=change,
        title=change_words.title_of(change),
        outcomes=list(change_words.outcomes(change)),
        met=[(part, met[part.agency_id]) for part in change.parts if part.side is not PartSide.MADE],
        obstacle=_obstacle(change),
        may_write=can(the_actor(), P.AGENCIES_WRITE),
        today=local_day(clock.now()),
        words=change_words,
        label_of=label_of,
        ChangeState=ChangeState,
    )


@blueprint.route("/admin/agency-changes/<int:change_id>/confirm", methods=["GET", "POST"])
@requires(P.AGENCIES_WRITE)
def confirm(change_id: int) -> Any:
    """Make the change in the register, or set it for its day, after a page that says what follows."""
    change = change_or_404(change_id)
    back = url_for("agency_changes.show", change_id=change_id)
    if request.method == "GET":
        return _ask_confirm(change, back)
    seen = whole(request.form.get("seen"), least=0)
    if applying.confirm(change, actor=the_actor(), seen_version=-1 if seen is None else seen):
        flash(_("The register has the change now; new rounds take it up"), "ok")
    else:
        day = thai_date(change.holds_from)
        flash(_("Confirmed: the portal makes the change by itself on %(day)s", day=day), "ok")
    return redirect(back)


@blueprint.post("/admin/agency-changes/<int:change_id>/take-back")
@requires(P.AGENCIES_WRITE)
def take_back(change_id: int) -> Any:
    """Make a confirmed change, whose day lies ahead, a draft again."""
    applying.take_back(change_or_404(change_id), actor=the_actor())
    flash(_("The change is a draft again: nothing happens on its day"), "ok")
    return redirect(url_for("agency_changes.show", change_id=change_id))


@blueprint.route("/admin/agency-changes/<int:change_id>/discard", methods=["GET", "POST"])
@requires(P.AGENCIES_WRITE)
def discard(change_id: int) -> Any:
    """Throw a draft away, after asking."""
    change = change_or_404(change_id)
    back = url_for("agency_changes.show", change_id=change_id)
    if request.method == "POST":
        changes.discard(change)
        flash(_("The draft is thrown away; the register is as it was"), "ok")
        return redirect(url_for("agency_changes.index"))
    return render_template(
        "confirm.html",
        title=_("Throw the draft away"),
        consequences=[change_words.title_of(change), _("The register stays as it is; the draft is gone")],
        action_url=url_for("agency_changes.discard", change_id=change_id),
        action_label=_("Throw the draft away"),
        back_url=back,
        blocked=change.state is not ChangeState.DRAFT,
        crumbs=_crumbs(change, back),
    )


@blueprint.route("/admin/agency-changes/<int:change_id>/undo", methods=["GET", "POST"])
@requires(P.AGENCIES_WRITE)
def undo(change_id: int) -> Any:
    """Take a change back as a whole, with the reason."""
    change, form = change_or_404(change_id), UndoForm()
    back = url_for("agency_changes.show", change_id=change_id)
    if form.validate_on_submit():
        try:
            kept = applying.undo(change, reason=form.reason.data or "", actor=the_actor())
        except Refused as refused:
            say(form, refused)
            db.session.rollback()
        else:
            flash(_("The change is undone: the register is as it was before"), "ok")
            if kept:
                names = ", ".join(kept)
                flash(_("Somebody uses it already, so it stays, out of use: %(names)s", names=names), "warn")
            return redirect(back)
    change = change_or_404(change_id)
    page = render_template(
        "register/change/undo.html",
        form=form,
        change=change,
        title=change_words.title_of(change),
        blocked=change.state is not ChangeState.APPLIED,
        crumbs=_crumbs(change, back),
        back=back,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _is_taken(form: ChangeForm) -> bool:
    """True for a valid form that was sent to be kept; a row more is asked for by another button."""
    if form.is_submitted() and request.form.get("do") == "more":
        form.another_row()
        return False
    return bool(form.validate_on_submit())


def _form_page(form: ChangeForm, agency: Agency, change: AgencyChange | None) -> Any:
    page = render_template(
        "register/change/form.html",
        form=form,
        agency=agency,
        change=change,
        sorts=[
            {
                "label": label_of(one),
                "url": url_for("agency_changes.begin", agency_id=agency.id, sort=one.value),
                "current": form.sort is one,
            }
            for one in ChangeSort
        ],
        about=change_words.SORTS[form.sort],
        waiting=lineage.open_change_of(agency.id) if change is None else None,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _base(change: AgencyChange) -> Agency:
    """The agency from whose page a draft is described: one that ends, else the one that goes on."""
    parts = change.on(PartSide.ENDS) or change.on(PartSide.GOES_ON)
    return parts[0].agency


def _obstacle(change: AgencyChange) -> str:
    """Why a change that is ahead cannot be made as the register is now; "" where it can."""
    if not change.state.is_open:
        return ""
    try:
        applying.refuse_impossible(db.session(), change)
    except Refused as refused:
        return refused.message
    return ""


def _ask_confirm(change: AgencyChange, back: str) -> Any:
    ahead = change.holds_from > local_day(clock.now())
    day = thai_date(change.holds_from)
    obstacle = _obstacle(change)
    label = _("Confirm for %(day)s", day=day) if ahead else _("Make the change in the register")
    return render_template(
        "confirm.html",
        title=_("Confirm the change"),
        consequences=[*change_words.consequences(change), *filter(None, (obstacle,))],
        fields={"seen": change.version},
        action_url=url_for("agency_changes.confirm", change_id=change.id),
        action_label=label,
        back_url=back,
        danger=True,
        blocked=bool(obstacle) or change.state is not ChangeState.DRAFT,
        crumbs=_crumbs(change, back),
    )


def _crumbs(change: AgencyChange, back: str) -> list[tuple[Any, str | None]]:
    return [
        (_("Changes of agencies"), url_for("agency_changes.index")),
        (change_words.title_of(change), back),
    ]


def _views(criteria: ChangeQuery, counts: dict[ChangeState, int]) -> list[dict[str, Any]]:
    def view(label: Any, state: ChangeState | None, count: int) -> dict[str, Any]:
        args: dict[str, Any] = {**criteria.args(), "state": state.value if state else None}
        url = url_for("agency_changes.index", **args)
        return {"label": label, "url": url, "current": criteria.state is state, "count": count}

    each = [view(label_of(one), one, counts.get(one, 0)) for one in ChangeState]
    return [view(_("All"), None, sum(counts.values())), *each]
