"""A confirmed headcount is corrected by asking and confirming anew; until then the old number stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from models.audit import AuditEvent
from models.correction import CorrectionState, HeadcountCorrection
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Round, RoundState
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.web import Portal
from portal.preparation import correcting
from portal.surveys.minimum import targets_of
from tests.factories.ballots import OpenedAnswerFactory, SetAsideFactory
from tests.factories.base import Make
from tests.support.rosters import fill_roster, own
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
WHY = "นับลูกจ้างที่ลาออกแล้วรวมไว้ด้วย"


@pytest.fixture(autouse=True)
def confirmed(app: Portal, world: World) -> None:
    fill_roster(app, world, people=3, confirmed=True)
    with app.app_context(), writing(), privileged("a test counts") as session:
        session.get_one(Participation, world.participation["a1"]).headcount = 520


def ask(world: World, number: int = 48, *, seen: int | None = 520, reason: str = WHY) -> int:
    with acting_as(world.actor("agency_admin")) as actor:
        return correcting.ask(own(world), number, reason, seen=seen, actor=actor).id


def confirm(world: World, *, seen: int | None = 1) -> None:
    with acting_as(world.actor("executive")) as actor:
        correcting.confirm(correcting.correction_or_404(own(world)), seen=seen, actor=actor)


def standing(world: World) -> tuple[int | None, int | None]:
    """The headcount that stands, and the minimum of IIT that follows from it."""
    with acting_as(world.actor("executive")):
        return own(world).headcount, targets_of(own(world))[InstrumentKind.IIT].minimum


def turned(world: World, state: RoundState) -> None:
    with writing(), privileged("a test closes the round") as session:
        session.get_one(Round, world.round_id).state = state


def test_the_old_number_stands_until_the_executive_confirms_the_new_one(app: Portal, world: World) -> None:
    with app.app_context():
        old, before = standing(world)
        ask(world)
        assert standing(world) == (old, before)
        confirm(world)
        number, minimum = standing(world)
        assert number == 48
        assert minimum != before, "the minimum follows the number"
        with privileged("a test looks") as session:
            acts = session.scalars(
                select(AuditEvent.act).where(AuditEvent.act.startswith("headcount."))
            ).all()
        assert set(acts) == {"headcount.ask", "headcount.confirm"}


def test_a_declined_or_withdrawn_correction_changes_nothing_and_is_kept(app: Portal, world: World) -> None:
    with app.app_context():
        ask(world)
        with acting_as(world.actor("executive")) as actor:
            waiting = correcting.correction_or_404(own(world))
            with pytest.raises(Refused, match="why the old number stays"):
                correcting.decline(waiting, " ", seen=waiting.version, actor=actor)
            correcting.decline(waiting, "นับถูกแล้ว", seen=waiting.version, actor=actor)
        ask(world, 50)
        with acting_as(world.actor("agency_admin")) as actor:
            correcting.withdraw(correcting.correction_or_404(own(world)), actor=actor)
            states = [one.state for one in correcting.corrections_of(own(world))]
        assert states == [CorrectionState.WITHDRAWN, CorrectionState.DECLINED]
        assert standing(world)[0] == 520
        with pytest.raises(Refused, match="taken this correction back"):
            confirm(world, seen=None)


@pytest.mark.parametrize(
    ("number", "reason", "says"),
    [
        (520, WHY, "stands already"),
        (0, WHY, "between 1"),
        (20_001, WHY, "between 1"),
        (48, " ", "why the number is corrected"),
    ],
)
def test_what_is_no_correction_is_refused(
    app: Portal, world: World, number: int, reason: str, says: str
) -> None:
    with app.app_context(), pytest.raises(Refused, match=says):
        ask(world, number, reason=reason)


def test_one_is_open_at_a_time(app: Portal, world: World) -> None:
    with app.app_context():
        ask(world)
        with pytest.raises(Refused, match="waits for the executive already"):
            ask(world, 49)


def test_who_asks_from_an_old_page_or_confirms_another_version_is_told(app: Portal, world: World) -> None:
    with app.app_context():
        with pytest.raises(Stale):
            ask(world, seen=40)
        ask(world)
        with pytest.raises(Stale):
            confirm(world, seen=2)


def test_before_the_confirmation_the_number_itself_is_changed(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test goes back") as session:
            session.get_one(Participation, world.participation["a1"]).state = PreparationState.ENTERING
        with pytest.raises(Refused, match="change the number itself"):
            ask(world)


def test_nobody_else_asks_or_confirms(app: Portal, world: World) -> None:
    with app.app_context():
        for person in ("executive", "province", "dla", "assessor"):
            with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
                correcting.ask(own(world), 48, WHY, actor=actor)
        ask(world)
        for person in ("agency_admin", "province", "dla"):
            with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
                correcting.confirm(correcting.correction_or_404(own(world)), seen=1, actor=actor)
        with acting_as(world.actor("agency_admin_other")):
            assert db.session.scalars(select(HeadcountCorrection)).all() == []


@pytest.mark.parametrize("kind", [OpenedAnswerFactory, SetAsideFactory])
def test_once_the_boxes_are_being_opened_nothing_is_corrected(
    app: Portal, world: World, make: Make, kind: Any
) -> None:
    with app.app_context():
        turned(world, RoundState.CLOSED)
        ask(world)
        make(kind, participation_id=world.participation["a1"])
        with pytest.raises(Refused, match="boxes were opened"):
            confirm(world)
        with acting_as(world.actor("executive")) as actor:
            waiting = correcting.correction_or_404(own(world))
            correcting.decline(waiting, "เปิดหีบแล้ว", seen=waiting.version, actor=actor)
        with pytest.raises(Refused, match="boxes were opened"):
            ask(world)
        assert standing(world)[0] == 520


def test_the_database_refuses_after_the_opening_without_the_application(app: Portal, world: World) -> None:
    with app.app_context():
        ask(world)
        turned(world, RoundState.OPENED)
        with (
            pytest.raises(DBAPIError, match="boxes of this agency were opened"),
            writing(),
            privileged("a test confirms past the rules") as session,
        ):
            waiting = session.scalars(select(HeadcountCorrection)).one()
            waiting.state, waiting.decided_at = CorrectionState.CONFIRMED, waiting.asked_at
            session.flush()
