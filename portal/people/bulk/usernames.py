"""User names by rule: from the agency's code and the role, so that a clerk can say one on the telephone.

"05520401-admin" and "05520401-exec". An agency without a code is named by its district and its number in the
register ("d5204-7812-admin"), which is given out once and never changes: no code looks like it. Where a name
is taken, by whoever had the place before, the next one ends in a number: "05520401-admin2".
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.account import Account, Role, fold

ENDINGS = {Role.AGENCY_ADMIN: "admin", Role.EXECUTIVE: "exec", Role.PROVINCE: "staff"}
#: agencies whose names are looked up in one statement
_AT_ONCE = 100


def stem_of(*, code: str | None, district_code: str, agency_id: int) -> str:
    """What the user names of an agency begin with."""
    return code or f"d{district_code}-{agency_id}"


def taken(session: Session, stems: Iterable[str]) -> set[str]:
    """The folded user names that begin with one of these stems and are somebody's."""
    every = [fold(stem) for stem in dict.fromkeys(stems)]
    if len(every) > _AT_ONCE:  # of many agencies: every name that is by rule, in one pass
        return set(session.scalars(select(Account.folded_username)))
    begins = [Account.folded_username.startswith(f"{stem}-", autoescape=True) for stem in every]
    return set(session.scalars(select(Account.folded_username).where(or_(*begins)))) if begins else set()


def free(stem: str, role: Role, names: set[str]) -> str:
    """The next user name of this stem and role that nobody has; noted in ``names`` as taken."""
    name = base = f"{stem}-{ENDINGS[role]}"
    number = 2
    while fold(name) in names:
        name, number = f"{base}{number}", number + 1
    names.add(fold(name))
    return name
