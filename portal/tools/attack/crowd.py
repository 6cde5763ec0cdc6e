"""The respondents of the attacked portal: each with an ID, a loopback address and answers of their own.

They come one after the other, so that a thief who stands at the door knows the order exactly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle, islice
from urllib.parse import urlencode

from sqlalchemy import select

from models.survey import SurveyLink
from portal.ballot.box import Box
from portal.ballot.interviews import box_of
from portal.ballot.questionnaire import Questionnaire, load_questionnaire
from portal.core.database.session import privileged
from portal.tools.attack.linking import Person
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.respondents import FORM, FormReader
from portal.tools.drill.server import HOST

#: one in so many also sends what is refused: the same ID with another form, and an ID that does not fit
REFUSED_EVERY = 40
#: how many answer in a box: 20 to 60 people are the group to hide in
SIZES = (12, 25, 46)
_TOKEN = 'name="t" value="'  # noqa: S105 - how a page begins a form's token


@dataclass
class Respondent(Person):
    """A person with what they type, and where they come from."""

    citizen_id: str = field(default="", repr=False)
    address: str = ""


@dataclass
class Surveyed:
    """A box with its link and its people."""

    box: Box
    code: str
    questionnaire: Questionnaire
    people: list[Respondent] = field(default_factory=list)


def surveyed(round_id: int, boxes: int) -> list[Surveyed]:
    """The first boxes of a round that have a living link, each with so many people in turn."""
    with privileged("attack: links") as session:
        links = session.scalars(
            select(SurveyLink).where(SurveyLink.revoked_at.is_(None)).order_by(SurveyLink.id).limit(boxes)
        ).all()
        kinds = {link.instrument for link in links}
        forms = {kind: load_questionnaire(session, round_id, kind) for kind in kinds}
        found = [
            Surveyed(box_of(session, link.participation, link.instrument), link.code, forms[link.instrument])
            for link in links
        ]
    assert len(found) == boxes, "every agency that was prepared has two links"
    ids, number = made_up_ids(1), 0
    for one, size in zip(found, cycle(SIZES), strict=False):
        for citizen_id in islice(ids, size):
            number += 1
            one.people.append(Respondent(b"", citizen_id=citizen_id, address=_address(number)))
    return found


def _address(number: int) -> str:
    """An own address of this machine for each: what is written down of it can be told from the server's."""
    return f"127.77.{100 + number // 100}.{100 + number % 100}"


def in_turn(boxes: Sequence[Surveyed]) -> Iterator[tuple[Surveyed, Respondent]]:
    """Everybody, in the order in which they come: people of all boxes mixed."""
    coming = [(one, person) for one in boxes for person in one.people]
    random.SystemRandom().shuffle(coming)
    return iter(coming)


class Door:
    """The real server's door, through which a respondent loads the form and sends it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._number = 0
        self._choices: dict[str, dict[str, list[str]]] = {}
        #: IDs that were typed and refused: they may be nowhere either
        self.refused: list[str] = []

    def answer(self, where: Surveyed, person: Respondent) -> None:
        """One respondent's visit; the person then knows their encoded answer and their form's value.

        Raises ConnectionError where the answer is not taken.
        """
        with closing(
            HTTPConnection(HOST, self._port, timeout=60, source_address=(person.address, 0))
        ) as line:
            hidden = self._open_form(line, where)
            chance = random.SystemRandom()
            choices = self._choices[where.code]
            chosen = {name: chance.choice(values[-3:]) for name, values in choices.items()}
            filled = {**hidden, "id": person.citizen_id, **chosen}
            if (status := _send(line, where.code, filled)) != 303:
                raise ConnectionError(f"an answer was not taken: {status}")
            person.answer = where.questionnaire.encode(_by_slot(chosen))
            self._number += 1
            if self._number % REFUSED_EVERY == 0:
                self._refused(line, where, filled)

    def _refused(self, line: HTTPConnection, where: Surveyed, filled: Mapping[str, str]) -> None:
        again = {**filled, **self._open_form(line, where)}
        wrong = _with_another_last_digit(filled["id"])
        found = [_send(line, where.code, again), _send(line, where.code, {**again, "id": wrong})]
        if found != [409, 422]:
            raise ConnectionError(f"what had to be refused was answered {found}")
        self.refused.append(wrong)

    def _open_form(self, line: HTTPConnection, where: Surveyed) -> dict[str, str]:
        """The hidden fields of a form that was just opened; its questions are read once for each link."""
        line.request("GET", f"/s/{where.code}")
        page = line.getresponse().read().decode()
        if where.code not in self._choices:
            reader = FormReader()
            reader.feed(page)
            self._choices[where.code] = reader.choices
        start = page.index(_TOKEN) + len(_TOKEN)
        return {"t": page[start : page.index('"', start)]}


def _with_another_last_digit(citizen_id: str) -> str:
    return citizen_id[:-1] + str((int(citizen_id[-1]) + 1) % 10)


def _by_slot(chosen: Mapping[str, str]) -> dict[int, int]:
    return {int(name.removeprefix("q")): int(value) for name, value in chosen.items() if name[0] == "q"}


def _send(line: HTTPConnection, code: str, filled: Mapping[str, str]) -> int:
    line.request("POST", f"/s/{code}", urlencode(filled), FORM)
    answer = line.getresponse()
    answer.read()
    return answer.status
