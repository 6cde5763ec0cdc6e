"""What the back office does with other people's accounts: grants, codes, ending access.

Accounts of the NACC, which owns the assessment, are kept by command on the server: the back office could
otherwise make itself the NACC, or take one of its accounts over with a fresh code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role, SignInSession, fold
from models.agency import Agency
from models.thai import arabic_digits, one_line
from portal.ballot.wall import system_role
from portal.core import audit, clock, sign_in
from portal.core.access import ROLES, Actor, roles_given_by
from portal.core.api import tokens as api_tokens
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused
from portal.core.search import matching
from portal.people import accounts, notices, reach
from portal.people.terms import PLAIN, Terms, require_acting

MOST_HINTS = 5


@dataclass(frozen=True)
class Place:
    """Where a grant is to hold: at most one of the three."""

    agency_id: int | None = None
    province_id: int | None = None
    body_id: int | None = None

    def given(self) -> dict[str, Any]:
        """The one that is set, as arguments of a grant."""
        return {name: value for name, value in vars(self).items() if value is not None}


def add_account(
    *,
    username: str,
    name: str,
    email: str,
    phone: str,
    position: str = "",
    described: dict[str, Any] | None = None,
    sector_id: int | None = None,
) -> Account:
    """A new account without a right; ``sector_id`` where the desk that makes it is of none.

    Raises Refused where the name is taken.
    """
    tidy = username.strip()
    if db.session.scalar(select(Account.id).where(Account.folded_username == fold(tidy))):
        raise Refused("This user name is taken: choose another", field="username")
    with audit.act("account.create"):
        made = Account(
            username=tidy,
            name=name.strip(),
            position=position.strip(),
            email=email.strip(),
            phone=phone.strip(),
            described=described,
            sector_id=sector_id,
        )
        db.session.add(made)
        db.session.flush()
    return made


def add_grant(account: Account, role: Role, place: Place, terms: Terms = PLAIN, *, actor: Actor) -> Grant:
    """Give a grant that one officer gives alone; the person and those at the place are told.

    Raises Refused: one's own account, roles that never meet in one person, the same grant twice, a second who
    acts at a desk, an account or a role that the back office does not keep.
    """
    require_acting(role, terms)
    refuse_nacc(account)
    refuse_for_oneself(account, actor)
    require_given(role)
    if ROLES[role].second:
        raise Refused("This right is asked for by one officer and confirmed by another", field="role")
    with audit.act("account.grant"):
        grant = accounts.give_grant(db.session(), account, role, **(terms.given() | place.given()))
    notices.tell_of_grant(db.session(), grant, by=actor.name)
    return grant


def end_grant(grant: Grant, *, actor: Actor) -> None:
    """End a grant now: whoever sits at its desk loses it with the next click. Raises Refused.

    One that has not begun ends before it begins, and never holds.
    """
    refuse_nacc(grant.account)
    refuse_for_oneself(grant.account, actor)
    now = clock.now()
    if grant.valid_until is not None and grant.valid_until <= now:
        raise Refused("This right has ended already")
    if grant.follows_id is not None and grant.valid_from > now:
        raise Refused("This right follows at a desk that is handed over: take the handover back instead")
    with audit.act("account.end_grant"):
        grant.valid_until = now
        db.session.flush()
        reach.settle(db.session(), [grant.account_id])
    notices.tell(
        db.session(),
        grant.account_id,
        "ended",
        role=grant.role.value,
        place=sign_in.place_of(grant),
        by=actor.name,
    )


def set_active(account: Account, *, active: bool, actor: Actor) -> None:
    """Shut an account or open it again; a shut one is out with its next click. Raises Refused."""
    refuse_nacc(account)
    if account.id == actor.account_id:
        raise Refused("One's own account is shut by somebody else")
    with audit.act("account.activate" if active else "account.deactivate"):
        account.active = active
        db.session.flush()
    if not active:
        with system_role(db.session.connection()) as connection:
            api_tokens.end_all(connection, account.id)


def end_sessions(account_id: int) -> int:
    """Sign a person out everywhere; gives how many sessions ended. Raises NotFound, Refused."""
    with privileged("ending a person's sessions") as session:
        account = _living(session, account_id)
        query = delete(SignInSession).where(SignInSession.account_id == account.id)
        ended = list(session.scalars(query.returning(SignInSession.account_id)))
        api_tokens.end_all(session, account.id)
        audit.record(
            session, act="account.end_sessions", thing="account", row=account.id, after={"count": len(ended)}
        )
        return len(ended)


def refuse_for_oneself(account: Account, actor: Actor) -> None:
    """Raise Refused where the account is the acting person's own."""
    if account.id == actor.account_id:
        raise Refused("Nobody gives or ends their own rights: somebody else does it", field="role")


def refuse_nacc(account: Account) -> None:
    """Raise Refused for an account of the NACC."""
    if any(grant.role is Role.NACC for grant in account.grants if grant.valid_at(clock.now())):
        raise Refused("Accounts of the NACC are kept by command on the server")


def needs_second(account: Account) -> bool:
    """True for who holds a right that two officers give or restore: a code is then given by two as well."""
    rules = [ROLES[grant.role] for grant in living_grants(account)]
    return any(rule.second or rule.restored_by for rule in rules)


def living_grants(account: Account) -> list[Grant]:
    """The grants that hold now."""
    now = clock.now()
    return [grant for grant in account.grants if grant.valid_at(now)]


def find_agency(typed: str) -> Agency:
    """The agency of a code or a full name. Raises Refused, naming those that are meant perhaps."""
    text = arabic_digits(one_line(typed))
    exact = db.session.scalars(
        select(Agency).where(or_(Agency.code == text, Agency.full_name == text)).limit(MOST_HINTS + 1)
    ).all()
    if len(exact) == 1:
        return exact[0]
    near = (
        exact
        or db.session.scalars(
            select(Agency).where(matching(text, Agency)).order_by(Agency.sort_key).limit(MOST_HINTS + 1)
        ).all()
    )
    if not near:
        raise Refused("No agency has “%(text)s” in its code or name", field="agency", text=text)
    names = "; ".join(f"{row.code or '–'} {row.full_name} {row.province}" for row in near[:MOST_HINTS])
    raise Refused("Several agencies fit, type the code of one: %(names)s", field="agency", names=names)


def _living(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    refuse_nacc(account)
    return account


def require_given(role: Role) -> None:
    """Raise Refused for a role that the back office does not give."""
    if role not in roles_given_by(Role.DLA):
        raise Refused("Accounts of the NACC are kept by command on the server", field="role")
