"""Assigning on the screen: whole provinces at once; and what a body sees when an agency was taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from models.assessor import AssessorBody, Assignment
from models.participation import Participation
from models.roster import Interview, RosterJudgement, SampleDraw
from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.record import events_of
from tests.support.rosters import draw, name_of
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def at(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/assignments/{rest}"


def assigned(app: Portal, world: World) -> dict[str, int]:
    """The body of each agency of the world that has one."""
    short = {key: name for name, key in world.participation.items()}
    with app.app_context(), privileged("a test looks") as session:
        rows = session.execute(select(Assignment.participation_id, Assignment.body_id))
        return {short[participation]: body for participation, body in rows}


def take_back(app: Portal, world: World, nacc: PortalClient, agency: str) -> None:
    """The NACC takes an agency back from its body, by the list's action and its question."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(Assignment.id).where(Assignment.participation_id == world.participation[agency])
        chosen = {"action": "take_back", "rowid": str(session.scalars(query).one())}
    asked = nacc.submit(at(world, "action/"), chosen)
    assert "ผู้ประเมินจะไม่เห็น 1 หน่วยงานนี้อีก" in asked.text
    assert agency in assigned(app, world), "asked first"
    assert nacc.submit(at(world, "action/"), {**chosen, "confirm": "1"}).status_code == 302


def test_provinces_are_given_whole_and_only_what_is_left(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    nacc, body = client_as("nacc"), world.body["body1"]
    form = nacc.get(at(world, "new/")).text
    assert "กระบี่ (1 " in form and "ลำปาง (" not in form
    given = {"body": str(body), "provinces": str(world.province["81"])}
    answer = nacc.submit(at(world, "new/"), given, follow_redirects=True)
    assert "คณะผู้ประเมินทดลอง 1" in answer.text
    assert assigned(app, world) == {"a1": body, "a2": body, "b1": world.body["body2"], "b2": body}
    again = nacc.submit(at(world, "new/"), given)  # the province has nobody left to give
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("sent", "says"),
    [({"body": ""}, "เลือกหน่วยงานผู้ประเมิน"), ({"provinces": ""}, "เลือกอย่างน้อย 1 จังหวัด")],
)
def test_a_body_and_a_province_are_needed(
    app: Portal, world: World, client_as: ClientAs, sent: dict[str, str], says: str
) -> None:
    whole = {"body": str(world.body["body1"]), "provinces": str(world.province["81"])}
    chosen = {name: value for name, value in {**whole, **sent}.items() if value}
    answer = client_as("nacc").submit(at(world, "new/"), chosen)
    assert answer.status_code == 422 and says in answer.text
    assert "b2" not in assigned(app, world)


def test_nothing_is_assigned_once_the_results_stand(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("a test opens the boxes") as session:
        session.execute(update(Round).values(state=RoundState.OPENED))
        session.commit()
    nacc = client_as("nacc")
    assert nacc.get(at(world, "new/")).status_code == 409
    given = {"body": str(world.body["body1"]), "provinces": str(world.province["81"])}
    assert nacc.submit(at(world, "new/"), given).status_code == 409
    assert "b2" not in assigned(app, world)


@pytest.mark.parametrize(("state", "offered"), [(RoundState.OPEN, True), (RoundState.OPENED, False)])
def test_an_assignment_is_offered_until_the_boxes_are_opened(
    app: Portal, world: World, client_as: ClientAs, state: RoundState, offered: bool
) -> None:
    with app.app_context(), writing(), privileged("a test opens the boxes") as session:
        session.get_one(Round, world.round_id).state = state
    page = client_as("nacc").get(at(world))
    assert page.status_code == 200
    assert (at(world, "new/") in page.text) is offered


@pytest.mark.parametrize("person", ["dla", "province", "assessor", "agency_admin"])
def test_only_the_nacc_assigns(app: Portal, world: World, client_as: ClientAs, person: str) -> None:
    client = client_as(person)
    given = {"body": str(world.body["body1"]), "provinces": str(world.province["81"])}
    assert client.get(at(world)).status_code == 404
    assert client.submit(at(world, "new/"), given).status_code == 404
    assert "b2" not in assigned(app, world)


def test_a_body_sees_nothing_of_an_agency_that_was_taken_back_and_its_work_stays(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    calls = draw(app, world, 3)
    assessor, room = client_as("assessor"), f"/rounds/{world.round_id}/assessor"
    mine = f"{room}/{world.participation['a1']}"
    assessor.submit(f"{mine}/roster/names")
    assert name_of("a1", 1) in assessor.get(f"{mine}/roster").text
    take_back(app, world, client_as("nacc"), "a1")
    listed = assessor.get(room).text
    assert "เทศบาลตำบลเกาะคา" not in listed and "ท่าผา" in listed
    for rest in ("roster", "sample", "calls", f"calls/{calls[0]}", "draw"):
        assert assessor.get(f"{mine}/{rest}").status_code == 404, rest
    for rest, form in (("judgement", {"verdict": "representative"}), ("sample/more", {"people": "1"})):
        assert assessor.submit(f"{mine}/{rest}", form).status_code == 404, rest
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(RosterJudgement.participation_id)).all() == [world.participation["a1"]]
        assert len(session.scalars(select(SampleDraw)).all()) == 1
        assert len(session.scalars(select(Interview)).all()) == 3
    with app.app_context():
        (event,) = events_of("assignments.action_view")
        assert event.before["participation_id"] == world.participation["a1"]
        assert (event.account_id, event.before["body_id"]) == (world.account["nacc"], world.body["body1"])


def test_the_next_body_goes_on_where_the_last_one_stood(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    calls = draw(app, world, 3)
    nacc = client_as("nacc")
    take_back(app, world, nacc, "a1")
    given = {"body": str(world.body["body2"]), "provinces": str(world.province["52"])}
    assert nacc.submit(at(world, "new/"), given).status_code == 302
    other, mine = (
        client_as("assessor_other"),
        f"/rounds/{world.round_id}/assessor/{world.participation['a1']}",
    )
    assert "เทศบาลตำบลเกาะคา" in other.get(f"/rounds/{world.round_id}/assessor").text
    assert other.submit(f"{mine}/sample/more", {"people": "2"}).status_code == 302
    assert other.get(f"{mine}/calls/{calls[0]}").status_code == 200
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(Interview.position).order_by(Interview.position)).all() == [
            1,
            2,
            3,
            4,
            5,
        ]


def test_a_body_with_agencies_cannot_be_deleted(app: Portal, world: World, client_as: ClientAs) -> None:
    nacc, key = client_as("nacc"), world.body["body1"]
    page = nacc.get("/admin/assessor-bodies/").text
    assert "คณะผู้ประเมินทดลอง 1" in page
    gone = nacc.submit("/admin/assessor-bodies/delete/", {"id": str(key), "confirm": "1"})
    assert gone.status_code == 409
    with app.app_context(), privileged("a test looks") as session:
        assert session.get(AssessorBody, key) is not None
        assert session.get(Participation, world.participation["a1"]) is not None
