"""Who entered a part of an agency's data in a round, so that nobody judges what they entered themselves."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, enum_column
from models.participation import Participation


class Part(enum.Enum):
    """What is entered by one person and judged by another: headcount and roster, or the OIT checklist."""

    PREPARATION = "preparation"
    DISCLOSURE = "disclosure"


class Contributor(Keyed, ParticipationOwned, Base):
    """A person who once entered, changed or submitted something of a part; written by core/contributors."""

    __tablename__ = "contributor"
    __table_args__ = (UniqueConstraint("participation_id", "part", "account_id"),)
    __audited__ = False

    part: Mapped[Part] = mapped_column(enum_column(Part))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    first_at: Mapped[datetime]

    participation: Mapped[Participation] = relationship()
