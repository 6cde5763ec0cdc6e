"""Executive and admin at the same moment: what is confirmed is what the executive's page showed."""

from __future__ import annotations

from models.participation import Participation, PreparationState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.forms import form_with
from tests.support.races import at_once, statuses, visitors
from tests.support.rosters import fill_roster
from tests.support.world import NOW, World


def test_confirming_beside_taking_back_does_one_of_both(app: Portal, world: World) -> None:
    fill_roster(app, world, people=3, confirmed=False)
    with app.app_context(), writing(), privileged("a test sends") as session:
        row = session.get_one(Participation, world.participation["a1"])
        row.headcount, row.activated_at, row.submitted_at = 40, NOW, NOW
        row.state = PreparationState.SUBMITTED
    admin, executive = visitors(app, world, "agency_admin", "executive")
    room = f"/rounds/{world.round_id}/preparation"
    shown = form_with(executive.get(f"{room}/confirm").text, "version")
    sent = {**shown, "confirm": "1", "csrf_token": executive.csrf_token()}
    back = {"csrf_token": admin.csrf_token()}
    answers = at_once(
        [
            lambda: executive.post(f"{room}/confirm", data=sent),
            lambda: admin.post(f"{room}/withdraw", data=back),
        ]
    )
    statuses(answers)
    with app.app_context(), privileged("a test looks") as session:
        row = session.get_one(Participation, world.participation["a1"])
        confirmed = row.state is PreparationState.CONFIRMED
        assert confirmed is (row.confirmed_at is not None)
        assert confirmed is (row.submitted_at is not None), "taken back, or confirmed: never half of both"
    assert answers[0].status_code == (302 if confirmed else 409)
