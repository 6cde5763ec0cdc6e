"""Closing and opening: marks and keys go, what is opened equals what was cast, what is broken stays."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from models.ballot import ROW_KEY
from models.instrument import InstrumentKind
from models.round import CombineRule, Round, RoundState
from models.survey import Channel
from portal.ballot import unsealers
from portal.ballot.box import cast
from portal.ballot.closing import empty_marks
from portal.ballot.keys import key_folder
from portal.ballot.opening import Opening, merge_small_channels, nothing_sealed, open_boxes, opened_in_all
from portal.ballot.wall import system_read, system_transaction
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.ballots import bring_round_to, counts_equal_recount, marks_left
from tests.support.respondents import LINES, box, citizen_id
from tests.support.unsealing import by_processes
from tests.support.world import World

pytestmark = pytest.mark.postgres
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
SELF, ON_SITE, INTERVIEW = Channel.SELF, Channel.ON_SITE, Channel.INTERVIEW


class Killed(BaseException):
    pass


def fill(world: World, seed: int = 1) -> dict[tuple[str, InstrumentKind], Counter[bytes]]:
    """Cast answers into three boxes; what was cast, by box."""
    draw = random.Random(seed)
    cast_in: dict[tuple[str, InstrumentKind], Counter[bytes]] = {}
    for agency, kind, number in (("a1", IIT, 25), ("a1", EIT, 14), ("b1", EIT, 2)):
        target = box(world, agency, kind)
        for person in range(number):
            answers = bytes(draw.randint(1, 2) for _ in range(LINES[kind]))
            channel = INTERVIEW if person % 8 == 0 else SELF
            cast(target, citizen_id(person), answers, channel=channel)
            cast_in.setdefault((agency, kind), Counter())[answers] += 1
    return cast_in


def close(world: World) -> None:
    bring_round_to(world.round_id, RoundState.CLOSED)


def opened(world: World, agency: str, kind: InstrumentKind) -> Counter[bytes]:
    query = text("SELECT answers FROM opened_answer WHERE participation_id = :p AND instrument = :i")
    with system_read() as connection:
        rows = connection.execute(query, {"p": world.participation[agency], "i": kind.value})
        return Counter(bytes(row[0]) for row in rows)


def test_what_is_opened_equals_what_was_cast(app: Portal, world: World) -> None:
    with app.app_context():
        cast_in = fill(world)
        key = key_folder().urn_key(world.round_id)
        with pytest.raises(Refused):
            open_boxes(world.round_id, private_key=key)
        with pytest.raises(Refused):
            empty_marks(world.round_id)
        close(world)
        with pytest.raises(Refused):
            open_boxes(world.round_id, private_key=key)
        assert empty_marks(world.round_id) == 41
        assert marks_left(world.round_id) == 0
        assert not key_folder().has_mark_key(world.round_id)
        steps: list[tuple[int, int]] = []
        report = open_boxes(world.round_id, private_key=key, progress=lambda *step: steps.append(step))
        assert (report.boxes, report.opened, report.set_aside) == (3, 41, 0)
        assert steps[-1] == (3, 3)
        for (agency, kind), answers in cast_in.items():
            assert opened(world, agency, kind) == answers
        assert counts_equal_recount(world.round_id)
        assert not key_folder().has_urn_key(world.round_id)
        with system_read() as connection:
            assert connection.execute(text("SELECT count(*) FROM sealed_answer")).scalar() == 0
            channels = connection.execute(text("SELECT DISTINCT channel FROM opened_answer")).scalars().all()
        assert channels == ["self"], "four on site of 25 are too few to stand alone"


def test_an_opening_that_was_killed_goes_on(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(done: int, _all: int) -> None:
        if done == 1:
            raise Killed

    with app.app_context():
        cast_in = fill(world)
        close(world)
        empty_marks(world.round_id)
        key = key_folder().urn_key(world.round_id)
        with pytest.raises(Killed):
            open_boxes(world.round_id, private_key=key, progress=die)
        inside = unsealers.unseal_box

        def die_inside(*args: object, **options: object) -> object:
            if options["slots"] == LINES[EIT]:
                raise Killed
            return inside(*args, **options)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(unsealers, "unseal_box", die_inside)
            with pytest.raises(Killed):
                open_boxes(world.round_id, private_key=key)
        assert counts_equal_recount(world.round_id)
        assert not nothing_sealed(world.round_id)
        last = open_boxes(world.round_id, private_key=key)
        assert (last.boxes, opened_in_all(world.round_id)) == (1, Opening(boxes=3, opened=41))
        assert nothing_sealed(world.round_id)
        for (agency, kind), answers in cast_in.items():
            assert opened(world, agency, kind) == answers


def test_an_opening_that_is_killed_while_processes_unseal_goes_on(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All three boxes are on the way to the processes when it ends: what was not written is still sealed."""

    def die(*_step: int) -> None:
        raise Killed

    with app.app_context():
        cast_in = fill(world)
        close(world)
        empty_marks(world.round_id)
        key = key_folder().urn_key(world.round_id)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            pids = by_processes(patch)
            open_boxes(world.round_id, private_key=key, progress=die)
        assert len(pids) == 2 and not any(Path(f"/proc/{pid}").exists() for pid in pids), "no key is left"
        assert opened_in_all(world.round_id).boxes == 1
        assert counts_equal_recount(world.round_id) and key_folder().has_urn_key(world.round_id)
        assert open_boxes(world.round_id, private_key=key).boxes == 2
        assert opened_in_all(world.round_id) == Opening(boxes=3, opened=41)
        for (agency, kind), answers in cast_in.items():
            assert opened(world, agency, kind) == answers


