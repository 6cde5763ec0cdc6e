"""The executive returns the data: the reason is asked for, kept as typed, and what is closed says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.participation import Participation, PreparationState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.rosters import fill_roster, own
from tests.support.world import World, acting_as, row
from tests.views.preparation.test_steps import AFTER

S = PreparationState
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def base(app: Portal, world: World) -> str:
    """Where the room lies; a1's data are with the executive."""
    fill_roster(app, world, people=2, confirmed=False)
    bring_to(app, world, S.SUBMITTED)
    return f"/rounds/{world.round_id}/preparation"


def bring_to(app: Portal, world: World, state: PreparationState) -> None:
    with app.app_context(), writing(), privileged("a test brings the data on") as session:
        found = session.get_one(Participation, world.participation["a1"])
        found.state, found.headcount, found.activated_at = state, 52, found.roster_at


def stored(app: Portal, world: World) -> Participation:
    with app.app_context():
        found = row(Participation, world.participation["a1"])
        assert isinstance(found, Participation)
        return found


def give_back(client: PortalClient, base: str, version: int, reason: str) -> tuple[int, str]:
    answer = client.submit(f"{base}/return", {"version": str(version), "reason": reason})
    return answer.status_code, answer.text


def test_a_reason_that_is_missing_or_too_long_is_told_and_kept(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    executive, version = client_as("executive"), stored(app, world).version
    status, page = give_back(executive, base, version, " ")
    assert status == 422 and "เขียนสิ่งที่ให้ผู้ดูแลแก้ไข" in page
    status, page = give_back(executive, base, version, "ก" * 1001)
    assert status == 422 and "1,001" in page and "1,000" in page and "ก" * 1001 in page
    assert stored(app, world).state is S.SUBMITTED
    assert give_back(executive, base, version, "ก" * 1000)[0] == 302
    assert stored(app, world).return_reason == "ก" * 1000


def test_data_that_changed_under_the_executive_are_shown_again_with_the_reason(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    executive, version = client_as("executive"), stored(app, world).version
    status, page = give_back(executive, base, version - 1, "ขาดผู้เสนอราคา")
    assert status == 409 and "ขาดผู้เสนอราคา" in page
    assert stored(app, world).state is S.SUBMITTED


@pytest.mark.parametrize("state", [S.ENTERING, S.CONFIRMED])
def test_what_does_not_lie_with_the_executive_is_not_returned(
    app: Portal, world: World, client_as: ClientAs, base: str, state: PreparationState
) -> None:
    bring_to(app, world, state)
    executive = client_as("executive")
    assert executive.get(f"{base}/return").status_code == 200
    status, page = give_back(executive, base, stored(app, world).version, "ขาดผู้เสนอราคา")
    assert status == 422 and "ขาดผู้เสนอราคา" in page
    assert stored(app, world).state is state


def test_after_the_last_call_everything_of_the_room_says_that_it_was_open(
    app: Portal, world: World, client_as: ClientAs, base: str, clock: Callable[[object], None]
) -> None:
    version = stored(app, world).version
    clock(AFTER)
    status, page = give_back(client_as("executive"), base, version, "ขาดผู้เสนอราคา")
    assert status == 422 and "2561" in page and "ขาดผู้เสนอราคา" in page
    bring_to(app, world, S.ENTERING)
    admin = client_as("agency_admin")
    assert "2561" in admin.get(base).text
    assert admin.submit(f"{base}/submit").status_code == 302
    assert stored(app, world).state is S.ENTERING


def test_the_overview_says_the_first_thing_that_is_missing(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    bring_to(app, world, S.ENTERING)
    with app.app_context(), writing(), privileged("the roster is empty") as session:
        session.get_one(Participation, world.participation["a1"]).roster_count = 0
    admin = client_as("agency_admin")
    assert "ส่งได้เมื่อมีรายชื่อผู้มีส่วนได้ส่วนเสียภายนอกแล้ว" in admin.get(base).text
    admin.submit(f"{base}/submit")
    assert stored(app, world).state is S.ENTERING


def test_the_executive_reads_the_names_by_group(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    executive = client_as("executive")
    whole = executive.get(f"{base}/names").text
    assert "ลำดับ001" in whole and "ลำดับ002" in whole
    with app.app_context(), acting_as(world.actor("executive")):
        group = own(world).round.roster_groups[1].id  # the first name's
    some = executive.get(f"{base}/names?group={group}").text
    assert "ลำดับ001" in some and "ลำดับ002" not in some
