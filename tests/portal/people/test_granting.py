"""Power rights between two officers: who may take which step from which state, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, ActivationCode, Grant, Role, SignInSession
from models.audit import AuditEvent
from models.granting import Asked, AskedState, GrantRequest, Notice
from portal.core.access import ROLES, Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.people import accounts, granting
from portal.people.factors import own_factors
from portal.people.keeping import Place
from tests.factories.base import Make
from tests.factories.onboarding import TotpSecretFactory
from tests.factories.people import AccountFactory, ActivationCodeFactory, GrantFactory, GrantRequestFactory
from tests.support import world as worlds
from tests.support.factors import give_app, give_codes
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
STEPS: dict[str, Callable[..., Any]] = {
    "confirm": granting.confirm,
    "refuse": granting.refuse,
    "withdraw": granting.withdraw,
}
ENDS = {
    "confirm": AskedState.CONFIRMED,
    "refuse": AskedState.REFUSED,
    "withdraw": AskedState.WITHDRAWN,
}
#: who takes the step, and why it is refused: "" where it is not
WHO = [
    ("asker", "confirm", "yourself"),
    ("asker", "refuse", "yourself"),
    ("asker", "withdraw", ""),
    ("second", "confirm", ""),
    ("second", "refuse", ""),
    ("second", "withdraw", "Only the officer who asked"),
    ("person", "confirm", "about yourself"),
    ("person", "refuse", "about yourself"),
    ("person", "withdraw", "Only the officer who asked"),
]


@pytest.fixture
def people(make: Make) -> dict[str, Account]:
    """The asker, a second officer, and an officer about whom it is: all of the back office."""
    made = {who: make(AccountFactory, name=who) for who in ("asker", "second", "person")}
    for account in made.values():
        make(GrantFactory, account=account)
        make(TotpSecretFactory, account=account, confirmed_at=worlds.NOW)
    return made


@pytest.fixture
def officer(app: Portal, people: dict[str, Account]) -> Callable[[str], Actor]:
    """One of these people at a desk of the back office."""

    def of(who: str) -> Actor:
        with app.app_context(), privileged("a test's actor") as session:
            grants = select(Grant.id).where(Grant.account_id == people[who].id)
            return actor_for_grant(session, session.scalars(grants).one())

    return of


def code_asked(app: Portal, world: World, make: Make) -> GrantRequest:
    """A code is asked for an assessor of the world."""
    with app.app_context():
        person = worlds.row(Account, world.account["assessor"])
    asked: GrantRequest = make(GrantRequestFactory, account=person, what=Asked.CODE, role=None)
    return asked


def step(name: str, request_id: int, actor: Actor) -> Any:
    with acting_as(actor):
        return STEPS[name](request_id, actor=actor)


@pytest.mark.parametrize(("who", "name", "why"), WHO)
def test_one_asks_and_another_decides(
    app: Portal, make: Make, people: dict[str, Account], officer: Any, who: str, name: str, why: str
) -> None:
    asked = make(
        GrantRequestFactory, account=people["person"], asked_by=people["asker"], what=Asked.CODE, role=None
    )
    actor = officer(who)
    with app.app_context():
        if why:
            with pytest.raises(Refused, match=why):
                step(name, asked.id, actor)
        else:
            step(name, asked.id, actor)
        found = worlds.row(GrantRequest, asked.id)
    if why:
        assert (found.state, found.decided_by_id, found.decided_at) == (AskedState.WAITING, None, None)
    else:
        assert (found.state, found.decided_by_id, found.decided_at) == (
            ENDS[name],
            people[who].id,
            worlds.NOW,
        )


@pytest.mark.parametrize("state", [state for state in AskedState if state is not AskedState.WAITING])
@pytest.mark.parametrize("name", STEPS)
def test_what_is_decided_stays_decided(
    app: Portal, make: Make, people: dict[str, Account], officer: Any, state: AskedState, name: str
) -> None:
    asked = make(
        GrantRequestFactory, asked_by=people["asker"], state=state, decided_by_id=people["second"].id
    )
    actor = officer("asker" if name == "withdraw" else "second")
    with app.app_context():
        with pytest.raises(Refused, match="decided already"):
            step(name, asked.id, actor)
        assert worlds.row(GrantRequest, asked.id).state is state


@pytest.mark.parametrize("name", STEPS)
def test_a_request_that_is_not_there_is_not_found(app: Portal, officer: Any, name: str) -> None:
    actor = officer("second")
    with app.app_context(), pytest.raises(NotFound):
        step(name, 99, actor)


@pytest.mark.parametrize("role", [role for role, rule in ROLES.items() if rule.second])
def test_a_confirmed_right_is_given_with_a_fresh_code_and_the_old_key_ends(
    app: Portal, world: World, make: Make, officer: Any, role: Role
) -> None:
    person = make(AccountFactory, password_hash="of the one who asked")
    make(ActivationCodeFactory, account=person)
    body = None if role is Role.DLA else world.body["body1"]
    asker, second = officer("asker"), officer("second")
    with app.app_context():
        with acting_as(asker):
            account = db.session.get_one(Account, person.id)
            request_id = granting.ask(account, role, Place(body_id=body), actor=asker).id
        with acting_as(second):
            assert [request.id for request in granting.waiting()] == [request_id]
        _account, code = step("confirm", request_id, second)
        with privileged("a test looks") as session:
            grant = session.scalars(select(Grant).where(Grant.account_id == person.id)).one()
            assert (grant.role, grant.body_id, grant.valid_until) == (role, body, None)
            stored = session.scalars(select(ActivationCode)).one()
            assert stored.code_hash == accounts.code_hash(code), "the code of before is gone"
            notices = select(Notice.kind).where(Notice.account_id == person.id).order_by(Notice.id)
            assert list(session.scalars(notices)) == ["given", "code"]
        assert worlds.row(Account, person.id).password_hash is None


def test_a_confirmed_code_ends_every_session_of_its_person(
    app: Portal, world: World, make: Make, officer: Any, client_as: Any
) -> None:
    person = client_as("assessor")
    asked = code_asked(app, world, make)
    second = officer("second")
    with app.app_context():
        step("confirm", asked.id, second)
        with privileged("a test looks") as session:
            assert session.scalars(select(SignInSession)).all() == []
    assert "/sign-in" in person.get("/").location


def shut(world: World) -> None:
    with writing(), privileged("the account is shut") as session:
        session.get_one(Account, world.account["assessor"]).active = False


def made_nacc(world: World) -> None:
    with writing(), privileged("kept by command from now on") as session:
        grant = session.get_one(Grant, world.grant["assessor"])
        grant.role, grant.body_id = Role.NACC, None


@pytest.mark.parametrize(("meanwhile", "why"), [(shut, "shut"), (made_nacc, "DLA and the NACC together")])
def test_a_request_whose_person_changed_meanwhile_gives_no_code(
    app: Portal, world: World, make: Make, officer: Any, meanwhile: Callable[[World], None], why: str
) -> None:
    asked = code_asked(app, world, make)
    second = officer("second")
    with app.app_context():
        meanwhile(world)
        with pytest.raises(Refused, match=why):
            step("confirm", asked.id, second)
        with privileged("a test looks") as session:
            assert session.scalars(select(ActivationCode)).all() == []
        step("refuse", asked.id, second)


@pytest.mark.parametrize(
    ("person", "role", "why"),
    [
        ("dla", Role.ASSESSOR, "their own rights"),
        ("nacc", Role.DLA, "kept by command"),
        ("agency_admin", Role.NACC, "kept by command"),
        ("executive", Role.DLA, "different bodies"),
        ("assessor", Role.ASSESSOR, "has this right already"),
    ],
)
def test_a_right_that_could_not_be_given_is_not_asked_for(
    app: Portal, world: World, person: str, role: Role, why: str
) -> None:
    place = Place(body_id=world.body["body1"]) if role is Role.ASSESSOR else Place()
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor), pytest.raises(Refused, match=why) as refused:
            account = db.session.get_one(Account, world.account[person])
            granting.ask(account, role, place, actor=actor)
        assert refused.value.field in {"role", ""}
        with privileged("a test looks") as session:
            assert session.scalars(select(GrantRequest)).all() == []


@pytest.mark.parametrize(
    ("person", "active", "why"),
    [("dla", True, "their own"), ("nacc", True, "set up yours first"), ("assessor", False, "shut")],
)
def test_a_code_that_could_not_be_given_is_not_asked_for(
    app: Portal, world: World, person: str, active: bool, why: str
) -> None:
    with app.app_context():
        actor = world.actor("dla")
        with writing(), privileged("the account as the case has it") as session:
            session.get_one(Account, world.account[person]).active = active
        with acting_as(actor), pytest.raises(Refused, match=why):
            granting.ask_code(db.session.get_one(Account, world.account[person]), actor=actor)


def test_one_request_waits_for_a_person_at_a_time(app: Portal, world: World, make: Make) -> None:
    """A right or a code; once the first is decided the next is asked for."""
    person, place = make(AccountFactory).id, Place(body_id=world.body["body1"])
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            account = db.session.get_one(Account, person)
            first = granting.ask(account, Role.ASSESSOR, place, actor=actor).id
            with pytest.raises(Refused, match="waits for a second officer"):
                granting.ask(account, Role.DLA, Place(), actor=actor)
        step("withdraw", first, actor)
        with acting_as(actor):
            granting.ask(db.session.get_one(Account, person), Role.INTERVIEWER, place, actor=actor)
            assert [request.role for request in granting.waiting()] == [Role.INTERVIEWER]


# -- a lost second factor -----------------------------------------------------------------------------------


def factor_asked(app: Portal, world: World, actor: Actor) -> int:
    """The assessor of the world, who has an app, lost it; another officer asks."""
    with app.app_context():
        give_app(world.account["assessor"])
        give_codes(world.account["assessor"])
        with acting_as(actor):
            person = db.session.get_one(Account, world.account["assessor"])
            asked = granting.ask_factor(person, actor=actor).id
            db.session.commit()
        return asked


def test_a_lost_factor_goes_with_a_second_officer_and_the_password_stays(
    app: Portal, world: World, officer: Any, client_as: Any
) -> None:
    asked = factor_asked(app, world, officer("asker"))
    with app.app_context():
        with pytest.raises(Refused, match="yourself"):
            step("confirm", asked, officer("asker"))
        assert own_factors.of(world.account["assessor"]).any, "never alone"
        before = worlds.row(Account, world.account["assessor"]).password_hash
        _account, code = step("confirm", asked, officer("second"))
        found = own_factors.of(world.account["assessor"])
        assert (code, found.any, found.codes_left) == (None, False, 0)
        assert worlds.row(Account, world.account["assessor"]).password_hash == before
        with privileged("a test looks") as session:
            assert session.scalars(select(ActivationCode)).all() == []
            assert session.scalars(select(SignInSession)).all() == []
            told = session.scalars(select(Notice).where(Notice.account_id == world.account["assessor"])).one()
            assert (told.kind, told.values) == ("factor_lost", {"by": "second"})
            assert session.scalars(select(AuditEvent).where(AuditEvent.act == "factor.lost")).one()


def test_a_refused_request_leaves_the_factor(app: Portal, world: World, officer: Any) -> None:
    asked = factor_asked(app, world, officer("asker"))
    with app.app_context():
        step("refuse", asked, officer("second"))
        assert own_factors.of(world.account["assessor"]).any


@pytest.mark.parametrize(
    ("person", "why"),
    [("dla", "their own"), ("nacc", "set up yours first"), ("executive", "no second factor")],
)
def test_a_factor_that_could_not_be_taken_away_is_not_asked_for(
    app: Portal, world: World, person: str, why: str
) -> None:
    with app.app_context():
        if person != "executive":
            give_app(world.account[person])
        actor = world.actor("dla")
        with acting_as(actor), pytest.raises(Refused, match=why):
            granting.ask_factor(db.session.get_one(Account, world.account[person]), actor=actor)
        assert own_factors.of(world.account[person]).any is (person != "executive")
