"""Announcements at the desk of who receives them: the list, one of them, and the receipt."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select

from portal.announcements import reading
from portal.core.access import ROLES, can, current_actor, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.texts import _
from views.frame.paging import address_of, pages_of, wanted_page

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")
UNREAD = "unread"


@blueprint.app_context_processor
def _at_home() -> dict[str, Any]:
    return {"announcements_unread": _unread, "announcements_waiting": _waiting}


def _unread() -> list[Any]:
    return reading.unread(the_actor())


def _waiting() -> int:
    actor = current_actor()
    return reading.unread_count(actor) if actor is not None else 0


@blueprint.get("")
@requires(P.ANNOUNCEMENTS_READ)
def index() -> Any:
    """What reached this desk, the newest first."""
    actor, search = the_actor(), request.args.get("q", "").strip()
    only_unread = request.args.get("state") == UNREAD
    query = reading.received(actor, search, only_unread=only_unread)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = pages_of(total, reading.PAGE)
    page = wanted_page(pages)
    first = (page - 1) * reading.PAGE
    here = {"q": search or None, "state": UNREAD if only_unread else None}
    return render_template(
        "announcements/index.html",
        rows=db.session.execute(query.limit(reading.PAGE).offset(first)).all(),
        search=search,
        only_unread=only_unread,
        waiting=reading.unread_count(actor),
        total=total,
        page=page,
        pages=pages,
        first=first + 1,
        page_url=address_of("announcements.index", **here),
        writes=can(actor, P.ANNOUNCEMENTS_WRITE),
        office_of=lambda role: ROLES[role].office,
    )


@blueprint.get("/<int:announcement_id>")
@requires(P.ANNOUNCEMENTS_READ)
def show(announcement_id: int) -> Any:
    """One announcement."""
    actor = the_actor()
    one, at = reading.one_received(announcement_id, actor)
    return render_template(
        "announcements/show.html",
        one=one,
        at=at,
        newer=reading.newer(one, actor) if one.withdrawn_at else None,
        office=ROLES[one.office].office,
    )


@blueprint.post("/<int:announcement_id>/acknowledge")
@requires(P.ANNOUNCEMENTS_READ)
def acknowledge(announcement_id: int) -> Any:
    """The person has read it."""
    try:
        reading.acknowledge(announcement_id, the_actor())
    except Refused as refused:
        flash(refused.message, "bad")
    else:
        flash(_("Acknowledged"), "ok")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))
