"""What a person is told about their account: in words, newest first, until it is put away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.granting import Notice
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import notices
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory, NoticeFactory
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
VALUES = {
    "role": "executive",
    "place": "เทศบาลตำบลเกาะคา",
    "by": "นาง ก",
    "person": "นาย ข",
    "other": "นาง ค",
    "capacity": "acting",
    "first": "9 พ.ย. 2561",
    "last": "30 พ.ย. 2561",
    "order": "1/2561",
}


def told(app: Portal) -> dict[int, str]:
    """Which account was told what kind of thing."""
    with app.app_context(), privileged("a test looks") as session:
        return {row.account_id: row.kind for row in session.scalars(select(Notice))}


def tell(app: Portal, grant_id: int) -> None:
    with app.app_context(), writing(), privileged("a right is given") as session:
        notices.tell_of_grant(session, session.get_one(Grant, grant_id), by="นาง ก")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("given", "ท่านได้รับสิทธิ “ผู้บริหาร” (เทศบาลตำบลเกาะคา) โดย นาง ก"),
        ("given_beside", "นาย ข ได้รับสิทธิ “ผู้บริหาร” (เทศบาลตำบลเกาะคา) โดย นาง ก"),
        ("ended", "สิทธิ “ผู้บริหาร” (เทศบาลตำบลเกาะคา) ของท่านสิ้นสุดแล้ว โดย นาง ก"),
        (
            "appointed",
            "ท่านได้รับแต่งตั้งเป็นรักษาการ – ผู้บริหาร (เทศบาลตำบลเกาะคา) ตั้งแต่ 9 พ.ย. 2561"
            " ถึง 30 พ.ย. 2561 ตามคำสั่งที่ 1/2561 โดย นาง ก",
        ),
        (
            "appointment_ended_beside",
            "นาย ข พ้นจากการเป็นรักษาการ – ผู้บริหาร (เทศบาลตำบลเกาะคา) แล้ว สิ้นสุดโดย นาง ก",
        ),
        (
            "handed_over_beside",
            "นาง ค รับหน้าที่ “ผู้บริหาร” (เทศบาลตำบลเกาะคา) ต่อจาก นาย ข ตั้งแต่ 9 พ.ย. 2561 ระบุโดย นาง ก",
        ),
        ("restored_beside", "บัญชีของ นาย ข ได้รับรหัสเปิดใช้งานใหม่จากนาง ก"),
        ("code", "มีการออกรหัสเปิดใช้งานบัญชีของท่าน โดย นาง ก"),
    ],
)
def test_each_kind_is_told_in_words(app: Portal, world: World, make: Make, kind: str, words: str) -> None:
    with app.app_context():
        with writing(), privileged("a notice") as session:
            notices.tell(session, world.account["executive"], kind, **VALUES)
        with acting_as(world.actor("executive")):
            (line,) = notices.unread()
    assert line.text == words and line.at == NOW


NEEDED = {"left": "3"}


@pytest.mark.parametrize("kind", notices.WORDS)
def test_no_kind_of_notice_lacks_a_value(app: Portal, world: World, kind: str) -> None:
    with app.app_context():
        with writing(), privileged("a notice") as session:
            notices.tell(session, world.account["executive"], kind, **(VALUES | NEEDED))
        with acting_as(world.actor("executive")):
            (line,) = notices.unread()
    assert "%(" not in line.text


def test_who_sits_at_the_same_place_is_told_of_a_colleague_and_nobody_else(
    app: Portal, world: World, make: Make
) -> None:
    here = {"role": Role.EXECUTIVE, "agency_id": world.agency["a1"]}
    new = make(GrantFactory, **here)
    ended = make(GrantFactory, valid_until=NOW, **here)
    shut = make(GrantFactory, account=make(AccountFactory, active=False), **here)
    tell(app, new.id)
    assert told(app) == {
        new.account_id: "given",
        world.account["agency_admin"]: "given_beside",
        world.account["executive"]: "given_beside",
    }
    assert not {ended.account_id, shut.account_id} & set(told(app))


def test_in_the_country_those_of_the_same_role_are_told(app: Portal, world: World, make: Make) -> None:
    new = make(GrantFactory, role=Role.DLA)
    tell(app, new.id)
    assert told(app) == {new.account_id: "given", world.account["dla"]: "given_beside"}


@pytest.mark.parametrize(
    ("role", "place", "beside"),
    [
        (Role.PROVINCE, "81", {"province_other"}),
        (Role.INTERVIEWER, "body1", {"assessor", "interviewer"}),
        (Role.AGENCY_ADMIN, "b2", set()),
    ],
)
def test_a_place_is_an_agency_a_province_or_a_body(
    app: Portal, world: World, make: Make, role: Role, place: str, beside: set[str]
) -> None:
    where = {"81": {"province_id": world.province.get(place)}, "body1": {"body_id": world.body.get(place)}}
    new = make(GrantFactory, role=role, **where.get(place, {"agency_id": world.agency.get(place)}))
    tell(app, new.id)
    expected = {world.account[person]: "given_beside" for person in beside}
    assert told(app) == expected | {new.account_id: "given"}


def test_the_newest_ten_are_shown_and_put_away_up_to_the_one_that_was_read(
    app: Portal, world: World, make: Make
) -> None:
    """What came while the page was read stays."""
    with app.app_context(), privileged("a test looks") as session:
        person = session.get_one(Account, world.account["province"])
        session.expunge_all()
    rows = [
        make(NoticeFactory, account=person, values={"by": str(number)}, at=NOW - timedelta(days=20 - number))
        for number in range(12)
    ]
    other = make(NoticeFactory)
    with app.app_context():
        with acting_as(world.actor("province")):
            shown = [line.id for line in notices.unread()]
            assert shown == [row.id for row in reversed(rows)][: notices.MOST]
            notices.put_away(rows[9].id)
        with acting_as(world.actor("province")):
            assert [line.id for line in notices.unread()] == [rows[11].id, rows[10].id]
            notices.put_away(other.id)
        with acting_as(world.actor("province")):
            assert notices.unread() == []
        with privileged("a test looks") as session:
            assert session.get_one(Notice, other.id).seen_at is None, "nobody puts away another's"


def test_nobody_beside_is_nobody_told(app: Portal) -> None:
    with app.app_context(), writing(), privileged("nobody") as session:
        notices.tell_all(session, [], "code", by="นาง ก")
    assert told(app) == {}
