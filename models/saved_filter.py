"""How a person wants a list: the columns and page size last chosen, and narrowings kept under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.account import Role
from models.base import Base, Keyed, OwnOnly, Versioned, enum_column

IS_DEFAULT = text("is_default")


class AtOwnDesk:
    """Named exception of the scopes: a row of who wrote it at a desk; a shared one is read by its office.

    ``reach`` and ``place`` say which office that is, so that both walls can compare them (0: the country).
    """


class SavedFilter(Keyed, Versioned, AtOwnDesk, Base):
    """A list's address under a name: narrowing, order, columns, page size. It opens nothing by itself."""

    __tablename__ = "saved_filter"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("account_id", "role", "place", "list", "name"),
        Index(
            "uq_saved_filter_default",
            "account_id",
            "role",
            "place",
            "list",
            unique=True,
            sqlite_where=IS_DEFAULT,
            postgresql_where=IS_DEFAULT,
        ),
        Index("ix_saved_filter_list_role_place", "list", "role", "place"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    reach: Mapped[str] = mapped_column(String(16))
    place: Mapped[int] = mapped_column(default=0)
    #: the endpoint of the generated view
    list: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shared: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    #: whose it is, in words: a colleague's account is not read at every desk
    by: Mapped[str] = mapped_column(String(160), default="", server_default="")

    def __str__(self) -> str:
        return self.name


class ListChoice(OwnOnly, Base):
    """The columns and the page size that a person last chose for a list; None: as the list comes."""

    __tablename__ = "list_choice"
    __audited__ = False

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    list: Mapped[str] = mapped_column(String(60), primary_key=True)
    columns: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    page_size: Mapped[int | None]
