"""What people do with a form: send it, send it twice, lose the thanks and send again. Each to its end.

Whoever has no thanks sends the same form again, as the form's page does; nobody gives up before the time.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from portal.tools.faults.boxes import Surveyed
from portal.tools.faults.ledger import HALF, OTHER, OWN, TWIN, Ledger, Person, Sending, Told
from portal.tools.faults.line import Answer, Line, get, post

_TOKEN = re.compile(rb'name="t" value="([^"]*)"')
#: a person waits so long before sending once more; nobody waits for an answer that does not come
PAUSE = 0.3
#: seconds between the end of a sending and the cut of its line
CUTS = (0.0, 0.0, 0.002, 0.01, 0.03, 0.1)

Errand = Callable[["Visitor"], None]


class NoTime(Exception):
    """The time is over before somebody was answered."""


class Visitor:
    """One person at the portal's door, and what they read there."""

    def __init__(
        self, port: int, box: Surveyed, person: Person, ledger: Ledger, *, late: Callable[[], bool]
    ) -> None:
        self._port, self._box, self.person, self._ledger = port, box, person, ledger
        self._late = late
        self._chance = random.Random(person.number)  # noqa: S311 - which moment a made-up person meets
        self._tokens: list[str] = []
        #: what was read, by what was sent
        self.read: Counter[str] = Counter()

    def open_form(self) -> int:
        """Open a form; its number. Raises NoTime."""
        while True:
            found = _TOKEN.search(self._ask(get(self._port, self._path)).page)
            if found is not None:
                self._tokens.append(found[1].decode())
                return len(self._tokens) - 1
            self.wait()

    def send(self, variant: int = OWN, form: int = 0) -> Told:
        """Send a form once."""
        sending, body = self._begin(variant, form)
        with Line(self._port, self._address) as line:
            sending.whole = line.send(body)
            return self._end(sending, line.answer())

    def send_until_told(self, variant: int = OWN, form: int = 0) -> Told:
        """Send a form again and again until it is taken or refused for good. Raises NoTime."""
        while (told := self.send(variant, form)) in {Told.NOT_NOW, Told.NOTHING, Told.OTHERWISE}:
            self.wait()
        return told

    def send_and_cut(self) -> None:
        """Send a form to its end, and cut the line before or while the thanks come."""
        sending, body = self._begin(OWN, 0)
        with Line(self._port, self._address) as line:
            sending.whole = line.send(body)
            time.sleep(self._chance.choice(CUTS))
            line.cut()
        self.read["thanks cut off"] += sending.whole
        sending.cut = True
        self._end(sending, Answer())

    def send_half(self) -> None:
        """Send a form whose answers are others, and cut the line before its end."""
        sending, body = self._begin(HALF, 0)
        with Line(self._port, self._address) as line:
            line.send(body[: self._chance.randrange(1, len(body))])
            time.sleep(self._chance.choice(CUTS))
            line.cut()
        self.read["forms cut in the middle"] += 1
        self._end(sending, Answer())

    def send_together(self, *which: tuple[int, int]) -> list[Told]:
        """Send several forms (variant, form) in the same moment: all wait for their last byte."""
        begun = [self._begin(variant, form) for variant, form in which]
        with ExitStack() as stack:
            lines = [stack.enter_context(Line(self._port, self._address)) for _one in which]
            for line, (_sending, body) in zip(lines, begun, strict=True):
                line.send(body[:-1])
            for line, (sending, body) in zip(lines, begun, strict=True):
                sending.whole = line.send(body[-1:])
            return [
                self._end(sending, line.answer()) for line, (sending, _body) in zip(lines, begun, strict=True)
            ]

    def wait(self) -> None:
        """Wait a moment before the next try. Raises NoTime."""
        if self._late():
            raise NoTime
        time.sleep(PAUSE * self._chance.uniform(0.5, 1.5))

    @property
    def _path(self) -> str:
        return f"/s/{self._box.code}"

    @property
    def _address(self) -> str:
        number = self.person.number
        return f"127.{78 + number // 40_000}.{number // 200 % 200 + 1}.{number % 200 + 1}"

    def _ask(self, request: bytes) -> Answer:
        since = time.monotonic()
        with Line(self._port, self._address) as line:
            line.send(request)
            answer = line.answer()
        self._ledger.asks(since, answer.status)
        return answer

    def _begin(self, variant: int, form: int) -> tuple[Sending, bytes]:
        choices = self._box.choices(self.person.number, variant)
        fields = {"t": self._tokens[form], "id": self.person.citizen_id}
        fields |= {f"q{slot}": str(choice) for slot, choice in enumerate(choices)}
        sending = self._ledger.begins(self.person, variant=variant, form=form)
        return sending, post(self._port, self._path, fields)

    def _end(self, sending: Sending, answer: Answer) -> Told:
        told = answer.told
        self._ledger.ends(sending, told)
        self.read[f"answers {answer.status}" if told is Told.OTHERWISE else told.value] += 1
        return told


def plain(visitor: Visitor) -> None:
    """Open, fill, send."""
    visitor.open_form()
    visitor.send_until_told()


def lost_thanks(visitor: Visitor) -> None:
    """The thanks are lost on the way; the form is sent again."""
    visitor.open_form()
    visitor.send_and_cut()
    visitor.send_until_told()


def cut_form(visitor: Visitor) -> None:
    """The line breaks while the form goes out; it is sent again."""
    visitor.open_form()
    visitor.send_half()
    visitor.send_until_told()


def pressed_twice(visitor: Visitor) -> None:
    """The same form twice in the same moment, with other answers the second time; then once more."""
    visitor.open_form()
    visitor.send_together((OWN, 0), (TWIN, 0))
    visitor.send_until_told(OWN)


def two_forms(visitor: Visitor) -> None:
    """Two forms with one ID in the same moment: one of them is taken, whichever."""
    visitor.open_form()
    second = visitor.open_form()
    told = visitor.send_together((OWN, 0), (OTHER, second))
    for (variant, form), already in zip(((OWN, 0), (OTHER, second)), told, strict=True):
        if not (already.acknowledged or already is Told.ALREADY):
            visitor.send_until_told(variant, form)


def again_later(visitor: Visitor) -> None:
    """After the thanks the same form once more, and then another with the same ID, which is refused."""
    visitor.open_form()
    visitor.send_until_told()
    visitor.send_until_told(TWIN)
    visitor.send_until_told(OTHER, visitor.open_form())


#: of a hundred people so many have each errand
SHARES: Mapping[Errand, int] = {
    plain: 50,
    lost_thanks: 22,
    pressed_twice: 10,
    cut_form: 6,
    two_forms: 6,
    again_later: 6,
}


def errand_of(number: int, shares: Mapping[Errand, int] = SHARES) -> Errand:
    """The errand of a person: mixed, and the same in every run."""
    names: Sequence[Errand] = [errand for errand, share in shares.items() for _one in range(share)]
    return names[number * 37 % len(names)]
