"""Changes of agencies in several hands: an agency ends once, and what is made is made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeState
from portal.core.acting import acting
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.register import applying
from portal.register.changes import change_or_404
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from tests.support.changes import TODAY, change_of, confirmed, drafted, made, merged, renewed
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.world import World, row

SENT = {
    "holds_from": "9/11/2561",
    "rests_on": "ประกาศ",
    "into": "",
    "kind": "sao",
    "code": "",
    "version": "0",
}


def count(app: Portal, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(Agency).where(*where)) or 0


def told(app: Portal, act: Callable[[], object]) -> Callable[[], str]:
    """What came of an act in its own thread: "done", or the refusal's words."""

    def run() -> str:
        with app.app_context():
            try:
                act()
            except (Refused, Stale) as refused:
                return refused.message_id
            return "done"

    return run


def test_two_merges_of_one_agency_are_one(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        district = session.get_one(Agency, world.agency["a1"]).district_id
    people = visitors(app, world, *["dla"] * AT_ONCE)
    forms = [
        SENT | {"name": f"รวม {n}", "district": str(district), "others-0-agency": str(world.agency["a2"])}
        for n in range(AT_ONCE)
    ]
    answers = pressed(people, f"/admin/agencies/{world.agency['a1']}/change/merged", *forms)
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count(AgencyChange.id))) == 1


def test_a_change_that_several_confirm_is_made_once(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
    acts = [told(app, lambda: confirmed(world, change_id)) for _n in range(AT_ONCE)]
    assert sorted(at_once(acts)).count("done") == 1
    assert count(app, Agency.name == "เกาะคาท่าผา") == 1


def test_a_day_that_comes_in_several_workers_comes_once(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา", day=date(2018, 12, 1)))
        confirmed(world, change_id)
    clock("2018-12-01T00:01:00+07:00")
    at_once([told(app, applying.apply_due)] * AT_ONCE)
    assert count(app, Agency.name == "เกาะคาท่าผา") == 1


def test_the_day_and_who_takes_back_are_one_of_both(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", into="a2", day=date(2018, 12, 1)))
        confirmed(world, change_id)
    clock("2018-12-01T00:01:00+07:00")

    def take_back() -> None:
        with acting(world.actor("dla")) as actor:
            applying.take_back(change_or_404(change_id), actor=actor)

    at_once([told(app, applying.apply_due), told(app, take_back)])
    with app.app_context():
        state = change_of(change_id).state
        assert state in (ChangeState.APPLIED, ChangeState.DRAFT)
        assert row(Agency, world.agency["a1"]).active is (state is ChangeState.DRAFT)


def test_an_undoing_and_a_new_change_of_the_same_agency_do_not_both_come_through(
    app: Portal, world: World
) -> None:
    """Whoever is second meets what the first wrote: the register has never half of both."""
    with app.app_context():
        first = made(world, "a1", renewed(world, "a1", "เกาะคาหนึ่ง"))
        second = renewed(world, "a1", "เกาะคาสอง")

    def undo() -> None:
        with acting(world.actor("dla")) as actor:
            applying.undo(change_or_404(first), reason="ผิด", actor=actor)

    came = at_once([told(app, undo), told(app, lambda: made(world, "a1", second))])
    with app.app_context():
        name, state = row(Agency, world.agency["a1"]).name, change_of(first).state
    assert came[1] == "done" and name == "เกาะคาสอง"
    assert state is (ChangeState.UNDONE if came[0] == "done" else ChangeState.APPLIED)


def test_a_change_and_an_import_of_one_agency_come_one_after_the_other(app: Portal, world: World) -> None:
    table = read_agencies(
        "รหัส อปท.,ประเภท,ชื่อ,รหัสอำเภอ\n05520401,ทต.,เกาะคานำเข้า,5204\n".encode(), "register.csv"
    )
    with app.app_context():
        change_id = drafted(world, "a1", renewed(world, "a1", "เกาะคาเปลี่ยน", TODAY, code="05520401"))

    def bring() -> None:
        with writing(), privileged("a test imports") as session:
            apply_registry(session, table)

    came = at_once([told(app, lambda: confirmed(world, change_id)), told(app, bring)])
    assert came == ["done", "done"]
    with app.app_context():
        change, name = change_of(change_id), row(Agency, world.agency["a1"]).name
        assert name in ("เกาะคาเปลี่ยน", "เกาะคานำเข้า")
        last_was_the_change = name == "เกาะคาเปลี่ยน"
        before = change.changes[0]["before"]["name"]
        assert before == ("เกาะคานำเข้า" if last_was_the_change else "เกาะคา"), "what it found is kept"
