"""Home: where a person lands, and what to do next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.core.access import ROLES, requires, signed_in, the_actor
from portal.core.access import Permission as P
from portal.core.lookup import round_or_404
from portal.people import notices
from views.frame.navigation import all_rounds, landing_round
from views.homes.agency_home import agency_home
from views.homes.first_steps import first_steps
from views.homes.office_home import office_home

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def index() -> Any:
    """The desk's home in the round that is open."""
    actor = the_actor()
    if actor.role is None:
        return redirect(url_for("sign_in.desks"))
    rounds = all_rounds()
    round = landing_round(rounds)
    if round is None:
        return render_template(
            "homes/no_round.html", of_agency=actor.agency_id is not None, first_steps=first_steps(rounds)
        )
    return redirect(url_for("home.round_home", round_id=round.id))


@blueprint.app_context_processor
def _notices() -> dict[str, Any]:
    return {"notices_of_mine": notices.unread}


@blueprint.post("/notices")
@requires(P.HOME_READ)
def put_away() -> Any:
    """The person has read what they were told about their account."""
    notices.put_away(request.form.get("newest", 0, int))
    return redirect(url_for("home.index"))


@blueprint.get("/rounds/<int:round_id>/home")
@requires(P.HOME_READ)
def round_home(round_id: int) -> Any:
    """What to do next in this round."""
    round = round_or_404(round_id)
    role = the_actor().role
    assert role is not None, "the gate sends who has no desk to choose one"
    return agency_home(round) if ROLES[role].home == "agency" else office_home(round)
