"""A person's own page: always of the own id, whatever the desk sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from models.account import Account, Grant
from portal.core import known_browser, sign_in
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Stale
from portal.core.sessions import begin_session
from portal.core.web import Portal
from portal.people import own
from tests.support.factors import give_password
from tests.support.world import NOW, PASSWORD, World, row

pytestmark = pytest.mark.postgres


@pytest.fixture
def me(app: Portal, world: World) -> Iterator[int]:
    with app.app_context():
        yield world.account["agency_admin"]


def signed_in(account_id: int) -> str:
    with writing(), privileged("a test signs in") as session:
        return begin_session(session, session.get_one(Account, account_id))


def test_name_and_the_rest_are_changed_and_a_changed_address_is_not_proved(me: int) -> None:
    with writing(), privileged("a proved address") as session:
        account = session.get_one(Account, me)
        account.email = "tester@example.go.th"
        session.flush()
        account.email_proved_at = NOW
    version = own.account(me).version
    own.change(
        me, version, name="ผู้ใช้ทดลองใหม่", position="ปลัด", phone="0811111111", email="tester@example.go.th"
    )
    assert (own.account(me).position, own.account(me).email_proved_at) == ("ปลัด", NOW)
    own.change(me, version + 1, email="another@example.go.th")
    assert own.account(me).email_proved_at is None
    with pytest.raises(Stale):
        own.change(me, version, phone="0822222222")


def test_rights_that_hold_come_first(me: int, world: World) -> None:
    with writing(), privileged("a right of before and one of later") as session:
        old = session.get_one(Grant, world.grant["agency_admin"])
        session.add(
            Grant(
                account_id=me, role=old.role, agency_id=world.agency["b1"], valid_from=NOW + timedelta(days=9)
            )
        )
        session.add(
            Grant(
                account_id=me,
                role=old.role,
                agency_id=world.agency["a2"],
                valid_from=NOW - timedelta(days=90),
                valid_until=NOW - timedelta(days=9),
            )
        )
    found = own.rights(me)
    assert [right.holds for right in found] == [True, False, False]
    assert [right.place for right in found] == [
        "เทศบาลตำบลเกาะคา",
        "องค์การบริหารส่วนตำบลไสไทย",
        "องค์การบริหารส่วนตำบลท่าผา",
    ]


def test_sessions_are_the_living_ones_of_this_person(
    me: int, world: World, clock: Callable[[object], None]
) -> None:
    signed_in(me)
    clock(NOW + sign_in.IDLE)
    here, there = signed_in(me), signed_in(me)
    signed_in(world.account["nacc"])
    clock(NOW + sign_in.IDLE + timedelta(minutes=1))
    found = own.sessions(me, here)
    assert [one.this_one for one in found] == [True, False], "what idled is over"
    own.end_one(me, found[1].key)
    assert sign_in.actor_of(there) is None and sign_in.actor_of(here) is not None
    with pytest.raises(NotFound):
        own.end_one(me, found[1].key)


def test_nobody_ends_the_session_of_another(me: int, world: World) -> None:
    foreign = signed_in(world.account["nacc"])
    (key,) = [one.key for one in own.sessions(world.account["nacc"], foreign)]
    with pytest.raises(NotFound):
        own.end_one(me, key)
    here = signed_in(me)
    assert own.end_others(me, here) == 0
    signed_in(me)
    assert own.end_others(me, here) == 1
    assert sign_in.actor_of(foreign) is not None


def test_a_forgotten_browser_is_a_stranger(me: int) -> None:
    give_password(me)
    before = known_browser.mark_of(row(Account, me))
    version = own.account(me).version
    own.forget_browsers(me)
    assert known_browser.mark_of(row(Account, me)).fingerprint != before.fingerprint
    assert own.account(me).version == version, "no form of the back office is stale for it"


def test_the_last_sign_ins_are_the_newest_of_this_account(me: int, world: World) -> None:
    give_password(me)
    sign_in.sign_in("agency_admin", "wrong", network="203.0.113.77")
    sign_in.sign_in("nacc", "wrong", network="198.51.100.1")
    for _number in range(own.NEWEST):
        sign_in.sign_in("agency_admin", PASSWORD, network="203.0.113.77")
    assert [one.act for one in own.last_sign_ins(me)] == ["sign_in"] * own.NEWEST
    assert [(one.act, one.network) for one in own.last_sign_ins(world.account["nacc"])] == [
        ("sign_in.refused", "198.51.100.0/24")
    ]
