"""What the one search box found, each thing with its address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.search import everything
from views.frame.navigation import all_rounds, landing_round

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@requires(P.HOME_READ)
def show() -> Any:
    """The first hits of each kind of thing that this desk may open."""
    actor, rounds = the_actor(), all_rounds()
    round, typed = landing_round(rounds), request.args.get("q", "").strip()[: everything.LONGEST]
    roster = None
    if typed and round is not None and can(actor, P.PREPARATION_ENTER):
        roster = url_for("preparation.roster", round_id=round.id, q=typed)
    return render_template(
        "search/show.html",
        typed=typed,
        found=everything.find(typed, actor, round, rounds) if typed else [],
        address_of=_address_of,
        roster=roster,
    )


def _address_of(endpoint: str, values: dict[str, Any]) -> str:
    """The address of a thing or of a list; "" where that room is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
