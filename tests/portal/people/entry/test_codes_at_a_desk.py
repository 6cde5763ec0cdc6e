"""A code issued at a desk: whom the back office and a province may let in, and what the wall says itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import ProgrammingError

from models.account import Account, ActivationCode, Grant, Role
from models.audit import AuditEvent
from models.granting import Notice
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import accounts, reach
from portal.people.entry import codes
from tests.support.world import NOW, PASSWORD, World, acting_as

pytestmark = pytest.mark.postgres


def issued(world: World, desk: str, account_id: int) -> str:
    """A code that the desk issues, in a transaction as a page's."""
    actor = world.actor(desk)
    with writing(), acting_as(actor):
        _account, code = codes.issue(account_id, actor=actor)
        db.session.commit()
    return code


def kept() -> list[tuple[int, int | None, int | None]]:
    with privileged("a test looks") as session:
        columns = (ActivationCode.account_id, ActivationCode.issued_by_id, ActivationCode.province_id)
        return [(row[0], row[1], row[2]) for row in session.execute(select(*columns))]


@pytest.mark.parametrize(("desk", "place"), [("dla", None), ("province", "52")])
def test_a_code_says_at_whose_desk_it_was_issued_and_opens_the_account(
    app: Portal, world: World, desk: str, place: str | None
) -> None:
    person = world.account["executive"]
    with app.app_context():
        first, code = issued(world, desk, person), issued(world, desk, person)
        assert kept() == [(person, world.account[desk], world.province[place] if place else None)]
        with pytest.raises(Refused):
            accounts.activate(first, PASSWORD)
        assert accounts.activate(code, PASSWORD)
        with privileged("a test looks") as session:
            events = session.scalars(select(AuditEvent).where(AuditEvent.act == "account.issue_code")).all()
            assert [(event.row, event.account_id) for event in events] == [
                (str(person), world.account[desk])
            ] * 2
            told = session.scalars(select(Notice).where(Notice.account_id == person)).all()
            assert [notice.kind for notice in told] == ["code", "code"]


@pytest.mark.parametrize(
    "person", ["executive_other", "province", "province_other", "dla", "nacc", "assessor", "nobody"]
)
def test_a_province_issues_none_for_others_nor_for_itself(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            issued(world, "province", world.account.get(person, 99))
        assert kept() == []


def test_a_province_issues_none_for_somebody_with_a_right_elsewhere_until_it_has_ended(
    app: Portal, world: World
) -> None:
    """Also one that begins next year."""
    person = world.account["executive"]
    begins = NOW + timedelta(days=300)
    with app.app_context():
        with writing(), privileged("a right elsewhere") as session:
            other = Grant(
                account_id=person, role=Role.EXECUTIVE, agency_id=world.agency["b1"], valid_from=begins
            )
            session.add(other)
            session.flush()
            key = other.id
        with pytest.raises(NotFound):
            issued(world, "province", person)
        with writing(), privileged("it ends") as session:
            session.get_one(Grant, key).valid_until = NOW
            session.flush()
            reach.settle(session, [person])
        assert issued(world, "province", person)


@pytest.mark.parametrize(
    ("person", "active", "why"),
    [("assessor", True, "confirmed by another"), ("executive", False, "shut"), ("nacc", True, "by command")],
)
def test_a_code_is_not_issued_to_a_shut_account_the_nacc_nor_by_one_to_a_power_right(
    app: Portal, world: World, person: str, active: bool, why: str
) -> None:
    with app.app_context():
        with writing(), privileged("the account as the case has it") as session:
            session.get_one(Account, world.account[person]).active = active
        with pytest.raises(Refused, match=why):
            issued(world, "dla", world.account[person])
        assert kept() == []


def test_nobody_has_no_code(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(NotFound):
        issued(world, "dla", 99)


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    ("person", "place", "by"),
    [
        ("executive_other", "52", "province"),  # somebody else's person
        ("executive", "81", "province"),  # as another province
        ("executive", "52", "dla"),  # in another's name
        ("dla", "52", "province"),  # an office
        ("province", "52", "province"),  # oneself
    ],
)
def test_the_wall_refuses_a_code_that_is_not_the_province_s_to_issue(
    app: Portal, world: World, person: str, place: str, by: str
) -> None:
    """Straight to the database, as whoever writes a view that forgets to ask."""
    with app.app_context():
        row = {
            "account_id": world.account[person],
            "code_hash": b"h" * 32,
            "expires_at": NOW,
            "issued_by_id": world.account[by],
            "province_id": world.province[place],
        }
        with acting_as(world.actor("province")), pytest.raises(ProgrammingError, match="row-level security"):
            db.session.connection().execute(insert(ActivationCode).inline().values(row))
        assert kept() == []


@pytest.mark.only("postgres")
def test_no_desk_reads_what_a_code_is_checked_by(app: Portal, world: World) -> None:
    with app.app_context():
        issued(world, "province", world.account["executive"])
        for desk in ("province", "dla"):
            with acting_as(world.actor(desk)):
                assert db.session.scalar(select(func.count(ActivationCode.id))) == 1
                with pytest.raises(ProgrammingError, match="permission denied"):
                    db.session.scalar(select(ActivationCode.code_hash))


def test_a_code_is_seen_by_its_own_province_only(app: Portal, world: World) -> None:
    with app.app_context():
        issued(world, "dla", world.account["executive"])
        for desk, seen in (("province", 1), ("province_other", 0), ("dla", 1)):
            with acting_as(world.actor(desk)):
                assert db.session.scalar(select(func.count(ActivationCode.id))) == seen
