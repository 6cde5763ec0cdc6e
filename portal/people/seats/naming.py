"""The person who is named for a desk: somebody with an account, or somebody who gets one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, Role, fold
from models.agency import Agency
from models.place import Province
from portal.core.access import ROLES, Actor
from portal.core.errors import Refused
from portal.core.scopes import Reach
from portal.people import keeping
from portal.people.bulk import usernames


@dataclass(frozen=True)
class Person:
    """Who is meant: by the user name of an account, or what a new account says of its person."""

    username: str = ""
    name: str = ""
    position: str = ""
    phone: str = ""
    email: str = ""


def account_of(
    session: Session, person: Person, role: Role, place: Agency | Province, actor: Actor
) -> Account:
    """The account of a person, made where no user name is given. Raises Refused.

    Below the country an account is found only where it belongs to the province alone: nobody finds out by a
    user name who has an account elsewhere.
    """
    if not person.username:
        return _new(session, person, role, place)
    found = session.scalar(select(Account).where(Account.folded_username == fold(person.username)))
    if found is None or not found.active or not _near(found, place, actor):
        raise Refused(
            "No account with this user name can be named here: look at its letters, or leave it empty and"
            " enter the person's name",
            field="username",
        )
    if found.id == actor.account_id:
        raise Refused("Nobody names themselves: somebody else does it", field="username")
    keeping.refuse_nacc(found)
    return found


def _near(account: Account, place: Agency | Province, actor: Actor) -> bool:
    if actor.role in ROLES and ROLES[actor.role].reach is Reach.COUNTRY:
        return True
    if isinstance(place, Agency):
        return account.province_id == place.province_id
    return any(grant.province_id == place.id for grant in account.grants)


def _new(session: Session, person: Person, role: Role, place: Agency | Province) -> Account:
    if not person.name:
        raise Refused("Enter name and surname, or the user name of an account", field="name")
    made = Account(
        username=_free_name(session, role, place),
        name=person.name,
        position=person.position,
        phone=person.phone,
        email=person.email,
    )
    session.add(made)
    session.flush()
    return made


def _free_name(session: Session, role: Role, place: Agency | Province) -> str:
    """The next user name by rule that nobody has; the place is held, so that two do not take one."""
    if isinstance(place, Agency):
        stem = usernames.stem_of(code=place.code, district_code=place.district.code, agency_id=place.id)
    else:
        stem = f"p{place.code}"
    return usernames.free(stem, role, usernames.taken(session, [stem]))
