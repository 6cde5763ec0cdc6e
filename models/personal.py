"""What becomes of personal data: requests about one's own, and the record that rosters were erased."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CountryOnly, Keyed, ParticipationOwned, Versioned, enum_column
from models.letter import StoredFile
from models.participation import Participation
from models.round import Round


class RequestKind(enum.Enum):
    """What a person asks for: rights of sections 30, 36 and 33 of the PDPA (B.E. 2562)."""

    SEE = "see"
    CORRECT = "correct"
    REMOVE = "remove"


class RequestWay(enum.Enum):
    """How a request reached the agency."""

    IN_PERSON = "in_person"
    CALLED = "called"
    LETTER = "letter"
    MAIL = "mail"


class RequestOutcome(enum.Enum):
    """How a request was answered."""

    DONE = "done"
    REFUSED = "refused"


class RefusalGround(enum.Enum):
    """Why a request is refused. A list and no free text: that could repeat what the person wants gone."""

    NOT_PROVEN = "not_proven"
    OTHERS_HARMED = "others_harmed"
    LAW_FORBIDS = "law_forbids"
    NOTHING_WRONG = "nothing_wrong"
    ERASED = "erased"
    WITHDRAWN = "withdrawn"


class DataRequest(Keyed, Versioned, ParticipationOwned, Base):
    """One request about a row of a roster. It holds no personal data: those stand in the row alone."""

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint("due_on > received_on", name="due"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(ground IS NULL) = (outcome IS NULL OR outcome <> 'refused')", name="ground"),
        Index(
            "uq_data_request_waiting",
            "participation_id",
            "number",
            "kind",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    #: NULL where the row was taken off the roster since
    roster_entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("roster_entry.id", ondelete="SET NULL"), index=True
    )
    #: the row's number on the roster
    number: Mapped[int]
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    way: Mapped[RequestWay] = mapped_column(enum_column(RequestWay))
    received_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    registered_by: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[RequestOutcome | None] = mapped_column(enum_column(RequestOutcome))
    ground: Mapped[RefusalGround | None] = mapped_column(enum_column(RefusalGround))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(200), default="")

    participation: Mapped[Participation] = relationship()

    @property
    def is_open(self) -> bool:
        """True until it was answered."""
        return self.answered_at is None


class RosterErasure(Keyed, CountryOnly, Base):
    """That the personal data of a round's rosters were erased: begun once, and finished once. No names."""

    __tablename__ = "roster_erasure"
    __unaudited__ = ("data",)
    __table_args__ = (
        Index("uq_roster_erasure_round_id", "round_id", unique=True),
        CheckConstraint("(finished_at IS NULL) = (data IS NULL)", name="finished"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    #: the last day on which the data were kept
    kept_until: Mapped[date] = mapped_column(Date)
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: what the certificate says, from the end of the work
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: NULL until it was printed; that print is kept
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    round: Mapped[Round] = relationship()
    file: Mapped[StoredFile | None] = relationship()
