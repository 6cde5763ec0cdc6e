"""Lost passwords: one request of an account waits, a newer code answers it, and each desk sees its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Account
from models.audit import AuditEvent
from models.job import Job
from models.onboarding import LostPassword, LostState
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import accounts
from portal.people.entry import lost
from tests.factories.base import Make
from tests.factories.onboarding import LostPasswordFactory
from tests.support.world import NOW, PASSWORD, World, acting_as

pytestmark = pytest.mark.postgres
PHONE = "0 2555 0100"
LATER = NOW + timedelta(hours=1)


def ask(username: str, phone: str = PHONE, network: str = "192.0.2.1") -> timedelta:
    return lost.ask(username, phone=phone, network=network)


def states(account_id: int) -> list[tuple[LostState, str]]:
    with privileged("a test looks") as session:
        rows = session.scalars(
            select(LostPassword).where(LostPassword.account_id == account_id).order_by(LostPassword.id)
        )
        return [(row.state, row.phone) for row in rows]


def give_code(account_id: int) -> str:
    with writing(), privileged("a test's code") as session:
        return accounts.issue_code(session, session.get_one(Account, account_id))


def listed(world: World, person: str) -> list[str]:
    with acting_as(world.actor(person)):
        found = [row.request.account.username for row in lost.waiting(10)]
        assert lost.count() == len(found)
        return found


def test_whatever_name_is_asked_for_it_is_heard_in_the_same_way(app: Portal, world: World) -> None:
    with app.app_context():
        for name in ("executive", " EXECUTIVE ", "nobody.at.all"):
            assert ask(name) == timedelta(0)
        assert states(world.account["executive"]) == [(LostState.WAITING, PHONE)]


def test_who_asks_twice_waits_once_with_the_number_typed_last(app: Portal, world: World) -> None:
    with app.app_context():
        ask("executive", "08 1234 5678")
        ask("executive", "0 2555 0199")
        assert states(world.account["executive"]) == [(LostState.WAITING, "0 2555 0199")]


def test_a_shut_account_asks_for_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test shuts an account") as session:
            session.get_one(Account, world.account["executive"]).active = False
        assert ask("executive") == timedelta(0)
        assert states(world.account["executive"]) == []


def test_where_an_address_is_proved_a_mail_is_sent_and_nobody_is_troubled(app: Portal, world: World) -> None:
    person = world.account["executive"]
    with app.app_context():
        with writing(), privileged("a test's address") as session:
            account = session.get_one(Account, person)
            account.email = "somebody@example.go.th"
            account.email_proved_at = NOW
        ask("executive")
        assert states(person) == []
        with privileged("a test looks") as session:
            (job,) = session.scalars(select(Job))
            assert job.arguments == {"account": person, "purpose": "reset"}


@pytest.mark.parametrize("limit", ["name", "network"])
def test_who_asks_again_and_again_waits(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(lost, limit.upper(), lost.Limit(1, 60))
    with app.app_context():
        assert ask("executive") == timedelta(0)
        again = ask("executive", network="192.0.2.9") if limit == "name" else ask("province")
        assert timedelta(seconds=50) < again <= timedelta(seconds=60)
        other = ask("province") if limit == "name" else ask("executive", network="192.0.2.9")
        assert other == timedelta(0), "nobody else waits for it"


def test_each_desk_sees_its_own_and_a_code_takes_it_off_the_list(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        for name in ("executive", "agency_admin_other", "assessor"):
            ask(name)
        assert listed(world, "province") == ["executive"]
        assert listed(world, "province_other") == ["agency_admin_other"]
        assert listed(world, "dla") == ["executive", "agency_admin_other", "assessor"]
        clock(LATER)
        code = give_code(world.account["executive"])
        assert listed(world, "province") == []
        assert states(world.account["executive"]) == [(LostState.WAITING, PHONE)], "until it is used"
        accounts.activate(code, PASSWORD)
        assert states(world.account["executive"]) == [(LostState.ANSWERED, PHONE)]
        assert listed(world, "province") == []


def test_who_lost_the_new_code_too_asks_anew(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    person = world.account["executive"]
    with app.app_context():
        ask("executive", "08 1234 5678")
        clock(LATER)
        give_code(person)
        clock(LATER + timedelta(hours=1))
        ask("executive", PHONE)
        assert states(person) == [(LostState.ANSWERED, "08 1234 5678"), (LostState.WAITING, PHONE)]
        assert listed(world, "province") == ["executive"]


def test_a_request_is_refused_once_by_a_desk_that_sees_it(app: Portal, world: World) -> None:
    with app.app_context():
        ask("executive")
        with privileged("a test looks") as session:
            key = session.scalars(select(LostPassword.id)).one()
        with pytest.raises(NotFound), acting_as(world.actor("province_other")) as actor:
            lost.refuse(key, actor=actor)
        with acting_as(world.actor("province")) as actor:
            lost.refuse(key, actor=actor)
        with pytest.raises(Refused, match="decided already"), acting_as(world.actor("dla")) as actor:
            lost.refuse(key, actor=actor)
        assert states(world.account["executive"]) == [(LostState.REFUSED, PHONE)]
        with privileged("a test looks") as session:
            acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "lost_password")))
        assert "lost_password.refuse" in acts


def test_accounts_that_the_back_office_does_not_keep_are_told_apart(app: Portal, world: World) -> None:
    with app.app_context():
        ask("nacc")
        ask("executive")
        with acting_as(world.actor("dla")):
            by_command = {row.request.account.username: row.by_command for row in lost.waiting(10)}
    assert by_command == {"nacc": True, "executive": False}


def test_the_longest_wait_stands_first_and_so_many_as_asked_for(
    app: Portal, world: World, make: Make
) -> None:
    for person, hours in (("executive", 1), ("agency_admin", 3), ("agency_admin_other", 2)):
        with app.app_context(), privileged("a test looks") as session:
            account = session.get_one(Account, world.account[person])
            session.expunge_all()
        make(LostPasswordFactory, account=account, asked_at=NOW - timedelta(hours=hours))
    with app.app_context(), acting_as(world.actor("dla")):
        names = [row.request.account.username for row in lost.waiting(2)]
        assert names == ["agency_admin", "agency_admin_other"] and lost.count() == 3
