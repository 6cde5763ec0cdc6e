"""A last look before a flush: what does not fit its column is refused at its field, on both databases.

SQLite takes a text of any length and fails on a whole number of 64 bits; PostgreSQL fails on both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, String, event, inspect
from sqlalchemy.orm import Session

from portal.core.database.session import ScopedSession
from portal.core.errors import DoesNotFit
from portal.core.outside import LARGEST

_LARGEST_BIG = 2**63 - 1


def listen() -> None:
    """Look before every flush of the application's sessions."""
    if not event.contains(ScopedSession, "before_flush", _look_at_all):
        event.listen(ScopedSession, "before_flush", _look_at_all)


def _look_at_all(session: Session, _context: Any, _instances: Any) -> None:
    """Look at every changed column of new and changed rows. Raises DoesNotFit, naming the field."""
    for row in [*session.new, *session.dirty]:
        state = inspect(row)
        for attribute in state.mapper.column_attrs:
            if attribute.key in state.dict and state.attrs[attribute.key].history.has_changes():
                _look(attribute.key, attribute.columns[0].type, state.dict[attribute.key])


def _look(name: str, kind: Any, value: Any) -> None:
    if isinstance(value, str) and type(kind) is String and kind.length and len(value) > kind.length:
        raise DoesNotFit("At most %(longest)s characters fit here", field=name, longest=f"{kind.length:,}")
    if isinstance(value, int) and isinstance(kind, Integer):
        most = _LARGEST_BIG if isinstance(kind, BigInteger) else LARGEST
        if not -most <= value <= most:
            raise DoesNotFit("This number is too large", field=name)
