"""How many requests about own data agencies have, for the offices above: counts, and nothing else of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import func, select

from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.database.session import db
from portal.core.lookup import round_or_404
from portal.personal import requests
from views.frame.paging import address_of, pages_of, wanted_page

blueprint = Blueprint("personal_counts", __name__)
PAGE = 50


@blueprint.get("/rounds/<int:round_id>/personal/counts")
@requires(P.REQUESTS_COUNT)
def show(round_id: int) -> Any:
    """The agencies that have requests, the late ones first."""
    round = round_or_404(round_id)
    search, late = request.args.get("q", "").strip()[:100], request.args.get("late") == "1"
    query = requests.counts_by_agency(round, search=search, late_only=late)
    inner = query.order_by(None).subquery()
    sums = db.session.execute(
        select(func.count(), *(func.coalesce(func.sum(inner.c[name]), 0) for name in _COUNTED))
    ).one()
    pages = pages_of(sums[0], PAGE)
    page = wanted_page(pages)
    return render_template(
        "personal/counts.html",
        this_round=round,
        rows=db.session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all(),
        sums=dict(zip(("agencies", *_COUNTED), sums, strict=True)),
        search=search,
        late=late,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        page_url=address_of(
            "personal_counts.show", round_id=round_id, q=search or None, late="1" if late else None
        ),
    )


_COUNTED = ("waiting", "late", "answered")