def test_two_openings_at_once_open_each_answer_once(app: Portal, world: World) -> None:
    """The second begins when the first has read all and written one box."""
    second: list[Opening] = []
    with app.app_context():
        fill(world)
        close(world)
        empty_marks(world.round_id)
        key = key_folder().urn_key(world.round_id)

        def meanwhile(_done: int, _all: int) -> None:
            if not second:
                second.append(open_boxes(world.round_id, private_key=key))

        first = open_boxes(world.round_id, private_key=key, progress=meanwhile)
        assert (first.boxes, second[0].boxes) == (1, 2)
        assert opened_in_all(world.round_id) == Opening(boxes=3, opened=41)
        assert counts_equal_recount(world.round_id)


def test_a_box_that_is_not_what_was_read_is_left_sealed(app: Portal, world: World) -> None:
    def lose_one(_done: int, _all: int) -> None:
        with system_transaction() as connection:
            lost = "DELETE FROM sealed_answer WHERE key IN (SELECT max(key) FROM sealed_answer"
            connection.execute(text(lost + " WHERE instrument = 'iit')"))

    with app.app_context():
        fill(world)
        close(world)
        empty_marks(world.round_id)
        with pytest.raises(RuntimeError, match="not what was read"):
            open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id), progress=lose_one)
        with system_read() as connection:
            left = connection.execute(text("SELECT count(*) FROM sealed_answer WHERE instrument = 'iit'"))
            assert left.scalar() == 24
        assert not opened(world, "a1", IIT)


