"""A person's own factors: added with a fresh sign-in or the password, taken away with the password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.account import Account, SignInSession
from models.audit import AuditEvent
from models.second_factor import RecoveryCode
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.sessions import begin_session
from portal.core.web import Portal
from portal.people.factors import own_factors
from tests.portal.people.factors.test_passkeys import made
from tests.support.factors import give_app, give_codes, give_password
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.postgres


@pytest.fixture
def me(world: World) -> int:
    return world.account["dla"]


@pytest.fixture
def token(app: Portal, me: int) -> Iterator[str]:
    with app.app_context():
        give_password(me)
        with writing(), privileged("a test signs in") as session:
            token = begin_session(session, session.get_one(Account, me))
        yield token


def count(table: type) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_there_is_is_told_in_one_piece(token: str, me: int, world: World) -> None:
    assert not own_factors.of(me).any
    give_app(me)
    made(token, me)
    give_codes(me)
    found = own_factors.of(me)
    assert (found.app_since, found.count, found.codes_left) == (NOW, 2, 10)
    assert [(key.name, key.host, key.used_at) for key in found.keys] == [("กุญแจทดลอง", "localhost", None)]
    assert not own_factors.of(world.account["nacc"]).any


def test_the_password_is_asked_for_where_a_factor_is_there_and_signing_in_was_a_while_ago(
    token: str, me: int, clock: Callable[[object], None]
) -> None:
    late = NOW + own_factors.LATELY + timedelta(seconds=1)
    clock(late)
    assert not own_factors.proof_needed(me, token), "the first factor"
    give_app(me)
    assert own_factors.proof_needed(me, token)
    clock(NOW)
    assert not own_factors.proof_needed(me, token)
    assert own_factors.proof_needed(me, "no session")


def test_the_password_proves_and_wrong_ones_wait(token: str, me: int) -> None:
    own_factors.prove(me, PASSWORD)
    for _number in range(own_factors.PROOFS.burst):
        with pytest.raises(Refused, match="does not fit") as refused:
            own_factors.prove(me, "wrong")
        assert refused.value.field == "password"
    with pytest.raises(Refused, match="Try again in"):
        own_factors.prove(me, PASSWORD)


def test_the_last_factor_takes_the_recovery_codes_along_and_another_keeps_them(token: str, me: int) -> None:
    give_app(me)
    made(token, me)
    give_codes(me)
    own_factors.remove_app(me)
    assert count(RecoveryCode) == 10
    (key,) = own_factors.of(me).keys
    own_factors.remove_passkey(me, key.id)
    assert count(RecoveryCode) == 0 and not own_factors.of(me).any
    with privileged("a test looks") as session:
        query = select(AuditEvent.before).where(AuditEvent.act == "factor.remove").order_by(AuditEvent.id)
        said = list(session.scalars(query))
    assert said == [{"factor": "app"}, {"factor": "passkey", "name": "กุญแจทดลอง"}]


def test_what_is_not_there_is_not_found(token: str, me: int) -> None:
    with pytest.raises(NotFound):
        own_factors.remove_app(me)
    with pytest.raises(NotFound):
        own_factors.remove_passkey(me, 1)


def test_forgetting_takes_everything_of_one_account_alone(token: str, me: int, world: World) -> None:
    other = world.account["nacc"]
    for one in (me, other):
        give_app(one)
        give_codes(one)
    with writing(), privileged("two officers") as session:
        own_factors.forget(session.connection(), me)
    assert not own_factors.of(me).any and own_factors.of(me).codes_left == 0
    assert own_factors.of(other).any and own_factors.of(other).codes_left == 10
    assert count(SignInSession) == 0
