"""Second factors as signing in and the gate ask for them: who has one, and of whose desk one is demanded.

How a factor is set up, shown and taken away stands in portal/people.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models.account import Account, Role
from models.onboarding import PeopleSetting
from models.second_factor import Passkey, TotpSecret
from models.sector import USUAL_SECTOR


def held(system: Session | Connection, account_id: int) -> bool:
    """True where an account has an app that was confirmed, or a passkey. ``system``: of no person."""
    app = select(TotpSecret.id).where(
        TotpSecret.account_id == account_id, TotpSecret.confirmed_at.is_not(None)
    )
    passkey = select(Passkey.id).where(Passkey.account_id == account_id)
    return bool(system.scalar(select(or_(app.exists(), passkey.exists()))))


def demanded(session: Session, role: Role, sector_id: Any = USUAL_SECTOR) -> bool:
    """True where the setting of a sector's back office demands a second factor of this role."""
    setting = select(PeopleSetting.factor_roles).where(PeopleSetting.sector_id == sector_id)
    return role.value in (session.scalar(setting) or ())


def missing(session: Session, account_id: int, role: Role) -> bool:
    """True where one is demanded of a desk of this role, and the account has none.

    Of who is of no sector the first one's back office demands it.
    """
    own = select(Account.sector_id).where(Account.id == account_id).scalar_subquery()
    return demanded(session, role, func.coalesce(own, USUAL_SECTOR)) and not held(session, account_id)
