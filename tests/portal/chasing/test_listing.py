"""Who is listed, and with what, is what a slow recount of every agency says; narrowed as asked."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from models.chasing import Reached
from models.disclosure import DisclosureState
from models.participation import Participation
from models.round import Round, RoundState, Stage
from portal.chasing.lacks import ABOUT, Due, Lack, sight
from portal.chasing.listing import Chase, Late, Narrowed, last_sign_ins
from portal.core import audit
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.chasing import ChaseNoteFactory
from tests.factories.outlook import OutlookFactory
from tests.support.country import EIT, IIT, Seen, mixed_country
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres


def slowly(seen: Seen) -> list[Lack]:
    """What an agency lacks while every stage is open, in plain words of the letter."""
    if not seen.steps[3]:
        steps = zip((Lack.PASSWORD, Lack.HEADCOUNT, Lack.ROSTER), seen.steps, strict=False)
        return [lack for lack, done in steps if not done] + [
            Lack.CONFIRMING if seen.submitted else Lack.SENDING
        ]
    lacks = [
        lack
        for lack, survey in ((Lack.IIT, IIT), (Lack.EIT, EIT))
        if seen.answers[survey] < seen.minimum(survey)
    ]
    if seen.oit in (None, DisclosureState.DRAFT, DisclosureState.RETURNED):
        lacks.append(Lack.OIT)
    return [*lacks, Lack.OIT_REVIEW] if seen.oit is DisclosureState.SUBMITTED else lacks


def chase_of(world: World) -> Chase:
    return Chase.of(db.session.get_one(Round, world.round_id), NOW)


def lacks_of(rows: list[Late]) -> dict[str, list[Lack]]:
    return {row.full_name: [one.lack for one in row.missing] for row in rows}


@pytest.mark.parametrize("throw", [1, 2, 3])
def test_everybody_who_lacks_something_is_listed_with_exactly_that(
    app: Portal, world: World, throw: int
) -> None:
    seen = mixed_country(app, world, throw)
    wanted = {one.name: slowly(one) for one in seen if slowly(one)}
    with app.app_context(), seated(world.actor("dla")):
        chase = chase_of(world)
        rows, counts = chase.late(Narrowed()), chase.counts(Narrowed())
        assert chase.count(Narrowed()) == len(rows) == sum(counts.values())
        by_step = {lack: chase.late(Narrowed(at=lack)) for lack in chase.due.lacks}
        by_stage = {stage: lacks_of(chase.late(Narrowed(stage=stage))) for stage in chase.due.stages}
    assert lacks_of(rows) == wanted
    hanging = Counter(lacks[0] for lacks in wanted.values())
    assert counts == {lack: hanging[lack] for lack in Lack}
    assert {lack: len(listed) for lack, listed in by_step.items()} == counts
    assert [list(Lack).index(row.at) for row in rows] == sorted(list(Lack).index(row.at) for row in rows)
    for stage, listed in by_stage.items():
        assert listed == {
            name: lacks for name, lacks in wanted.items() if stage in {ABOUT[one].stage for one in lacks}
        }
    numbers = {one.name: one for one in seen}
    for row in rows:
        for one in row.missing:
            if one.lack in (Lack.IIT, Lack.EIT):
                survey = IIT if one.lack is Lack.IIT else EIT
                agency = numbers[row.full_name]
                assert (one.answers, one.minimum) == (agency.answers[survey], agency.minimum(survey))
                assert one.left == agency.minimum(survey) - agency.answers[survey] > 0


def test_a_province_sees_its_own_and_an_agency_nothing_of_others(app: Portal, world: World) -> None:
    seen = mixed_country(app, world, 5)
    mine = {one.name for one in seen if slowly(one) and one.province_id == world.province["52"]}
    with app.app_context():
        with seated(world.actor("province")):
            assert set(lacks_of(chase_of(world).late(Narrowed()))) == mine
            assert chase_of(world).late(Narrowed(province_id=world.province["81"])) == []
        with seated(world.actor("dla")):
            chase = chase_of(world)
            assert set(lacks_of(chase.late(Narrowed(province_id=world.province["52"])))) == mine
            pages = [chase.late(Narrowed(), offset=first, most=3) for first in range(0, 30, 3)]
            assert [row.id for page in pages for row in page] == [row.id for row in chase.late(Narrowed())]
            assert [row.full_name for row in chase.late(Narrowed(search="ไสไทย"))] in (
                [],
                ["องค์การบริหารส่วนตำบลไสไทย"],
            )
            assert all(row.district == "เกาะคา" for row in chase.late(Narrowed(district="เกาะคา")))


def test_only_stages_whose_time_runs_are_due(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        round = session.get_one(Round, world.round_id)
        first = min(window.opens_at for window in round.windows)
        last = max(window.closes_at for window in round.windows)
        assert set(Due.of(round, NOW).stages) == {Stage.PREPARATION, Stage.IIT, Stage.EIT, Stage.OIT}
        assert Due.of(round, first - timedelta(days=1)).lacks == Due.of(round, last).lacks == ()
        chase = Chase.of(round, last)
        assert (chase.late(Narrowed()), chase.counts(Narrowed()), chase.count(Narrowed())) == ([], {}, 0)
        with pytest.raises(LookupError):
            sight(round, chase.due)
        round.state = RoundState.CLOSED
        assert Due.of(round, NOW).stages == {}
        session.rollback()


def test_a_stage_that_is_not_due_is_not_asked_about(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.chasing.lacks.CHASED", (Stage.PREPARATION,))
    with app.app_context(), seated(world.actor("dla")):
        rows = chase_of(world).late(Narrowed())
        of_another_stage = Narrowed(at=Lack.IIT)
        assert chase_of(world).count(of_another_stage) == len(chase_of(world).late(of_another_stage))
    assert len(rows) == len(world.agency) and {row.stages for row in rows} == {(Stage.PREPARATION,)}


def test_notes_narrow_the_list_by_the_newest_of_each(app: Portal, world: World, make: Make) -> None:
    day = NOW.date()
    with app.app_context(), privileged("a test reads") as session:
        rows = {key: session.get_one(Participation, world.participation[key]) for key in ("a1", "a2", "b1")}
        session.expunge_all()
    make(ChaseNoteFactory, participation=rows["a1"], promised_until=day - timedelta(days=3))
    newest = make(ChaseNoteFactory, participation=rows["a1"], promised_until=day)
    make(ChaseNoteFactory, participation=rows["a2"], promised_until=day - timedelta(days=1))
    make(ChaseNoteFactory, participation=rows["b1"], reached=Reached.NO_ANSWER)
    with app.app_context(), seated(world.actor("dla")):
        chase = chase_of(world)
        found = {
            noted: {row.id for row in chase.late(Narrowed(noted=noted))}
            for noted in ("none", "promised", "broken")
        }
        late = chase.one(rows["a1"].id)
    assert found["none"] == {world.participation["b2"]}
    assert found["promised"] == {rows["a1"].id} and found["broken"] == {rows["a2"].id}
    assert late is not None and late.note is not None and late.note.id == newest.id


def test_the_last_sign_in_is_that_of_the_agencys_own_people(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test records") as session:
            for person in ("executive", "province", "agency_admin"):
                audit.record(session, act="sign_in", thing="account", row=world.account[person])
            audit.record(
                session, act="sign_in.refused", thing="account", row=world.account["executive_other"]
            )
        with seated(world.actor("province")):
            found = last_sign_ins([world.agency["a1"], world.agency["b1"]])
    assert set(found) == {world.agency["a1"]}


def test_who_the_forecast_names_is_marked_and_found_while_it_lacks_it(
    app: Portal, world: World, make: Make
) -> None:
    """a1 is named for IIT, which is not its step yet; b1 for preparation, which it lacks."""
    with app.app_context(), privileged("a test reads") as session:
        rows = {key: session.get_one(Participation, world.participation[key]) for key in ("a1", "b1")}
        session.expunge_all()
    make(OutlookFactory, participation=rows["a1"], stage=Stage.IIT)
    make(OutlookFactory, participation=rows["b1"], stage=Stage.PREPARATION)
    make(OutlookFactory, participation=rows["b1"], stage=Stage.OIT, why=None)
    with app.app_context(), seated(world.actor("dla")):
        chase = chase_of(world)
        found = chase.late(Narrowed(likely=True), ahead=True)
        assert [(row.id, [one.stage for one in row.outlooks]) for row in found] == [
            (rows["b1"].id, [Stage.PREPARATION])
        ]
        assert chase.count(Narrowed(likely=True)) == 1
        assert chase.count(Narrowed(likely=True, stage=Stage.IIT)) == 0
        assert {row.outlooks for row in chase.late(Narrowed())} == {()}
    with app.app_context(), seated(world.actor("province")):
        chase = chase_of(world)
        assert chase.late(Narrowed(likely=True), ahead=True) == []
        assert {row.outlooks for row in chase.late(Narrowed(), ahead=True)} == {()}
