"""Lanes: counted and by a clock that the test moves; nobody here waits for time to pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from portal.core.serving.lanes import CROWDED, Bounds, Full, Lane
from tests.support.rsgi import awaited

LONG = 1000.0


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class People:
    """People who come to one lane: who is in, who was refused, who waits."""

    def __init__(
        self, *, waiting: int = 3, beginners: int = 1, patience: float = LONG, hurried: float | None = None
    ) -> None:
        self.clock = Clock()
        self.lane = Lane(Bounds(2, waiting, beginners, patience, hurried), clock=self.clock)
        self.inside: list[str] = []
        self.refused: list[str] = []
        self._doors: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, *names: str, begins: bool = False, since: float | None = None) -> None:
        for name in names:
            self._doors[name] = asyncio.Event()
            came = self.clock.now if since is None else since
            self._tasks.append(asyncio.create_task(self._stay(name, came, begins)))
            await settled()

    async def go(self, *names: str) -> None:
        for name in names:
            self._doors[name].set()
            await settled()

    async def _stay(self, name: str, since: float, begins: bool) -> None:
        try:
            async with self.lane.place(since=since, begins=begins):
                self.inside.append(name)
                await self._doors[name].wait()
                self.inside.remove(name)
        except Full:
            self.refused.append(name)

    async def end(self) -> None:
        for door in self._doors.values():
            door.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def settled() -> None:
    """Let everybody who can go on do so."""
    for _step in range(10):
        await asyncio.sleep(0)


def tried(what: Callable[[People], Awaitable[None]], people: People) -> None:
    async def play() -> None:
        await what(people)
        await people.end()

    awaited(play())
    assert (people.lane.waiting, people.lane._free) == (0, 2), "nobody is left behind, no place is lost"


def test_so_many_are_served_the_next_wait_in_their_order_and_the_rest_is_refused_at_once() -> None:
    async def play(people: People) -> None:
        await people.come(*"abcdefg")
        assert (people.inside, people.refused, people.lane.waiting) == ([*"ab"], [*"fg"], 3)
        await people.go("a")
        assert people.inside == ["b", "c"], "who waited longest"
        await people.come("h")
        assert people.refused == [*"fg"], "a place to wait came free with it"
        await people.go(*"bcde")
        assert people.inside == ["h"]

    tried(play, People())


def test_who_begins_is_refused_while_who_has_finished_still_waits() -> None:
    async def play(people: People) -> None:
        await people.come(*"ab")
        await people.come(*"cd", begins=True)
        await people.come(*"ef")
        assert (people.refused, people.lane.waiting) == (["d"], 3)

    tried(play, People())


def test_who_has_finished_goes_before_who_begins() -> None:
    async def play(people: People) -> None:
        await people.come(*"ab")
        await people.come("c", begins=True)
        await people.come(*"de")
        await people.go("a")
        assert people.inside == [*"bd"]
        await people.go(*"bd")
        assert people.inside == [*"ec"]

    tried(play, People())


def test_a_place_that_comes_as_patience_ends_is_handed_on() -> None:
    async def play(people: People) -> None:
        await people.come(*"abcd")
        people.lane._finished[0].cancel()  # as the end of patience does, a step before it is told
        people._doors["a"].set()
        await settled()
        assert people.inside == [*"bd"]

    tried(play, People())


def test_who_came_too_long_ago_is_refused_however_few_wait() -> None:
    async def play(people: People) -> None:
        await people.come(*"ab")
        await people.come("c", since=people.clock.now - LONG)
        assert people.refused == ["c"]
        await people.come("d", since=people.clock.now - LONG + 1)
        assert people.lane.waiting == 1

    tried(play, People())


@pytest.mark.parametrize(("hurried", "refused"), [(LONG / 10, ["c", "d"]), (None, ["c"])])
def test_after_a_refusal_nobody_waits_for_long_until_the_crowd_is_over(
    hurried: float | None, refused: list[str]
) -> None:
    async def play(people: People) -> None:
        half = LONG / 2
        await people.come(*"ab")
        await people.come("c", since=people.clock.now - LONG)
        await people.come("d", since=people.clock.now - half)
        assert people.refused == refused
        await people.come("e", since=people.clock.now)
        people.clock.now += CROWDED
        await people.come("f", since=people.clock.now - half)
        assert people.refused == refused and people.lane.waiting >= 2

    tried(play, People(waiting=9, hurried=hurried))


def test_a_free_place_is_given_to_whoever_comes_however_late() -> None:
    """Work that can be done now is done: to refuse it would help nobody."""

    async def play(people: People) -> None:
        await people.come("a", since=people.clock.now - 2 * LONG)
        assert people.inside == ["a"]

    tried(play, People())


def test_who_waits_is_refused_when_nobody_leaves() -> None:
    """The places are held; the end of patience is the only thing that can happen."""

    async def play(people: People) -> None:
        await people.come(*"abc")
        while not people.refused:
            await asyncio.sleep(0)
        assert (people.inside, people.refused, people.lane.waiting) == ([*"ab"], ["c"], 0)
        await people.go("a")
        await people.come("d")
        assert people.inside == ["b", "d"], "the place was not lost with who gave up"

    tried(play, People(patience=0.01))


def test_a_place_is_given_back_after_trouble() -> None:
    async def play(people: People) -> None:
        for _time in range(5):
            with pytest.raises(ZeroDivisionError):
                async with people.lane.place(since=people.clock.now):
                    raise ZeroDivisionError
        await people.come(*"ab")
        assert people.inside == [*"ab"]

    tried(play, People())
