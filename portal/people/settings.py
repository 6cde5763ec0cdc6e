"""What the back office has decided about accounts, and who makes them by it."""

from __future__ import annotations

from sqlalchemy import select

from models.account import Role
from models.onboarding import PeopleSetting
from models.phones import read_phone
from models.sector import USUAL_SECTOR
from portal.core import audit
from portal.core.access import ROLES, Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db, sector_here
from portal.core.errors import Refused
from portal.core.scopes import Reach
from portal.core.sent.versions import require_version


def current() -> PeopleSetting:
    """The settings of the sector as they are; as they begin where nobody has saved any (not in the session).

    Rows that anybody signed in reads: in the session of the desk.
    """
    kept = _kept()
    return kept or PeopleSetting(
        single=True, provinces_make_accounts=True, factor_roles=[], help_name="", help_phone=""
    )


def _kept() -> PeopleSetting | None:
    """The row of the desk's sector."""
    here = PeopleSetting.sector_id == (sector_here() or USUAL_SECTOR)
    return db.session.scalar(select(PeopleSetting).where(here))


def save(
    *,
    provinces_make_accounts: bool,
    factor_roles: list[str],
    help_name: str,
    help_phone: str,
    seen_version: int,
) -> None:
    """Save what was decided. Raises Stale where somebody else saved since the page was made."""
    kept = _kept()
    require_version(kept, seen_version)
    with audit.act("people_setting.save"):
        if kept is None:
            kept = PeopleSetting(single=True)
            db.session.add(kept)
        kept.provinces_make_accounts, kept.factor_roles = provinces_make_accounts, factor_roles
        kept.help_name, kept.help_phone = help_name, read_phone(help_phone).stored


def makes_accounts(actor: Actor) -> bool:
    """True for who may make accounts in bulk: the back office, and a province where it lets provinces."""
    if actor.role is None or not can(actor, P.ACCOUNTS_MAKE):
        return False
    return ROLES[actor.role].reach is not Reach.PROVINCE or current().provinces_make_accounts


def require_making(actor: Actor) -> None:
    """Raise Refused where the back office makes the accounts itself."""
    if not makes_accounts(actor):
        raise Refused("The DLA makes the accounts of agencies itself now: ask it for those that are missing")


#: the roles of which a second factor can be demanded, in the order of the form
FACTOR_ROLES: tuple[Role, ...] = tuple(ROLES)
