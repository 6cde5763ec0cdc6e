"""Who comes in by a token: the desk as on screen, and nobody once token, right or account have ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.account import Account, Grant
from models.api_token import ApiToken
from models.audit import AuditEvent
from models.thai import local_day
from portal.core.acting import acting
from portal.core.api import tokens as coming_in
from portal.core.database.session import db, privileged, writing
from portal.core.delays import Limit
from portal.core.web import Portal
from portal.people import keeping, tokens
from tests.support.api import Reader, reader, token_of
from tests.support.client import client_of
from tests.support.factors import demand_of
from tests.support.lines import saying
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
Clock = Callable[[object], None]


def status(app: Portal, token: str) -> int:
    return Reader(app, token).get("/me").status_code


def test_a_token_acts_for_its_desk_and_is_stored_as_a_hash(app: Portal, world: World) -> None:
    token = token_of(app, world, "province")
    assert Reader(app, token).read("/me") == {
        "name": "ผู้ใช้ทดลอง province",
        "role": "province",
        "place": "จังหวัดลำปาง",
        "province_id": world.province["52"],
        "agency_id": None,
    }
    with app.app_context(), privileged("a test looks") as session:
        row = session.scalars(select(ApiToken)).one()
        assert token.encode() not in row.token_hash and row.used_on == local_day(NOW)
        said = [str(event.after) for event in session.scalars(select(AuditEvent))]
    assert not any(token in text for text in said)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ita_nobodys-token-0123456789", "Basic ita_x", "Bearer ita_ไทย"]
)
def test_without_a_token_that_works_nothing_is_read(app: Portal, header: str) -> None:
    raw = header.encode().decode("latin-1")
    answer = client_of(app).get("/api/v1/me", headers={"Authorization": raw} if raw else {})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.get_json()["title_th"] == "ต้องใช้โทเคนของโปรแกรม"


def test_neither_a_session_nor_a_token_in_the_address_opens_the_api(
    app: Portal, world: World, client_as: Callable[[str], object]
) -> None:
    signed_in = client_as("nacc")
    assert signed_in.get("/api/v1/me").status_code == 401  # type: ignore[attr-defined]
    token = token_of(app, world, "nacc")
    assert client_of(app).get(f"/api/v1/me?token={token}").status_code == 401
    answer = Reader(app, token).get("/me")
    assert "Set-Cookie" not in answer.headers


def test_it_opens_nothing_after_its_last_day(app: Portal, world: World, clock: Clock) -> None:
    token = token_of(app, world, "dla", days=30)
    clock(NOW + timedelta(days=30) - timedelta(seconds=1))
    assert status(app, token) == 200
    clock(NOW + timedelta(days=30))
    assert status(app, token) == 401


def test_it_ends_with_the_right_at_its_desk(app: Portal, world: World) -> None:
    token = token_of(app, world, "dla")
    with app.app_context(), writing(), privileged("the right ends") as session:
        session.info["unrecorded"] = True
        session.execute(update(Grant).where(Grant.id == world.grant["dla"]).values(valid_until=NOW))
    assert status(app, token) == 401


def test_a_shut_account_loses_it_for_good(app: Portal, world: World) -> None:
    token = token_of(app, world, "province")
    with app.app_context():
        for active in (False, True):
            with acting(world.actor("dla")) as actor:
                account = db.session.get_one(Account, world.account["province"])
                keeping.set_active(account, active=active, actor=actor)
            assert status(app, token) == 401


def test_who_is_signed_out_everywhere_loses_it(app: Portal, world: World) -> None:
    token = token_of(app, world, "province")
    with app.app_context(), writing():
        keeping.end_sessions(world.account["province"])
    assert status(app, token) == 401


def test_a_desk_that_demands_a_second_factor_has_none_by_token(app: Portal, world: World) -> None:
    token = token_of(app, world, "province")
    with app.app_context():
        demand_of("province")
    answer = Reader(app, token).get("/me")
    assert (answer.status_code, answer.json["status"]) == (403, 403)


def test_the_first_use_stands_in_the_record_once(app: Portal, world: World) -> None:
    programme = reader(app, world, "dla")
    programme.read("/me")
    programme.read("/me")
    with app.app_context(), privileged("a test counts") as session:
        acts = select(func.count()).where(AuditEvent.act == "api_token.first_use")
        assert session.scalar(acts) == 1


def test_who_asks_too_often_is_told_when_to_come_again(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming_in, "ASKED", Limit(2, 60))
    programme = reader(app, world, "dla")
    answers = [programme.get("/me") for _number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    with app.app_context():
        another = tokens.make(world.account["dla"], world.grant["dla"], name="อีกอัน", days=30)
    assert status(app, another) == 429, "another token of the same person is no way round"


def test_a_network_that_tries_tokens_is_slowed_down(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming_in, "WRONG", Limit(1, 60))
    wrong = f"{coming_in.PREFIX}{'x' * 43}"
    assert [status(app, wrong) for _number in range(2)] == [401, 429]


def test_no_line_says_a_token(app: Portal, world: World) -> None:
    token = token_of(app, world, "dla")
    with saying() as said:
        Reader(app, token).get("/me")
        Reader(app, token).get("/nowhere")
    assert said.lines
    assert token not in said.text
