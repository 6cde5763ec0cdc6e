"""Accounts that were made in bulk: what each act made, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.onboarding import AccountBatch, BatchKind
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db, privileged, reading
from portal.core.lookup import get_or_404
from portal.core.texts import _, lazy
from portal.people import settings
from portal.people.bulk import batches
from views.frame.paging import Paged, address_of, pages_of, wanted_page

blueprint = Blueprint("account_batches", __name__, url_prefix="/admin/people/batches")
PAGE = 30
KINDS = {BatchKind.LACKING: lazy("Accounts that were lacking"), BatchKind.WORKBOOK: lazy("A workbook")}


@blueprint.get("/")
@requires(P.ACCOUNTS_MAKE)
def index() -> Any:
    """The acts, the newest first; a province sees its own."""
    total = db.session.scalar(select(func.count(AccountBatch.id))) or 0
    page = wanted_page(pages := pages_of(total, PAGE))
    query = select(AccountBatch).order_by(AccountBatch.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    rows = list(
        db.session.scalars(
            query.options(joinedload(AccountBatch.account), joinedload(AccountBatch.undone_by))
        )
    )
    shown = Paged(rows, page, pages, total, (page - 1) * PAGE + 1, address_of("account_batches.index"))
    return render_template("people/bulk/batches.html", rows=shown, kinds=KINDS)


@blueprint.route("/<int:batch_id>/undo", methods=["GET"])
@requires(P.ACCOUNTS_MAKE)
def ask(batch_id: int) -> Any:
    """Ask before a batch is taken back: how many accounts go, how many stay."""
    batch = get_or_404(AccountBatch, batch_id)
    with reading(), privileged("what of a batch may go") as session:
        kept = session.get_one(AccountBatch, batch_id)
        going, every = batches.left_of(session, kept), len(kept.changes.get("accounts", []))
    back = url_for("account_batches.index")
    return render_template(
        "confirm.html",
        title=_("Take accounts back"),
        consequences=[
            _(
                "%(count)s accounts that nobody has activated are deleted with their codes",
                count=f"{going:,}",
            ),
            _(
                "%(count)s stay: somebody has activated them, they have another right, or are gone",
                count=f"{every - going:,}",
            ),
            *_of_a_workbook(batch),
            _("Slips that were printed for them no longer work"),
            _("This cannot be taken back; the accounts can be made again, with new codes"),
        ],
        action_url=url_for("account_batches.undo", batch_id=batch_id),
        action_label=_("Take accounts back"),
        back_url=back,
        danger=True,
        blocked=batch.undone_at is not None,
        crumbs=[
            (_("Accounts of agencies"), url_for("account_states.index")),
            (_("Accounts made in bulk"), back),
            (_("Take accounts back"), None),
        ],
    )


def _of_a_workbook(batch: AccountBatch) -> list[str]:
    filled = batch.counts.get("filled", 0)
    if not filled:
        return []
    return [
        _(
            "What the workbook filled in at %(count)s accounts becomes as it was where nobody changed it",
            count=f"{filled:,}",
        )
    ]


@blueprint.post("/<int:batch_id>/undo")
@requires(P.ACCOUNTS_MAKE)
def undo(batch_id: int) -> Any:
    """Order that a batch is taken back."""
    settings.require_making(the_actor())
    batch = get_or_404(AccountBatch, batch_id)
    job = batches.order_back(batch, actor=the_actor(), url=url_for("account_batches.index"))
    return redirect(url_for("jobs.show", job_id=job.id))
