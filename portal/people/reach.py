"""To which province alone an account belongs: at whose agencies all its rights lie that have not ended.

Each new right narrows it in the database (migration 0019): somebody may issue a code at the same moment.
After a right has ended it is settled here, by the portal's time.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.orm import Session

from models.account import Account, Grant
from models.agency import Agency
from portal.core import clock


def settle(session: Session, account_ids: Iterable[int] | None = None) -> None:
    """Give each account its province anew; None: every account.

    An account whose rights have all ended stays where it was: nobody gains anything by its code. Accounts are
    locked before anything is read, so that a right given at the same moment is seen or waits.
    """
    which = true() if account_ids is None else Account.id.in_(list(account_ids))
    session.execute(select(Account.id).where(which).order_by(Account.id).with_for_update(key_share=True))
    rights = select(Grant.id).where(
        Grant.account_id == Account.id, or_(Grant.valid_until.is_(None), Grant.valid_until > clock.now())
    )
    within = (
        rights.with_only_columns(func.max(Agency.province_id))
        .select_from(Grant)
        .outerjoin(Agency, Agency.id == Grant.agency_id)
        # of agencies only, and all of one province
        .having(func.count(func.distinct(func.coalesce(Agency.province_id, 0))) == 1)
        .correlate(Account)
        .scalar_subquery()
    )
    moved = rights.correlate(Account).exists() & Account.province_id.is_distinct_from(within)
    change = update(Account).where(which, moved).values(province_id=within)
    session.execute(change, execution_options={"synchronize_session": False})
