"""How agencies of a round are shared out among assessor bodies: rules, conflicts of interest, each act."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.agency import Agency
from models.assessor import AssessorBody
from models.base import Base, CountryOnly, Keyed, Versioned, enum_column
from models.place import Province
from models.round import Round

LONGEST_WHY = 500


class Weight(enum.Enum):
    """What counts as load where a rule shares agencies out among several bodies."""

    AGENCIES = "agencies"
    #: names in the roster: what is judged
    ROSTER = "roster"
    #: the EIT minimum of the roster: what is drawn and called
    SAMPLE = "sample"


class Together(enum.Enum):
    """What stays with one body where a rule shares agencies out."""

    PROVINCE = "province"
    DISTRICT = "district"
    NOTHING = "nothing"


class AssessorRule(Keyed, Versioned, CountryOnly, Base):
    """One rule of a round: these agencies go to these bodies. Of several that fit the first one holds.

    An empty list of provinces, districts, kinds or sizes leaves it open. Bodies and places are kept by their
    ids in the row, so that an event of the record holds the whole rule; a body that is gone gets nothing.
    """

    __tablename__ = "assessor_rule"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    #: the order; of equal places the older rule comes first
    position: Mapped[int]
    province_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    district_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    sizes: Mapped[list[str]] = mapped_column(JSON, default=list)
    body_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    weight: Mapped[Weight] = mapped_column(enum_column(Weight), default=Weight.AGENCIES)
    together: Mapped[Together] = mapped_column(enum_column(Together), default=Together.PROVINCE)


class AssessorConflict(Keyed, CountryOnly, Base):
    """A conflict of interest: a body is given no agency of a province, or not this one, in any round.

    A trigger on ``assignment`` holds it (migration 0041). What the body has already is not taken away by it.
    """

    __tablename__ = "assessor_conflict"
    __table_args__ = (
        UniqueConstraint("body_id", "province_id"),
        UniqueConstraint("body_id", "agency_id"),
        CheckConstraint("(province_id IS NULL) <> (agency_id IS NULL)", name="one_place"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("assessor_body.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_WHY))

    body: Mapped[AssessorBody] = relationship()
    province: Mapped[Province | None] = relationship()
    agency: Mapped[Agency | None] = relationship()

    def __str__(self) -> str:
        return f"{self.body}: {self.agency or self.province}"


class Source(enum.Enum):
    """What a distribution was made from."""

    RULES = "rules"
    WORKBOOK = "workbook"
    MOVE = "move"
    #: another distribution taken back
    BACK = "back"


class DistributionState(enum.Enum):
    """How far a distribution has come."""

    PLANNED = "planned"
    #: a job carries it out
    ORDERED = "ordered"
    DONE = "done"


class Distribution(Keyed, Versioned, CountryOnly, Base):
    """Agencies given to bodies in one act: first as it was planned and shown, then as it was done.

    ``asked``: what it was made from, so that it can be planned again. ``moves``: of each agency that moves
    its participation, the body before and after (None: no body) and whether work had begun. ``stays``: by
    reason, the participations that stay as they are. ``done``: the moves that were carried out.
    """

    __tablename__ = "distribution"
    __audited__ = False
    __table_args__ = (CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    state: Mapped[DistributionState] = mapped_column(
        enum_column(DistributionState), default=DistributionState.PLANNED
    )
    reason: Mapped[str] = mapped_column(String(LONGEST_WHY), default="")
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    moves: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)
    stays: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict, deferred=True)
    done: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)
    #: agencies given so far
    done_count: Mapped[int] = mapped_column(default=0)
    #: what rules, bodies and conflicts were when it was planned
    seen: Mapped[str] = mapped_column(String(64))
    #: whether agencies move whose work has begun
    with_begun: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    done_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    made_by: Mapped[Account | None] = relationship()
