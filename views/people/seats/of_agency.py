"""The people of an agency: from the agency to them, and on to their accounts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from models.account import Capacity
from models.agency import Agency
from portal.core.access import ROLES, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.lookup import get_or_404
from portal.core.texts import label_of
from portal.people import states
from portal.people.seats.of_agency import When, people_of

blueprint = Blueprint("people", __name__, url_prefix="/agencies/<int:agency_id>/people")


@blueprint.get("")
@requires(P.PEOPLE_READ)
def of_agency(agency_id: int) -> Any:
    """Who holds which right at an agency now, later and before."""
    agency = get_or_404(Agency, agency_id)
    actor = the_actor()
    return render_template(
        "people/of_agency.html",
        agency=agency,
        people=people_of(agency),
        When=When,
        roles=ROLES,
        holder=Capacity.HOLDER,
        label_of=label_of,
        words=states.WORDS,
        badges=states.BADGES,
        code_out=states.AccountState.CODE_OUT,
        lists_agencies=can(actor, P.AGENCIES_WRITE),
        opens_form=can(actor, P.ACCOUNTS_WRITE),
        issues=can(actor, P.CODES_ISSUE),
        gives=can(actor, P.ACCOUNTS_WRITE),
        works=can(actor, P.ACCOUNTS_MAKE),
        desks=can(actor, P.HAND_OVER),
        me=actor.account_id,
    )