def test_what_cannot_be_read_is_set_aside_and_keeps_the_key(
    app: Portal, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        fill(world)
        with system_transaction() as connection:
            one = connection.execute(
                text("SELECT key FROM sealed_answer WHERE instrument = 'iit' ORDER BY key LIMIT 1")
            ).scalar_one()
            connection.execute(
                text("UPDATE sealed_answer SET sealed = :junk WHERE key = :key"),
                {"junk": b"junk", "key": one},
            )
        close(world)
        empty_marks(world.round_id)
        report = open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        assert (report.opened, report.set_aside) == (40, 1)
        assert report.alarmed == [world.participation["a1"]]
        assert "cannot be read" in caplog.text
        assert counts_equal_recount(world.round_id)
        assert key_folder().has_urn_key(world.round_id)


def test_a_key_of_another_round_opens_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        fill(world)
        close(world)
        empty_marks(world.round_id)
        with pytest.raises(Refused):
            open_boxes(world.round_id, private_key=b"7" * 32)
        assert counts_equal_recount(world.round_id)


def test_a_box_of_which_nothing_can_be_read_is_set_aside_whole(app: Portal, world: World) -> None:
    with app.app_context():
        fill(world)
        with system_transaction() as connection:
            connection.execute(
                text("UPDATE sealed_answer SET sealed = :junk WHERE participation_id = :b1"),
                {"junk": b"junk", "b1": world.participation["b1"]},
            )
        close(world)
        empty_marks(world.round_id)
        report = open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        assert (report.boxes, report.opened, report.set_aside) == (3, 39, 2)
        assert report.alarmed == [world.participation["b1"]]
        assert not opened(world, "b1", EIT)
        assert counts_equal_recount(world.round_id)


def test_boxes_are_opened_once(app: Portal, world: World) -> None:
    with app.app_context():
        key = key_folder().urn_key(world.round_id)
        bring_round_to(world.round_id, RoundState.OPENED)
        with pytest.raises(Refused, match="opened once"):
            open_boxes(world.round_id, private_key=key)


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("combine", "channels"),
    [(CombineRule.POOLED, ["self"] * 5), (CombineRule.HALVES, ["interview"] + ["self"] * 4)],
)
def test_a_small_part_of_eit_stays_apart_only_where_the_parts_are_weighed(
    app: Portal, world: World, combine: CombineRule, channels: list[str]
) -> None:
    with app.app_context():
        with writing(), privileged("test") as session:
            session.get_one(Round, world.round_id).eit_combine = combine
        for person in range(5):
            channel = INTERVIEW if person == 0 else SELF
            cast(box(world, kind=EIT), citizen_id(person), bytes([1]) * LINES[EIT], channel=channel)
        close(world)
        empty_marks(world.round_id)
        open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        with system_read() as connection:
            found = connection.execute(text("SELECT channel FROM opened_answer ORDER BY 1")).scalars()
            assert list(found) == channels


def test_opened_answers_lie_under_new_keys(app: Portal, world: World) -> None:
    """Nothing of the sealed row leads to the opened one."""
    with app.app_context():
        fill(world)
        with system_read() as connection:
            before = {
                bytes(key) for key in connection.execute(text("SELECT key FROM sealed_answer")).scalars()
            }
        close(world)
        empty_marks(world.round_id)
        open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        with system_read() as connection:
            after = {
                bytes(key) for key in connection.execute(text("SELECT key FROM opened_answer")).scalars()
            }
    assert len(before) == len(after) == 41
    assert not before & after
    assert {len(key) for key in after} == {ROW_KEY}, "as long as a sealed row's, so that none is told by it"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({SELF: 30, ON_SITE: 9}, {SELF: 39}),
        ({SELF: 30, ON_SITE: 10}, {SELF: 30, ON_SITE: 10}),
        ({SELF: 3, INTERVIEW: 15}, {INTERVIEW: 18}),
        ({SELF: 2, ON_SITE: 2}, {SELF: 4}),
        ({INTERVIEW: 4}, {INTERVIEW: 4}),
        ({}, {}),
    ],
)
def test_small_channels_are_merged(before: dict[Channel, int], after: dict[Channel, int]) -> None:
    assert Counter(merge_small_channels(list(Counter(before).elements()), least=10)) == Counter(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({SELF: 30, ON_SITE: 1, INTERVIEW: 2}, {SELF: 31, INTERVIEW: 2}),
        ({SELF: 2, ON_SITE: 12, INTERVIEW: 30}, {ON_SITE: 14, INTERVIEW: 30}),
        ({ON_SITE: 3, INTERVIEW: 15}, {ON_SITE: 3, INTERVIEW: 15}),
    ],
)
def test_a_round_that_weighs_its_parts_merges_within_each(
    before: dict[Channel, int], after: dict[Channel, int]
) -> None:
    """Whoever answered alone at the office is not left alone because interviews are weighed."""
    channels = list(Counter(before).elements())
    assert Counter(merge_small_channels(channels, least=10, within_parts=True)) == Counter(after)
