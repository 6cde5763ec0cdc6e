"""The certificates of a province as one file for the printer: the provinces of a desk, and the order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from models.place import Province
from portal.certificates import lists, releasing
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.lookup import get_or_404, round_or_404

blueprint = Blueprint("certificate_batches", __name__, url_prefix="/rounds/<int:round_id>/certificates")


@blueprint.get("/provinces")
@requires(P.RESULTS_READ)
def show(round_id: int) -> Any:
    """The provinces with certificates that the person may read, and how many were withdrawn or printed."""
    round = round_or_404(round_id)
    piles = lists.provinces_of(round)
    return render_template("certificates/provinces.html", this_round=round, piles=piles)


@blueprint.post("/provinces/<int:province_id>")
@requires(P.RESULTS_READ)
def print_(round_id: int, province_id: int) -> Any:
    """Order the file of one province, of the certificates in the person's scope."""
    round = round_or_404(round_id)
    job = releasing.order_province(round, get_or_404(Province, province_id), actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job.id))
