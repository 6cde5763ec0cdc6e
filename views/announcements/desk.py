"""Announcements at the desk of who writes them: drafts, what is sent to whom, and who acknowledged it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select

from models.announcement import Announcement, AnnouncementState
from models.thai import local_day
from portal.announcements import receivers, writing
from portal.announcements.receivers import Chosen
from portal.core import clock, list_files, places
from portal.core.access import ROLES, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _, label_of
from views.announcements import files
from views.announcements.forms import AnnouncementForm, WithdrawForm, values_of
from views.frame.paging import address_of, pages_of, wanted_page

blueprint = Blueprint("announcing", __name__, url_prefix="/announcing")
KINDS = {
    AnnouncementState.DRAFT: "info",
    AnnouncementState.SENT: "ok",
    AnnouncementState.PAST: "idle",
    AnnouncementState.WITHDRAWN: "bad",
}


@blueprint.get("")
@requires(P.ANNOUNCEMENTS_WRITE)
def index() -> Any:
    """What the own office wrote, the newest first."""
    search = request.args.get("q", "").strip()
    state = next((one for one in AnnouncementState if one.value == request.args.get("state")), None)
    query = writing.of_office(the_actor(), search, state)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = pages_of(total, writing.PAGE)
    page = wanted_page(pages)
    first = (page - 1) * writing.PAGE
    here = {"q": search or None, "state": state.value if state else None}
    return render_template(
        "announcements/desk.html",
        rows=db.session.scalars(query.limit(writing.PAGE).offset(first)).all(),
        search=search,
        state=state,
        states=AnnouncementState,
        kinds=KINDS,
        label_of=label_of,
        today=_today(),
        total=total,
        page=page,
        pages=pages,
        first=first + 1,
        page_url=address_of("announcing.index", **here),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(P.ANNOUNCEMENTS_WRITE)
def new() -> Any:
    """Write a draft; it is sent from the page that follows."""
    form = AnnouncementForm()
    if form.validate_on_submit():
        try:
            made = writing.draft(form.words(), the_actor())
        except Refused as refused:
            say(form, refused)
        else:
            return _to(made)
    page = render_template("announcements/write.html", form=form, one=None)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.route("/<int:announcement_id>/edit", methods=["GET", "POST"])
@requires(P.ANNOUNCEMENTS_WRITE)
def edit(announcement_id: int) -> Any:
    """Change a draft."""
    row = _written(announcement_id)
    if row.sent_at is not None:
        return _to(row)
    form = AnnouncementForm(**values_of(row))
    if form.validate_on_submit():
        try:
            writing.change(row, form.words(), seen_version=version_of(form), actor=the_actor())
        except Refused as refused:
            say(form, refused)
            row = _written(announcement_id)
        else:
            flash(_("The draft is kept"), "ok")
            return _to(row)
    page = render_template("announcements/write.html", form=form, one=row)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/<int:announcement_id>")
@requires(P.ANNOUNCEMENTS_WRITE)
def show(announcement_id: int) -> Any:
    """A draft as it will be read and who gets it, or what was sent and how far it has come."""
    row = _written(announcement_id)
    chosen = Chosen.of(row)
    draft = row.sent_at is None
    return render_template(
        "announcements/written.html",
        one=row,
        office=ROLES[row.office].office,
        state=row.state_on(_today()),
        states=AnnouncementState,
        kinds=KINDS,
        label_of=label_of,
        chosen=chosen,
        provinces=_province_names(chosen.provinces),
        agencies=writing.names_of(chosen.agencies),
        roles=ROLES,
        counted=receivers.counted(chosen) if draft else {},
        by_role=[] if draft else receivers.by_role(row),
        by_province=[] if draft else receivers.by_province(row),
        gone=0 if draft else receivers.read_since_gone(row),
        replaced=db.session.get(Announcement, row.replaces_id) if row.replaces_id else None,
        successor=writing.successor(row),
        unread=receivers.UNREAD,
    )


@blueprint.post("/<int:announcement_id>/send")
@requires(P.ANNOUNCEMENTS_WRITE)
def send(announcement_id: int) -> Any:
    """Send a draft for good."""
    row = _written(announcement_id)
    return _done(
        lambda: writing.send(row, seen_version=read_version(request.form.get("version")), actor=the_actor()),
        _("The announcement is sent"),
        announcement_id,
    )


@blueprint.post("/<int:announcement_id>/replace")
@requires(P.ANNOUNCEMENTS_WRITE)
def replace(announcement_id: int) -> Any:
    """Begin a new one that takes the place of this one once it is sent."""
    try:
        made = writing.replace(_written(announcement_id), actor=the_actor())
    except Refused as refused:
        flash(refused.message, "bad")
        return redirect(url_for("announcing.show", announcement_id=announcement_id))
    if made.sent_at is not None:
        return _to(made)
    return redirect(url_for("announcing.edit", announcement_id=made.id))


@blueprint.post("/<int:announcement_id>/remove")
@requires(P.ANNOUNCEMENTS_WRITE)
def remove(announcement_id: int) -> Any:
    """Throw a draft away."""
    try:
        writing.remove(_written(announcement_id), actor=the_actor())
    except Refused as refused:
        flash(refused.message, "bad")
        return redirect(url_for("announcing.show", announcement_id=announcement_id))
    flash(_("The draft is thrown away"), "ok")
    return redirect(url_for("announcing.index"))


@blueprint.route("/<int:announcement_id>/withdraw", methods=["GET", "POST"])
@requires(P.ANNOUNCEMENTS_WRITE)
def withdraw(announcement_id: int) -> Any:
    """Withdraw what was sent, with a reason."""
    row, form = _written(announcement_id), WithdrawForm()
    if request.method == "GET" and (row.sent_at is None or row.withdrawn_at is not None):
        return _to(row)
    if form.validate_on_submit():
        try:
            writing.withdraw(row, form.reason.data or "", actor=the_actor())
        except Refused as refused:
            say(form, refused)
            row = _written(announcement_id)
        else:
            flash(_("The announcement is withdrawn"), "ok")
            return _to(row)
    page = render_template("announcements/withdraw.html", form=form, one=row)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/<int:announcement_id>/receivers")
@requires(P.ANNOUNCEMENTS_WRITE)
def receipts(announcement_id: int) -> Any:
    """Who acknowledged it and who did not, as the desks are held today."""
    row = _sent(announcement_id)
    wanted = files.wanted_of(request.args)
    total = receivers.count(row, wanted)
    pages = pages_of(total, receivers.PAGE)
    page = wanted_page(pages)
    first = (page - 1) * receivers.PAGE
    here = {"announcement_id": row.id, **files.args_of(wanted)}
    chosen = Chosen.of(row)
    return render_template(
        "announcements/receipts.html",
        one=row,
        rows=list(receivers.listed(row, wanted, offset=first, most=receivers.PAGE)),
        wanted=wanted,
        standings=receivers.STANDING,
        roles={role: ROLES[role].label for role in chosen.roles},
        provinces=_all_provinces(),
        total=total,
        page=page,
        pages=pages,
        first=first + 1,
        page_url=address_of("announcing.receipts", **here),
        file_url=lambda ext: url_for("announcing.file", **here, ext=ext),
    )


@blueprint.route("/<int:announcement_id>/receivers.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.ANNOUNCEMENTS_WRITE)
def file(announcement_id: int, ext: str) -> Any:
    """The list as the page shows it, all of its pages."""
    args = files.args_of(files.wanted_of(request.args))
    arguments = {"announcement_id": _sent(announcement_id).id, "args": args}
    back = url_for("announcing.receipts", announcement_id=announcement_id, **args)
    return list_files.answer(files.RECEIVERS, arguments, ext, back=back)


def _done(act: Any, said: str, announcement_id: int) -> Any:
    try:
        act()
    except Refused as refused:
        flash(refused.message, "bad")
    else:
        flash(said, "ok")
    return redirect(url_for("announcing.show", announcement_id=announcement_id))


def _written(announcement_id: int) -> Announcement:
    return writing.written(announcement_id, the_actor())


def _sent(announcement_id: int) -> Announcement:
    row = _written(announcement_id)
    if row.sent_at is None:
        raise NotFound
    return row


def _to(row: Announcement) -> Any:
    return redirect(url_for("announcing.show", announcement_id=row.id))


def _province_names(ids: tuple[int, ...]) -> list[str]:
    return [name for key, name in places.provinces() if key in ids] if ids else []


def _all_provinces() -> list[Any]:
    return places.provinces()


def _today() -> Any:
    return local_day(clock.now())
