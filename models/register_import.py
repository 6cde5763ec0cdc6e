"""What each import of the register of agencies changed: to be read, and to be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, CountryOnly, Keyed


class RegisterImport(Keyed, CountryOnly, Base):
    """One import. ``changes``: of each agency its id, and its values before (None: it was made) and after.

    The record has its own events of an import; this row is what a person works with.
    """

    __tablename__ = "register_import"
    __audited__ = False

    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: rows of the file by sort: new, changed, unchanged, wrong
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    undone_by: Mapped[Account | None] = relationship(foreign_keys=[undone_by_id])
