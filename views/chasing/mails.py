"""E-mails to the agencies of a list: looked at before they are sent, the outbox of what was, sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.participation import Participation
from models.reminder import ChaseMail, MailState
from models.round import Round
from portal.chasing import mailing, outbox
from portal.chasing.listing import Chase, Narrowed
from portal.chasing.queries import args_of, narrowed_by
from portal.chasing.texts import Writer
from portal.core import clock, list_files, mail
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.errors import Refused
from portal.core.lookup import get_or_404, participation_or_404, round_or_404
from portal.core.texts import _, label_of
from views.chasing.mail_files import MAILS
from views.chasing.queries import args_of_outbox, wanted_of
from views.chasing.ticks import ticked
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
    round, narrowed, among = round_or_404(round_id), _narrowed(), ticked(PAGE)
    status = 200
    if request.method == "POST":
        try:
            job = mailing.order(round, narrowed, among, actor=the_actor(), url=_outbox_url(round))
        except Refused as refused:
            flash(refused.message, "bad")
            status = 422
        else:
            return redirect(url_for("jobs.show", job_id=job.id))
    page = _to_write(Chase.of(round, clock.now()), narrowed, among)
    back = url_for("chasing.show", round_id=round.id, **args_of(narrowed))
    return render_template("chasing/write.html", this_round=round, back=back, **page), status


@blueprint.route("/rounds/<int:round_id>/chasing/mails/again", methods=["GET", "POST"])
@requires(P.CHASING_MAIL)
def again(round_id: int) -> Any:
    """What sending the ticked e-mails again means; a POST does it, by a job."""
    round, ids, status = round_or_404(round_id), ticked(PAGE) or [], 200
    if request.method == "POST":
        try:
            job = mailing.order_again(round, ids, actor=the_actor(), url=_outbox_url(round))
        except Refused as refused:
            flash(refused.message, "bad")
            status = 422
        else:
            return redirect(url_for("jobs.show", job_id=job.id))
    failed = outbox.failed_among(round, ids)
    among = mailing.whom(failed)
    page = _to_write(Chase.of(round, clock.now()), Narrowed(), among, again=clock.machine())
    reach: outbox.Reach = page["reach"]
    return render_template(
        "chasing/again.html",
        this_round=round,
        ticked=len(ids),
        failed=len(failed),
        done=len(among) - len(reach.getting) - len(reach.unknown) - len(reach.told),
        unsure=sum(one.state is MailState.UNSURE for one in failed if one.participation_id in reach.getting),
        back=_outbox_url(round),
        **page,
    ), status


def _to_write(
    chase: Chase, narrowed: Narrowed, among: list[int] | None, *, again: datetime | None = None
) -> dict[str, Any]:
    """Whom an e-mail reaches, and what the page before it is sent shows of it."""
    reach = outbox.reach_of(chase, narrowed, among, again=again)
    example = next(iter(chase.late(Narrowed(), among=reach.getting[:1])), None)
    return {
        "reach": reach,
        "example": example,
        "ready": Writer.of(chase, the_actor().place, example.province_id).ready(example) if example else None,
        "unknown": chase.late(Narrowed(), among=reach.unknown[:NAMED]),
        "sends": mail.offered(),
        "into_files": mail.into_files(),
    }


@blueprint.get("/rounds/<int:round_id>/chasing/mails")
@requires(P.CHASING_READ)
def index(round_id: int) -> Any:
    """The outbox of a round, the newest first."""
    round, wanted = round_or_404(round_id), wanted_of(request.args)
    counts = outbox.counts_of(round, wanted.search)
    found = sum(counts.values()) if wanted.state is None else counts.get(wanted.state, 0)
    pages = pages_of(found, PAGE)
    page = wanted_page(pages)
    here: dict[str, Any] = {"round_id": round.id, **args_of_outbox(wanted)}
    rows = outbox.listed(round, wanted, offset=(page - 1) * PAGE, most=PAGE)
    failed = [whose.id for one, whose in rows if one.state in outbox.AGAIN]
    return render_template(
        "chasing/mails.html",
        this_round=round,
        wanted=wanted,
        rows=rows,
        again=outbox.AGAIN,
        picks=bool(failed) and can(the_actor(), P.CHASING_MAIL),
        left_since=outbox.last_mails(failed),
        kinds=KINDS,
        label_of=label_of,
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        views=_views({**here, "state": None}, counts, wanted.state),
        url_for_page=lambda number: url_for(".index", **here, page=number),
        file_url=lambda ext: url_for(".file", **here, ext=ext),
        kept_days=outbox.KEPT.days,
    )


@blueprint.route("/rounds/<int:round_id>/chasing/mails.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def file(round_id: int, ext: str) -> Any:
    """The outbox as the page shows it, all of its pages."""
    args = args_of_outbox(wanted_of(request.args))
    arguments = {"round_id": round_or_404(round_id).id, "args": args}
    return list_files.answer(MAILS, arguments, ext, back=url_for(".index", round_id=round_id, **args))


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
        again=one.state in outbox.AGAIN and can(the_actor(), P.CHASING_MAIL),
    )


def _narrowed() -> Narrowed:
    return narrowed_by(request.args, scope_of(the_actor()))


def _outbox_url(round: Round) -> str:
    return url_for("chasing_mails.index", round_id=round.id)


def _views(here: dict[str, Any], counts: dict[MailState, int], at: MailState | None) -> list[dict[str, Any]]:
    def view(label: Any, count: int, state: MailState | None) -> dict[str, Any]:
        url = url_for(".index", **{**here, "state": state.value if state else None})
        return {"label": label, "count": count, "current": at is state, "url": url}

    each = [view(label_of(one), counts.get(one, 0), one) for one in MailState if one in counts or one is at]
    return [view(_("All"), sum(counts.values()), None), *each]
