"""E-mails to the agencies of a list: looked at before they are sent, and the outbox of what was."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.participation import Participation
from models.reminder import ChaseMail, MailState
from models.round import Round
from portal.chasing import mailing, outbox
from portal.chasing.listing import Chase, Narrowed
from portal.chasing.queries import args_of, narrowed_by
from portal.chasing.texts import Writer
from portal.core import clock, mail
from portal.core.access import Permission as P
from portal.core.access import requires, scope_of, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.lookup import get_or_404, participation_or_404, round_or_404
from portal.core.texts import _, label_of
from views.chasing.words import KINDS
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("chasing_mails", __name__)
PAGE = 50
#: agencies without an address that a preview names
NAMED = 10


@blueprint.route("/rounds/<int:round_id>/chasing/mails/new", methods=["GET", "POST"])
@requires(P.CHASING_MAIL)
def write(round_id: int) -> Any:
    """To whom an e-mail would go, and an example of it; a POST sends them, by a job."""
    round, narrowed, ticked = round_or_404(round_id), _narrowed(), _ticked()
    status = 200
    if request.method == "POST":
        outbox_url = url_for("chasing_mails.index", round_id=round.id)
        try:
            job = mailing.order(round, narrowed, ticked, actor=the_actor(), url=outbox_url)
        except Refused as refused:
            flash(refused.message, "bad")
            status = 422
        else:
            return redirect(url_for("jobs.show", job_id=job.id))
    return _write_page(round, narrowed, ticked), status


def _write_page(round: Round, narrowed: Narrowed, ticked: list[int] | None) -> str:
    chase = Chase.of(round, clock.now())
    reach = outbox.reach_of(chase, narrowed, ticked)
    example = next(iter(chase.late(Narrowed(), among=reach.getting[:1])), None)
    return render_template(
        "chasing/write.html",
        this_round=round,
        reach=reach,
        example=example,
        ready=Writer.of(chase, the_actor().place, example.province_id).ready(example) if example else None,
        unknown=chase.late(Narrowed(), among=reach.unknown[:NAMED]),
        sends=mail.offered(),
        into_files=mail.into_files(),
        back=url_for("chasing.show", round_id=round.id, **args_of(narrowed)),
    )


@blueprint.get("/rounds/<int:round_id>/chasing/mails")
@requires(P.CHASING_READ)
def index(round_id: int) -> Any:
    """The outbox of a round, the newest first."""
    round = round_or_404(round_id)
    wanted = outbox.Wanted(request.args.get("q", "").strip(), _state())
    counts = outbox.counts_of(round, wanted.search)
    found = sum(counts.values()) if wanted.state is None else counts.get(wanted.state, 0)
    pages = pages_of(found, PAGE)
    page = wanted_page(pages)
    here: dict[str, Any] = {"round_id": round.id, "q": wanted.search or None}
    return render_template(
        "chasing/mails.html",
        this_round=round,
        wanted=wanted,
        rows=outbox.listed(round, wanted, offset=(page - 1) * PAGE, most=PAGE),
        kinds=KINDS,
        label_of=label_of,
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        views=_views(here, counts, wanted.state),
        url_for_page=lambda number: url_for(".index", **here, state=request.args.get("state"), page=number),
        kept_days=outbox.KEPT.days,
    )


@blueprint.get("/rounds/<int:round_id>/chasing/mails/<int:mail_id>")
@requires(P.CHASING_READ)
def show(round_id: int, mail_id: int) -> Any:
    """One e-mail as it was made."""
    one = get_or_404(ChaseMail, mail_id)
    whose: Participation = participation_or_404(round_id, one.participation_id)
    return render_template(
        "chasing/mail.html",
        this_round=whose.round,
        one=one,
        whose=whose,
        kind=KINDS[one.state],
        label_of=label_of,
    )


def _narrowed() -> Narrowed:
    return narrowed_by(request.args, scope_of(the_actor()))


def _ticked() -> list[int] | None:
    """The rows that were ticked; None: the whole list. Raises NotFound for what is no row."""
    found = request.args.getlist("pick")
    if not all(one.isdecimal() and len(one) < 10 for one in found) or len(found) > PAGE:
        raise NotFound
    return [int(one) for one in found] or None


def _state() -> MailState | None:
    return next((one for one in MailState if one.value == request.args.get("state")), None)


def _views(here: dict[str, Any], counts: dict[MailState, int], at: MailState | None) -> list[dict[str, Any]]:
    def view(label: Any, count: int, state: MailState | None) -> dict[str, Any]:
        url = url_for(".index", **here, state=state.value if state else None)
        return {"label": label, "count": count, "current": at is state, "url": url}

    each = [view(label_of(one), counts.get(one, 0), one) for one in MailState if one in counts or one is at]
    return [view(_("All"), sum(counts.values()), None), *each]
