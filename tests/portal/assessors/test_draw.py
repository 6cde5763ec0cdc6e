"""The draw: once, under a seed that lets anybody draw again; going on in order; who, when, before what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models.audit import AuditEvent
from models.roster import Interview, RosterEntry, RosterVerdict, SampleDraw
from models.round import SampleRule
from models.sampling import draw
from portal.assessors import draw as sample_draw
from portal.assessors import judgement
from portal.core.database.session import privileged, writing
from portal.core.errors import Closed, NotFound, Refused
from portal.core.web import Portal
from tests.support.rosters import fill_roster, judge, own
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
V = RosterVerdict


@pytest.fixture
def ready(app: Portal, world: World) -> Iterator[World]:
    """a1 with 40 people, confirmed and judged; inside an application context."""
    fill_roster(app, world)
    with app.app_context():
        judge(world)
        yield world


def numbers(world: World) -> list[int]:
    with acting_as(world.actor("assessor")):
        return sample_draw.drawn_numbers(own(world))


def test_anybody_draws_the_same_sample_from_the_seed(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample = sample_draw.draw_sample(own(ready), 12, actor=actor)
        seed = sample.seed
    assert numbers(ready) == draw(range(1, 41), 12, seed=seed)


def test_a_longer_draw_goes_on_in_the_same_order(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 12, actor=actor)
        sample = sample_draw.extend_sample(own(ready), 5, actor=actor)
        assert sample.sample_size == 17
        seed = sample.seed
    assert numbers(ready) == draw(range(1, 41), 17, seed=seed)
    with privileged("look") as session:
        assert list(session.scalars(select(Interview.position).order_by(Interview.position))) == list(
            range(1, 18)
        )


def test_the_proposed_size_is_the_minimum_of_the_agency(ready: World) -> None:
    with acting_as(ready.actor("assessor")):
        assert sample_draw.default_size(own(ready)) == 30  # 40 people: 30 of them


def test_it_is_drawn_once(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    with pytest.raises(Refused, match="drawn already"), acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)


@pytest.mark.parametrize("size", [0, 41, -3])
def test_the_size_lies_within_the_roster(ready: World, size: int) -> None:
    with pytest.raises(Refused), acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), size, actor=actor)


@pytest.mark.parametrize("size", [1, 40])
def test_one_person_or_the_whole_roster_is_a_sample_too(ready: World, size: int) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), size, actor=actor)
    assert len(numbers(ready)) == size


@pytest.mark.parametrize(("more", "taken"), [(0, False), (1, True), (35, True), (36, False)])
def test_a_draw_goes_on_by_one_person_or_to_the_rosters_end(ready: World, more: int, taken: bool) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    refusal = nullcontext() if taken else pytest.raises(Refused, match="have not been drawn")
    with refusal, acting_as(ready.actor("assessor")) as actor:
        sample_draw.extend_sample(own(ready), more, actor=actor)
    assert len(numbers(ready)) == (5 + more if taken else 5)


def test_a_draw_does_not_go_on_after_the_window(ready: World, clock: Callable[[object], None]) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    clock(NOW + timedelta(days=400))
    with pytest.raises(Closed):
        extend(ready, "assessor")


def test_nothing_is_drawn_beyond_the_rosters_end(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 39, actor=actor)
    with pytest.raises(Refused), acting_as(ready.actor("assessor")) as actor:
        sample_draw.extend_sample(own(ready), 2, actor=actor)


def test_a_draw_does_not_go_on_over_another_roster(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    with privileged("a row vanishes") as session:
        session.info["unrecorded"] = True
        drawn = select(Interview.roster_entry_id)
        session.delete(session.scalars(select(RosterEntry).where(RosterEntry.id.not_in(drawn))).first())
    with pytest.raises(Refused, match="changed since the draw"), acting_as(ready.actor("assessor")) as actor:
        sample_draw.extend_sample(own(ready), 1, actor=actor)


@pytest.mark.parametrize("person", ["interviewer", "agency_admin", "executive", "dla", "nacc", "province"])
def test_only_the_lead_draws(ready: World, person: str) -> None:
    with pytest.raises(NotFound), acting_as(ready.actor(person)) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)


def test_nobody_draws_outside_the_window(ready: World, clock: Callable[[object], None]) -> None:
    clock(NOW + timedelta(days=200))
    with pytest.raises(Closed), acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)


def test_a_draw_needs_the_confirmation(app: Portal, world: World) -> None:
    fill_roster(app, world, confirmed=False)
    with (
        app.app_context(),
        pytest.raises(Refused, match="not confirmed"),
        acting_as(world.actor("assessor")) as actor,
    ):
        sample_draw.draw_sample(own(world), 5, actor=actor)


def test_a_draw_needs_a_judgement(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with (
        app.app_context(),
        pytest.raises(Refused, match="Judge the roster"),
        acting_as(world.actor("assessor")) as actor,
    ):
        sample_draw.draw_sample(own(world), 5, actor=actor)


def test_no_draw_while_more_names_are_asked_for(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world, V.MORE_NAMES)
        with pytest.raises(Refused, match="More names"), acting_as(world.actor("assessor")) as actor:
            sample_draw.draw_sample(own(world), 5, actor=actor)


def test_a_changed_roster_is_judged_again_first(ready: World, clock: Callable[[object], None]) -> None:
    clock(NOW + timedelta(hours=2))
    with acting_as(ready.actor("agency_admin")):
        own(ready).roster_at = NOW + timedelta(hours=1)
    with pytest.raises(Refused, match="judge it again"), acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    with acting_as(ready.actor("assessor")) as actor:
        judgement.judge(own(ready), V.REPRESENTATIVE, note="", actor=actor)
        sample_draw.draw_sample(own(ready), 5, actor=actor)


def test_one_event_holds_what_is_needed_to_draw_again(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample = sample_draw.draw_sample(own(ready), 5, actor=actor)
        seed = sample.seed.hex()
    with privileged("look") as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.act == "sample.draw")).all()
        assert len(events) == 1
        assert events[0].after["seed"] == seed
        assert events[0].after["roster_size"] == 40
        assert session.scalars(select(AuditEvent).where(AuditEvent.thing == "interview")).all() == []
        assert len(session.scalars(select(SampleDraw)).all()) == 1


def test_going_on_is_an_event_with_the_size_that_it_made(ready: World) -> None:
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
        sample_draw.extend_sample(own(ready), 3, actor=actor)
    with privileged("look") as session:
        query = select(AuditEvent).where(AuditEvent.thing == "sample_draw").order_by(AuditEvent.id)
        told = [(event.act, event.after) for event in session.scalars(query)]
    assert [(act, after["drawn"], after["sample_size"]) for act, after in told] == [
        ("sample.draw", 5, 5),
        ("sample.extend", 3, 8),
    ]
    assert {after["participation_id"] for _act, after in told} == {ready.participation["a1"]}


def test_the_list_goes_on_only_after_a_draw_and_by_the_lead(ready: World) -> None:
    with pytest.raises(Refused, match="No sample has been drawn yet"):
        extend(ready, "assessor")
    with acting_as(ready.actor("assessor")) as actor:
        sample_draw.draw_sample(own(ready), 5, actor=actor)
    for person in ("interviewer", "agency_admin", "executive", "dla", "nacc", "province"):
        with pytest.raises(NotFound):
            extend(ready, person)
    assert len(numbers(ready)) == 5


def extend(world: World, person: str) -> None:
    with acting_as(world.actor(person)) as actor:
        sample_draw.extend_sample(own(world), 1, actor=actor)


def test_the_page_says_why_no_sample_can_be_drawn(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with app.app_context():
        assert why_not(world) == "Judge the roster first"
        judge(world)
        assert why_not(world) is None
        with acting_as(world.actor("assessor")) as actor:
            sample_draw.draw_sample(own(world), 5, actor=actor)
        assert why_not(world) == "The sample of this agency has been drawn already"


def why_not(world: World) -> str | None:
    with acting_as(world.actor("assessor")):
        reason = sample_draw.why_not_draw(own(world))
        return reason.message_id if reason else None


def test_the_proposed_size_is_never_beyond_the_roster(app: Portal, world: World) -> None:
    fill_roster(app, world, people=12)
    with app.app_context(), acting_as(world.actor("assessor")):
        assert sample_draw.default_size(own(world)) == 12


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("people", [0, 40])
def test_without_a_rule_no_size_is_proposed(app: Portal, world: World, people: int) -> None:
    fill_roster(app, world, people=people)
    with app.app_context(), writing(), privileged("a test takes the rules away") as session:
        session.execute(delete(SampleRule).where(SampleRule.instrument == "eit"))
    with app.app_context(), acting_as(world.actor("assessor")):
        assert sample_draw.default_size(own(world)) == 0
