"""The notice for people on a roster (PDPA B.E. 2562, sections 23 and 25), to show and to print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.lookup import own_participation
from portal.personal import keeping
from portal.register.contacts import contact_of

blueprint = Blueprint("personal_notice", __name__)


@blueprint.get("/rounds/<int:round_id>/personal/notice")
@requires(P.REQUESTS_READ)
def show(round_id: int) -> Any:
    """What the agency tells the people whom it lists, with its own contacts."""
    participation = own_participation(round_id)
    return render_template(
        "personal/notice.html",
        participation=participation,
        this_round=participation.round,
        contact=contact_of(participation.agency_id),
        until=keeping.kept_until(participation.round),
        may_enter=can(the_actor(), P.PREPARATION_ENTER),
    )
