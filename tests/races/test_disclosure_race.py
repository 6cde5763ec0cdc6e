"""Admin and executive at the same moment: no mark stands on an answer that its executive did not see."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureState, Review
from portal.core.access import Actor
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.disclosure import answering as disclosure
from portal.disclosure import review as disclosure_review
from tests.support.checklists import answer_at, bring_to, own, stored
from tests.support.world import World, acting_as

RACES = 20


def test_no_pass_stands_on_an_answer_that_changed(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.SUBMITTED)
        admin, executive = world.actor("agency_admin"), world.actor("executive")
    wrong, passed, withdrawn = 0, 0, 0
    for race in range(RACES):
        with app.app_context():
            version, item, whole = _start(world)
        after = f"https://changed.example.go.th/{race}"
        gate = threading.Barrier(2)
        acts = [
            _thread(app, admin, gate, _change(world, item, whole, after)),
            _thread(app, executive, gate, _pass(world, item, version)),
        ]
        for thread in acts:
            thread.join()
        with app.app_context(), acting_as(executive):
            answer = answer_at(world)
            changed = [link.url for link in answer.links] == [after]
            wrong += answer.review is Review.PASS and changed
            passed += answer.review is Review.PASS
            withdrawn += changed
    assert wrong == 0
    assert passed + withdrawn == RACES, "in each race exactly one of the two was first"


def _start(world: World) -> tuple[int, int, int]:
    """Everything pending and submitted; gives the versions of answer and checklist that both pages show."""
    with writing(), privileged("the next race") as session:
        row = session.scalars(select(Disclosure)).one()
        row.state = DisclosureState.SUBMITTED
        for answer in row.answers:
            answer.review = Review.PENDING
    with acting_as(world.actor("executive")):
        answer = answer_at(world)
        return answer.version, answer.oit_item_id, stored(world).version


def _change(world: World, item: int, version: int, link: str) -> Callable[[Actor], None]:
    """The admin takes the checklist back, changes an answer and submits again: three requests."""

    def withdraw(actor: Actor) -> None:
        with acting_as(actor):
            disclosure.withdraw(own(world), version=version, actor=actor)
        with acting_as(actor):
            disclosure.save_answer(
                own(world),
                item,
                disclosed=True,
                links=[link],
                explanation="",
                version=answer_at(world).version,
                actor=actor,
            )
        with acting_as(actor):
            disclosure.submit(own(world), version=stored(world).version, actor=actor)

    return withdraw


def _pass(world: World, item: int, version: int) -> Callable[[Actor], None]:
    def press(actor: Actor) -> None:
        with acting_as(actor):
            disclosure_review.judge_item(own(world), item, Review.PASS, version=version, actor=actor)

    return press


def _thread(
    app: Portal, actor: Actor, gate: threading.Barrier, act: Callable[[Actor], None]
) -> threading.Thread:
    """Run an act as its person once both are ready; being refused is an answer."""

    def run() -> None:
        with app.app_context():
            gate.wait(10)
            try:
                act(actor)
            except (Refused, Stale):
                return

    thread = threading.Thread(target=run)
    thread.start()
    return thread
