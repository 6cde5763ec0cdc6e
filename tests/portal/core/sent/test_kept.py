"""Forms that came after their session had ended: who sees them again, for how long, what is never kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import g, session
from sqlalchemy import select

from models.kept_form import KeptForm
from portal.core.access import SYSTEM_ACTOR, Actor
from portal.core.database.session import privileged, writing
from portal.core.sent import kept, unsent
from portal.core.web import Portal
from tests.support.respondents import citizen_id
from tests.support.world import NOW, World

PAGE = "/rounds/1/preparation"
TYPED = (("iit_total", "40"), ("reason", "ตัวเลขใหม่"))


@pytest.fixture(autouse=True)
def _request(app: Portal) -> Iterator[None]:
    """A browser, with its cookie."""
    with app.test_request_context():
        yield


@pytest.fixture
def admin(world: World) -> Actor:
    return world.actor("agency_admin")


def keep(person: Actor, address: str = PAGE, fields: tuple[tuple[str, str], ...] = TYPED) -> None:
    assert person.account_id is not None and person.grant_id is not None
    kept.keep(person.account_id, person.grant_id, address, fields)


def recalled(person: Actor, address: str = PAGE) -> tuple[tuple[str, str], ...] | None:
    """What the page of the address shows to a person."""
    g.pop("typed", None)
    kept.recall(address, person)
    shown = unsent.now_shown()
    return shown.fields if shown else None


def rows() -> list[bytes]:
    """What is stored, as it is sealed."""
    with privileged("a test looks") as database:
        return list(database.scalars(select(KeptForm.sealed).order_by(KeptForm.created_at)))


def test_who_signs_in_again_finds_what_was_typed(admin: Actor) -> None:
    keep(admin)
    assert recalled(admin) == TYPED
    assert recalled(admin) == TYPED, "looking takes nothing away"


def test_the_database_holds_no_word_of_it(admin: Actor) -> None:
    keep(admin)
    (sealed,) = rows()
    assert "ตัวเลขใหม่".encode() not in sealed and b"preparation" not in sealed


@pytest.mark.parametrize("other", ["another account", "another desk", "signed out", "another page"])
def test_nobody_else_and_no_other_page_shows_it(admin: Actor, world: World, other: str) -> None:
    keep(admin)
    somebody = {
        "another account": replace(admin, account_id=world.account["executive"]),
        "another desk": replace(admin, grant_id=world.grant["executive"]),
        "signed out": SYSTEM_ACTOR,
    }
    page = "/rounds/2/preparation" if other == "another page" else PAGE
    assert recalled(somebody.get(other, admin), page) is None


def test_another_browser_of_the_same_person_does_not_show_it(app: Portal, admin: Actor) -> None:
    keep(admin)
    with app.test_request_context():
        assert recalled(admin) is None


def test_it_is_shown_for_half_an_hour(admin: Actor, clock: Callable[[object], None]) -> None:
    keep(admin)
    clock(NOW + kept.KEPT_FOR - timedelta(seconds=1))
    assert recalled(admin) == TYPED
    clock(NOW + kept.KEPT_FOR)
    assert recalled(admin) is None


def test_a_row_that_was_moved_to_another_account_does_not_open(admin: Actor, world: World) -> None:
    """It is sealed to account, desk and address."""
    keep(admin)
    thief = world.actor("agency_admin_other")
    with writing(), privileged("a test tampers") as database:
        stored = database.scalars(select(KeptForm)).one()
        stored.account_id = world.account["agency_admin_other"]
        stored.grant_id = world.grant["agency_admin_other"]
    assert recalled(thief) is None


def test_a_citizen_id_is_never_kept(admin: Actor) -> None:
    keep(admin, fields=(("note", f"บัตร {citizen_id(1)} และเลข 1234567890123"),))
    assert recalled(admin) == (("note", "บัตร ••••••••••••• และเลข 1234567890123"),)


def test_only_the_newest_forms_of_a_person_are_kept(admin: Actor, clock: Callable[[object], None]) -> None:
    for number in range(kept.MOST + 2):
        clock(NOW + timedelta(seconds=number))
        keep(admin, f"/page/{number}")
    assert len(rows()) == len(kept.addresses()) == kept.MOST
    assert recalled(admin, "/page/1") is None
    assert recalled(admin, "/page/2") == TYPED


def test_the_desk_is_told_to_the_account_alone(admin: Actor, world: World) -> None:
    keep(admin)
    assert kept.desk_of(PAGE, world.account["agency_admin"]) == world.grant["agency_admin"]
    assert kept.desk_of(PAGE, world.account["executive"]) is None
    assert kept.desk_of("/elsewhere", world.account["agency_admin"]) is None


def test_what_was_sent_is_forgotten(admin: Actor) -> None:
    keep(admin)
    keep(admin, "/other")
    kept.erase(PAGE)
    kept.erase(PAGE)
    assert (len(rows()), list(kept.addresses())) == (1, ["/other"])
    assert recalled(admin) is None


def test_a_row_that_is_gone_shows_nothing(admin: Actor, clock: Callable[[object], None]) -> None:
    keep(admin)
    clock(NOW + kept.KEPT_FOR)
    kept.clear_expired()
    assert rows() == [] and recalled(admin) is None
    assert kept.desk_of(PAGE, admin.account_id or 0) is None


def test_what_nobody_came_back_for_goes_and_the_rest_stays(
    admin: Actor, clock: Callable[[object], None]
) -> None:
    keep(admin, "/old")
    clock(NOW + timedelta(minutes=29))
    keep(admin, "/fresh")
    clock(NOW + timedelta(minutes=31))
    kept.clear_expired()
    assert recalled(admin, "/old") is None
    assert recalled(admin, "/fresh") == TYPED


@pytest.mark.parametrize("cookie", [None, [], "x"])
def test_a_cookie_of_another_shape_holds_nothing(admin: Actor, cookie: Any) -> None:
    session["kept"] = cookie
    assert kept.addresses() == {} and recalled(admin) is None


def test_signing_in_carries_the_keys_over(admin: Actor) -> None:
    keep(admin)
    held = kept.addresses()
    session.clear()
    kept.carry_over({})
    assert "kept" not in session
    kept.carry_over(held)
    assert recalled(admin) == TYPED


def test_a_draft_on_a_device_is_named_and_locked_for_one_desk_and_thing(admin: Actor, world: World) -> None:
    mine = kept.draft_on_device(admin, "disclosure")
    assert mine == kept.draft_on_device(admin, "disclosure")
    others = [
        kept.draft_on_device(admin, "interview"),
        kept.draft_on_device(replace(admin, grant_id=world.grant["executive"]), "disclosure"),
        kept.draft_on_device(replace(admin, account_id=world.account["executive"]), "disclosure"),
    ]
    assert len({mine.name, *(other.name for other in others)}) == 4
    assert len({mine.key, *(other.key for other in others)}) == 4
    assert mine.key not in mine.name
