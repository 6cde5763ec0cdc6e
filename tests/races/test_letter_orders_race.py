"""A letter ordered several times at the same moment: one open order of a person is one job, one letter."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models.job import Job
from models.letter import LetterKind
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.letters.offices import REQUIRED, save_texts
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.races.test_sending_race import sent_at_once
from tests.support.client import client_of
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World, acting_as

LETTER = {"province": "", "number": "ว 1", "dated": "9/11/2561", "urgency": "", "references": ""}
#: person, room, kind of letter, form
ORDERS: dict[str, tuple[str, str, LetterKind, dict[str, str]]] = {
    "circulars": ("dla", "circular", LetterKind.CIRCULAR, LETTER),
    "nacc": ("nacc", "nacc", LetterKind.NACC_TO_DLA, LETTER),
    "summary": ("province", "summary", LetterKind.PROVINCE_SUMMARY, {"prepared_by": "ก", "checked_by": "ข"}),
}


def room(app: Portal, world: World, what: str) -> tuple[str, str, dict[str, str]]:
    """Set the office up; gives its person, the address of its orders and the form."""
    person, name, kind, form = ORDERS[what]
    with app.app_context(), acting_as(world.actor(person)) as actor:
        save_texts(kind, dict.fromkeys(REQUIRED[kind], "ทดลอง"), province_id=actor.province_id)
    return person, f"/rounds/{world.round_id}/letters/{name}", form


def jobs(app: Portal) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


@pytest.mark.parametrize("what", ORDERS)
def test_a_form_pressed_twice_is_one_job(app: Portal, world: World, what: str) -> None:
    person, url, form = room(app, world, what)
    (client,) = visitors(app, world, person)
    answers = sent_at_once(app, client, url, form)
    assert jobs(app) == 1
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers


@pytest.mark.parametrize("what", ORDERS)
def test_the_same_order_from_several_pages_is_one_job_while_it_is_open(
    app: Portal, world: World, clock: Any, what: str
) -> None:
    person, url, form = room(app, world, what)
    answers = pressed(visitors(app, world, *[person] * AT_ONCE), url, form)
    assert statuses(answers) == [302] * AT_ONCE
    clock("2018-11-09T10:00:07+07:00")
    (late,) = pressed(visitors(app, world, person), url, form)
    assert {answer.location for answer in (*answers, late)} == {late.location}
    assert jobs(app) == 1


def test_another_number_is_another_order(app: Portal, world: World) -> None:
    person, url, form = room(app, world, "circulars")
    forms = [{**form, "number": f"ว {place % 2}"} for place in range(AT_ONCE)]
    assert statuses(pressed(visitors(app, world, *[person] * AT_ONCE), url, *forms)) == [302] * AT_ONCE
    assert jobs(app) == 2


def test_what_two_officers_order_is_each_ones_own(app: Portal, world: World, make: Make) -> None:
    """A job runs under the right of who asked: the end of one's right does not end the other's order."""
    person, url, form = room(app, world, "circulars")
    (first,), second = visitors(app, world, person), client_of(app)
    second.sign_in_as(make(GrantFactory).account_id)
    second.csrf_token()
    assert statuses(pressed([first, second], url, form)) == [302, 302]
    assert jobs(app) == 2
