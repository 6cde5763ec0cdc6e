"""Lost passwords that wait for a new slip: who, of which agency, and where to call back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.texts import _
from portal.people.entry import lost

blueprint = Blueprint("lost_passwords", __name__, url_prefix="/admin/lost-passwords")
#: a page of calls; what is answered makes place for the next
MOST = 100


@blueprint.get("")
@requires(P.CODES_ISSUE)
def index() -> Any:
    """What waits, the oldest first."""
    return render_template("people/lost.html", waiting=lost.waiting(MOST), count=lost.count())


@blueprint.route("/<int:lost_id>/refuse", methods=["GET"])
@requires(P.CODES_ISSUE)
def ask_refuse(lost_id: int) -> Any:
    """Ask before a request is refused."""
    row = lost.request_or_404(lost_id)
    back, title = url_for("lost_passwords.index"), _("Refuse the request")
    return render_template(
        "confirm.html",
        title=title,
        consequences=[
            f"{row.account} ({row.account.username})",
            _("Nothing is sent to the person: refuse only what nobody of this account asked for"),
            _("The password that holds now goes on to hold; the person can ask again"),
        ],
        action_url=url_for("lost_passwords.refuse", lost_id=lost_id),
        action_label=title,
        back_url=back,
        crumbs=[(_("Lost passwords"), back), (title, None)],
    )


@blueprint.post("/<int:lost_id>/refuse")
@requires(P.CODES_ISSUE)
def refuse(lost_id: int) -> Any:
    """Say no: it is off the list."""
    lost.refuse(lost_id, actor=the_actor())
    flash(_("The request is refused"), "ok")
    return redirect(url_for("lost_passwords.index"))
