"""The same number, code or passkey shown twice at the same moment signs in once."""

from __future__ import annotations

from sqlalchemy import func, select

from models.account import SignInSession
from models.second_factor import RecoveryCode, TotpSecret
from portal.core import sign_in
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people.factors import second_step, totp
from portal.people.factors.passkeys import Site
from tests.portal.people.factors.test_passkeys import made
from tests.races.test_queue_race import AT_ONCE, at_once
from tests.support.factors import Device, give_app, give_codes, give_password, number_of
from tests.support.world import PASSWORD, World

HERE = Site("http://localhost:8000")


def waiting(count: int) -> list[str]:
    """So many sessions of the back office whose password was right."""
    found = [sign_in.sign_in("dla", PASSWORD, network="").token for _number in range(count)]
    return [token for token in found if token]


def entered(token: str, typed: str) -> bool:
    """``with_code`` from a browser that is known, so that no delay counts."""
    attempt = second_step.with_code(token, typed, network="", known=lambda _account: token)
    return attempt is not None and attempt.token is not None


def test_one_step_of_an_app_is_taken_once(app: Portal, world: World) -> None:
    with app.app_context():
        give_password(world.account["dla"])
        number = number_of(give_app(world.account["dla"]))
        tokens = waiting(AT_ONCE)
    assert sum(at_once(app, lambda: entered(tokens.pop(), number))) == 1


def test_one_waiting_session_goes_on_once(app: Portal, world: World) -> None:
    with app.app_context():
        give_password(world.account["dla"])
        give_app(world.account["dla"])
        codes = give_codes(world.account["dla"])
        (token,) = waiting(1)
    assert sum(at_once(app, lambda: entered(token, codes.pop()))) == 1
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_one_recovery_code_is_used_once(app: Portal, world: World) -> None:
    with app.app_context():
        give_password(world.account["dla"])
        give_app(world.account["dla"])
        code = give_codes(world.account["dla"])[0]
        tokens = waiting(AT_ONCE)
    assert sum(at_once(app, lambda: entered(tokens.pop(), code))) == 1
    with app.app_context(), privileged("a test counts") as session:
        used = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.used_at.is_not(None))
        assert session.scalar(used) == 1


def test_one_signature_of_a_passkey_signs_in_once(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        give_password(me)
        first = sign_in.sign_in("dla", PASSWORD, network="").token or ""
        device = made(first, me, Device(HERE.origin, counts=False))
        (token,) = waiting(1)
        options = second_step.ask_to_sign(token, HERE)
        assert options is not None
        answer = device.sign(options)

    def sign() -> bool:
        attempt = second_step.with_passkey(token, answer, network="", site=HERE)
        return attempt is not None and attempt.token is not None

    assert sum(at_once(app, sign)) == 1


def test_two_windows_that_begin_an_app_make_one_secret(app: Portal, world: World) -> None:
    me = world.account["dla"]

    def begin() -> str:
        try:
            totp.begin(me)
        except Refused as refused:
            return str(refused)
        return ""

    said = at_once(app, begin)
    assert set(said) <= {"", "Another window of yours set this up at the same moment"} and "" in said
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(TotpSecret)) == 1
