"""Activation codes and passwords: a code opens one account once, and what was typed wrong uses nothing up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from models.account import Account, ActivationCode, SignInSession
from models.agency import Agency
from models.participation import Participation
from models.round import Round, RoundState, Stage
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people import accounts
from portal.people.entry import own_password
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory, SignInSessionFactory
from tests.factories.rounds import ParticipationFactory
from tests.support import world as worlds
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.postgres
NEW = "an entirely new sentence"
#: cheap enough for tests, and checked by the same code
HASHED = HASHER.hash(PASSWORD)


class Slow:
    """The hasher, in whose time something happens."""

    verify = staticmethod(HASHER.verify)

    def __init__(self, hash_slowly: Callable[[str], str]) -> None:
        self.hash = hash_slowly


def code_for(account_id: int) -> str:
    with writing(), privileged("a test's code") as session:
        return accounts.issue_code(session, session.get_one(Account, account_id))


def rows(model: type[object], *where: object) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def test_a_code_is_three_groups_without_letters_that_look_alike(app: Portal) -> None:
    with app.app_context():
        code, _hash, ends = accounts.new_code()
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(accounts.CODE_LETTERS)
    assert not set("01IOL") & set(accounts.CODE_LETTERS)
    assert ends == NOW + accounts.CODE_LIFE


def test_a_thief_of_the_database_alone_cannot_try_all_codes(app: Portal, make: Make) -> None:
    """What is stored needs the vault's key, which lies outside; an older portal's code opens all the same."""
    person = make(AccountFactory).id
    with app.app_context():
        code = code_for(person)
        without_key = hashlib.sha256(code.replace("-", "").encode()).digest()
        with writing(), privileged("a test looks, then makes the row an older one") as session:
            held = select(ActivationCode).options(undefer(ActivationCode.code_hash))
            row = session.scalars(held.where(ActivationCode.account_id == person)).one()
            assert row.code_hash == accounts.code_hash(code) != without_key
            row.code_hash = without_key
            session.info["unrecorded"] = True
        app.extensions.pop("vault")
        assert accounts.activate(code, PASSWORD)


@pytest.mark.parametrize("typed", ["{}", " {} ", "no dashes", "small letters", "blanks"])
def test_a_code_is_taken_however_it_is_typed(app: Portal, make: Make, typed: str) -> None:
    person = make(AccountFactory).id
    with app.app_context():
        code = code_for(person)
        forms = {
            "no dashes": code.replace("-", ""),
            "small letters": code.lower(),
            "blanks": code.replace("-", " "),
        }
        assert accounts.activate(forms.get(typed, typed.format(code)), PASSWORD)
        account = worlds.row(Account, person)
        assert account.activated_at == NOW and HASHER.verify(account.password_hash, PASSWORD)
        assert rows(ActivationCode) == 0


@pytest.mark.parametrize("why", ["never issued", "expired", "used", "replaced"])
def test_a_code_that_does_not_hold_is_refused_in_the_same_words(
    app: Portal, make: Make, clock: Callable[[object], None], why: str
) -> None:
    person = make(AccountFactory).id
    with app.app_context():
        code = "AAAA-BBBB-CCCC" if why == "never issued" else code_for(person)
        if why == "expired":
            clock(NOW + accounts.CODE_LIFE)
        elif why == "used":
            accounts.activate(code, PASSWORD)
        elif why == "replaced":
            code_for(person)
        with pytest.raises(Refused, match="used already, has ended, or was typed differently") as refused:
            accounts.activate(code, NEW)
        assert refused.value.field == "code"


def test_a_code_holds_to_its_last_second(app: Portal, make: Make, clock: Callable[[object], None]) -> None:
    person = make(AccountFactory).id
    with app.app_context():
        code = code_for(person)
        clock(NOW + accounts.CODE_LIFE - timedelta(seconds=1))
        assert accounts.activate(code, PASSWORD)


def test_a_weak_password_leaves_the_code_for_a_better_one(app: Portal, make: Make) -> None:
    person = make(AccountFactory, username="somchai").id
    with app.app_context():
        code = code_for(person)
        for weak in ("1234567890", "somchai and more"):
            with pytest.raises(Refused) as refused:
                accounts.activate(code, weak)
            assert refused.value.field == "password"
        assert worlds.row(Account, person).password_hash is None
        assert accounts.activate(code, PASSWORD)


def test_a_forgotten_password_is_replaced_and_every_old_session_ends(app: Portal, make: Make) -> None:
    """Who forgot it gets a code; the day of the first activation stays."""
    before = NOW - timedelta(days=100)
    person = make(AccountFactory, password_hash=HASHED, activated_at=before)
    grant = make(GrantFactory, account=person)
    make(SignInSessionFactory, grant=grant)
    with app.app_context():
        code = code_for(person.id)
        assert worlds.row(Account, person.id).password_hash == HASHED, "until the code is used"
        accounts.activate(code, NEW)
        account = worlds.row(Account, person.id)
        assert HASHER.verify(account.password_hash, NEW) and account.activated_at == before
        assert rows(SignInSession, SignInSession.account_id == person.id) == 1, "the new one"


def no_window(round: Round) -> None:
    for window in [one for one in round.windows if one.stage is Stage.PREPARATION]:
        window.closes_at = NOW - timedelta(days=1)
        window.opens_at = NOW - timedelta(days=2)


def closed(round: Round) -> None:
    round.state = RoundState.CLOSED


@pytest.mark.parametrize(
    ("person", "change", "noted"),
    [
        ("agency_admin", None, True),
        ("executive", None, False),
        ("province", None, False),
        ("agency_admin", no_window, False),
        ("agency_admin", closed, False),
    ],
)
def test_only_an_agency_s_admin_does_the_first_step_by_activating_in_its_time(
    app: Portal, world: World, person: str, change: Callable[[Round], None] | None, noted: bool
) -> None:
    with app.app_context():
        if change is not None:
            with writing(), privileged("the round as the case has it") as session:
                change(session.get_one(Round, world.round_id))
        accounts.activate(code_for(world.account[person]), PASSWORD)
        found = worlds.row(Participation, world.participation["a1"]).activated_at
        assert found == (NOW if noted else None)
        assert rows(Participation, Participation.activated_at.is_not(None)) == int(noted), "no other agency"


def test_the_first_step_is_done_in_open_rounds_only(app: Portal, world: World, make: Make) -> None:
    with app.app_context(), privileged("a test looks") as session:
        agency = session.get_one(Agency, world.agency["a1"])
        session.expunge_all()
    draft = make(ParticipationFactory, agency=agency)
    with app.app_context():
        accounts.activate(code_for(world.account["agency_admin"]), PASSWORD)
        assert worlds.row(Participation, world.participation["a1"]).activated_at == NOW
        assert worlds.row(Participation, draft.id).activated_at is None


def test_a_step_that_was_done_keeps_its_day(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        accounts.activate(code_for(world.account["agency_admin"]), PASSWORD)
        clock(NOW + timedelta(days=1))
        accounts.activate(code_for(world.account["agency_admin"]), NEW)
        assert worlds.row(Participation, world.participation["a1"]).activated_at == NOW


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("not the one", NEW, "old"), (PASSWORD, "short", "new"), (PASSWORD, "tester sings loud", "new")],
)
def test_a_password_is_changed_by_who_knows_it_to_one_that_is_accepted(
    app: Portal, make: Make, old: str, new: str, field: str
) -> None:
    person = make(AccountFactory, username="tester", password_hash=HASHED).id
    with app.app_context():
        with pytest.raises(Refused) as refused:
            own_password.change_password(person, old, new, token="")
        assert refused.value.field == field
        assert worlds.row(Account, person).password_hash == HASHED


def test_a_changed_password_ends_every_session_but_the_one_it_was_changed_in(app: Portal, make: Make) -> None:
    person = make(AccountFactory, password_hash=HASHED)
    grant, other = make(GrantFactory, account=person), make(GrantFactory)
    here = hashlib.sha256(b"the token of this browser").digest()
    for token, owner in ((here, grant), (b"1" * 32, grant), (b"2" * 32, other)):
        make(SignInSessionFactory, grant=owner, token_hash=token)
    with app.app_context():
        own_password.change_password(person.id, PASSWORD, NEW, token="the token of this browser")
        assert HASHER.verify(worlds.row(Account, person.id).password_hash, NEW)
        with privileged("a test looks") as session:
            assert set(session.scalars(select(SignInSession.token_hash))) == {here, b"2" * 32}


def test_an_account_without_a_password_has_none_to_change(app: Portal, make: Make) -> None:
    person = make(AccountFactory).id
    with app.app_context(), pytest.raises(Refused, match="present password"):
        own_password.change_password(person, "", NEW, token="")


def test_a_password_changed_by_somebody_else_meanwhile_is_not_overwritten(
    app: Portal, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the new one is hashed, which takes long, a second browser changes it."""
    person = make(AccountFactory, password_hash=HASHED).id
    other = HASHER.hash("the other browser was first")
    slow = HASHER.hash

    def hash_slowly(password: str) -> str:
        with writing(), privileged("the other browser") as session:
            session.get_one(Account, person).password_hash = other
        return slow(password)

    monkeypatch.setattr(own_password, "HASHER", Slow(hash_slowly))
    with app.app_context():
        with pytest.raises(Refused, match="present password"):
            own_password.change_password(person, PASSWORD, NEW, token="")
        assert worlds.row(Account, person).password_hash == other
