"""Many at one desk at the same moment: receipt numbers without gap or double, one reading, one passing on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from models.delivery import Delivery, ReceiptBook
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters.inbox import desk, receiving
from tests.support.inbox import opened, sent
from tests.support.letters import Order
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.world import World, acting_as

#: so many letters are received at once
LETTERS = 10


def count(app: Portal, model: Any, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def letters(app: Portal, world: World, number: int) -> list[int]:
    """So many letters at the province's desk, each opened; their ids there."""
    with app.app_context():
        made = []
        for place in range(number):
            sent(world, order=Order(number=f"ว {place + 1}"))
            made.append(opened(world, "province"))
        return made


def test_those_who_receive_at_once_get_numbers_without_gap_or_double(app: Portal, world: World) -> None:
    """Every fifth is refused after it took its number: the number goes back with what failed."""
    keys = letters(app, world, LETTERS)

    def receive(place: int) -> bool:
        try:
            with app.app_context(), acting_as(world.actor("province")) as actor:
                delivery = desk.delivery_or_404(keys[place], actor)
                receiving.receive(delivery, number=None, moment=None, actor=actor)
                if place % 5 == 0:
                    raise Refused("This one fails at its end")
                return True
        except Refused:
            return False

    done = at_once([lambda place=place: receive(place) for place in range(LETTERS)])  # type: ignore[misc]
    assert sum(done) == LETTERS - LETTERS // 5
    with app.app_context(), privileged("a test looks") as session:
        numbers = session.scalars(select(Delivery.receipt_number).where(Delivery.receipt_number > 0))
        given = sorted(number for number in numbers if number is not None)
    assert given == list(range(1, sum(done) + 1)), "no gap and no double"
    assert count(app, ReceiptBook) == 1


def test_a_letter_is_received_once_however_many_press(app: Portal, world: World) -> None:
    (key,) = letters(app, world, 1)
    people = visitors(app, world, *["province"] * AT_ONCE)
    answers = pressed(people, f"/inbox/{key}/receive", {})
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, Delivery, Delivery.receipt_number == 1) == 1


def test_one_typed_number_is_one_letter_s(app: Portal, world: World) -> None:
    keys = letters(app, world, AT_ONCE)
    with app.app_context(), acting_as(world.actor("province")) as actor:
        receiving.keep_book(elsewhere=True, first=None, seen_version=0, actor=actor)
    people = visitors(app, world, *["province"] * AT_ONCE)
    sent_forms = [client.page() | {"number": "7", "moment": ""} for client in people]
    answers = at_once(
        [
            lambda c=client, k=key, f=form: c.post(f"/inbox/{k}/receive", data=f)  # type: ignore[misc]
            for client, key, form in zip(people, keys, sent_forms, strict=True)
        ]
    )
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, Delivery, Delivery.receipt_number == 7) == 1


def test_a_letter_is_passed_on_once_to_each_agency(app: Portal, world: World) -> None:
    (key,) = letters(app, world, 1)
    people = visitors(app, world, *["province"] * AT_ONCE)
    answers = pressed(people, f"/inbox/{key}/pass-on", {"which": "all", "note": ""})
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, Delivery, Delivery.agency_id.is_not(None)) == 2
