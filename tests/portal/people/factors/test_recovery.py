"""Recovery codes: ten, each once, hashed with a key; new ones end the old; the person is told of a use."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.granting import Notice
from models.second_factor import RecoveryCode
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people.factors import recovery
from tests.support.factors import give_app
from tests.support.world import World

pytestmark = pytest.mark.postgres


def taken(account_id: int, typed: str) -> bool:
    with writing(), privileged("a test types") as session:
        return recovery.take(session, account_id, typed)


def left(account_id: int) -> int:
    with privileged("a test counts") as session:
        return recovery.left(session, account_id)


def test_each_of_ten_codes_works_once_however_it_is_typed(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        give_app(me)
        codes = recovery.make(me)
        assert len(set(codes)) == 10 and all(re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", one) for one in codes)
        assert taken(me, codes[0].lower().replace("-", " ")) and not taken(me, codes[0])
        assert taken(me, codes[1]) and left(me) == 8
        assert not taken(world.account["nacc"], codes[2]), "of this person alone"
        assert not taken(me, "") and not taken(me, "AAAAA-AAAAA")


def test_the_person_reads_of_a_used_code_and_no_code_is_stored_or_recorded(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        give_app(me)
        codes = recovery.make(me)
        assert taken(me, codes[3])
        with privileged("a test looks") as session:
            told = session.scalars(select(Notice).where(Notice.account_id == me)).one()
            assert (told.kind, told.values) == ("recovery_code", {"left": 9})
            events = session.scalars(select(AuditEvent).where(AuditEvent.act.like("factor.%"))).all()
            assert [(event.act, event.row) for event in events] == [
                ("factor.add", str(me)),
                ("factor.codes", str(me)),
                ("factor.code_used", str(me)),
            ]
            stored = b"".join(session.scalars(select(RecoveryCode.code_hash)))
            plain = codes[3].replace("-", "")
            assert not any(plain in f"{event.after}{event.before}" for event in events)
            assert plain.encode() not in stored


def test_new_codes_end_the_old(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        give_app(me)
        old = recovery.make(me)
        new = recovery.make(me)
        assert left(me) == 10 and not taken(me, old[0]) and taken(me, new[0])


def test_without_a_factor_there_is_nothing_to_recover(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(Refused, match="app or a passkey first"):
        recovery.make(world.account["dla"])


@pytest.mark.parametrize(
    ("typed", "code"), [("ABCDE-FGHJK", True), ("abcde fghjk", True), ("123456", False), ("", False)]
)
def test_a_code_is_told_from_the_digits_of_an_app(typed: str, code: bool) -> None:
    assert recovery.looks_like_one(typed) is code
