"""Second factors as signing in and the gate ask for them: who has one, and of whose desk one is demanded.

How a factor is set up, shown and taken away stands in portal/people.
"""

from __future__ import annotations

from sqlalchemy import or_, select
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


def demanded(session: Session, role: Role, sector_id: int | None = None) -> bool:
    """True where the setting of a sector's back office demands a second factor of this role.

    Of who is of no sector the first one's back office demands it.
    """
    own = PeopleSetting.sector_id == (sector_id or USUAL_SECTOR)
    return role.value in (session.scalar(select(PeopleSetting.factor_roles).where(own)) or ())


def missing(session: Session, account: Account, role: Role) -> bool:
    """True where one is demanded of a desk of this role, and the account has none."""
    return demanded(session, role, account.sector_id) and not held(session, account.id)
