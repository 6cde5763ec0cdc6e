"""Corrections of a headcount at the same moment: one is open, and none is confirmed beside the opening."""

from __future__ import annotations

from sqlalchemy import select, text

from models.correction import CorrectionState, HeadcountCorrection
from models.participation import Participation
from portal.ballot.wall import hold_round, system_transaction
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.preparation import correcting
from tests.support.races import at_once, pressed, statuses, visitors
from tests.support.rosters import fill_roster, own
from tests.support.world import World, acting_as


def confirmed(app: Portal, world: World) -> None:
    fill_roster(app, world, people=3, confirmed=True)
    with app.app_context(), writing(), privileged("a test counts") as session:
        session.get_one(Participation, world.participation["a1"]).headcount = 52


def test_of_two_that_ask_at_once_one_waits_for_the_executive(app: Portal, world: World) -> None:
    confirmed(app, world)
    clients = visitors(app, world, "agency_admin", "agency_admin")
    url = f"/rounds/{world.round_id}/preparation/headcount/correct"
    forms = [{"headcount": number, "version": "52", "reason": "นับใหม่"} for number in ("48", "49")]
    assert statuses(pressed(clients, url, *forms)) == [302, 422]
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(HeadcountCorrection.state)).all() == [CorrectionState.ASKED]


def test_who_confirms_beside_the_opening_comes_before_it_or_is_refused(app: Portal, world: World) -> None:
    confirmed(app, world)
    with app.app_context(), acting_as(world.actor("agency_admin")) as admin:
        correcting.ask(own(world), 48, "นับใหม่", actor=admin)
    with app.app_context():
        executive = world.actor("executive")

    def confirm() -> bool:
        with app.app_context():
            try:
                with acting_as(executive) as actor:
                    correcting.confirm(correcting.correction_or_404(own(world)), seen=1, actor=actor)
            except Refused:
                return False
            return True

    def open_box() -> int | None:
        """As the opening of a box: alone in the round; gives the number that its results would stand on."""
        with app.app_context(), system_transaction() as connection:
            hold_round(connection, world.round_id, alone=True)
            row = {"participation": world.participation["a1"], "key": b"0" * 16}
            connection.execute(
                text(
                    "INSERT INTO opened_answer (participation_id, instrument, key, channel, answers)"
                    " VALUES (:participation, 'iit', :key, 'self', :key)"
                ),
                row,
            )
            found = connection.execute(
                text("SELECT headcount FROM participation WHERE id = :participation"), row
            )
            return found.scalar()

    corrected, counted = at_once([confirm, open_box])
    assert counted == (48 if corrected else 52)
