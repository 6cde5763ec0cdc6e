"""Letters between draft and record: one dispatch has one number, and a copy for each addressee."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.agency import Agency
from models.base import Base, Keyed, Versioned, enum_column
from models.job import Job
from models.letter import Letter, LetterKind, ProvinceOrCountry, StoredFile
from models.letter_office import LetterOffice, Signatory
from models.letter_text import Addressee, OfficeText, TextKind
from models.round import Round


class DispatchState(enum.Enum):
    """Where a letter stands between its draft and the record."""

    DRAFT = "draft"
    #: a second person has read it
    CHECKED = "checked"
    #: printed without number and date, on its way to who signs it
    SIGNING = "signing"
    #: numbered and dated: from here on nothing of it changes
    ISSUED = "issued"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"

    @property
    def final(self) -> bool:
        """True once it is in the record, whatever became of it later."""
        return self in (self.ISSUED, self.SENT, self.WITHDRAWN, self.REPLACED)


class Dispatch(Keyed, Versioned, ProvinceOrCountry, Base):
    """One letter of an office, or one circular with its copies, from the draft to the record."""

    __tablename__ = "dispatch"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("letter_office.id"), index=True)
    #: the office's own province, NULL for an office of the whole country
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    kind: Mapped[LetterKind] = mapped_column(enum_column(LetterKind))
    state: Mapped[DispatchState] = mapped_column(enum_column(DispatchState), default=DispatchState.DRAFT)
    subject: Mapped[str] = mapped_column(String(500))
    urgency: Mapped[str] = mapped_column(String(20), default="")
    #: the lines under อ้างถึง; and for each the letter in the portal that it names, None where it was typed
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)
    cited_ids: Mapped[list[int | None]] = mapped_column(JSON, default=list, server_default="[]")
    #: the provinces it goes to; NULL: every one of the round
    to_provinces: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    #: the one agency that it goes to
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    signatory_id: Mapped[int | None] = mapped_column(
        ForeignKey("signatory.id", ondelete="SET NULL"), index=True
    )
    #: which text it is made from; NULL: the usual one of its kind
    text_kind: Mapped[TextKind | None] = mapped_column(enum_column(TextKind))
    #: the version of it; NULL: the text that comes with the portal
    text_id: Mapped[int | None] = mapped_column(ForeignKey("office_text.id"))
    #: the letter that this one takes the place of
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"), unique=True)

    #: empty until it is issued
    number: Mapped[str] = mapped_column(String(80), default="")
    dated: Mapped[date | None] = mapped_column(Date)
    #: what every copy is made from, kept when it is first printed or issued
    data_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    #: the work that makes its copies
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    #: all copies for the printer, each on sheets of its own
    print_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    #: the signed paper
    scan_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    made_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    #: why it was withdrawn or replaced
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: who wrote in it last: never the person who checks it
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    round: Mapped[Round] = relationship()
    office: Mapped[LetterOffice] = relationship()
    signatory: Mapped[Signatory | None] = relationship()
    text: Mapped[OfficeText | None] = relationship()
    to_agency: Mapped[Agency | None] = relationship()
    replaces: Mapped[Dispatch | None] = relationship(remote_side="Dispatch.id")
    data_file: Mapped[StoredFile | None] = relationship(foreign_keys=[data_file_id])
    print_file: Mapped[StoredFile | None] = relationship(foreign_keys=[print_file_id])
    scan: Mapped[StoredFile | None] = relationship(foreign_keys=[scan_file_id])
    letters: Mapped[list[Letter]] = relationship(order_by=Letter.id)
    job: Mapped[Job | None] = relationship()
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
    checked_by: Mapped[Account | None] = relationship(foreign_keys=[checked_by_id])
    issued_by: Mapped[Account | None] = relationship(foreign_keys=[issued_by_id])

    def __str__(self) -> str:
        return self.number or self.subject

    @property
    def addressee(self) -> Addressee:
        """To whom it goes. Letters from before offices had texts went to the governors, or to DLA."""
        if self.text_kind is not None:
            return self.text_kind.to
        return Addressee.GOVERNORS if self.kind is LetterKind.CIRCULAR else Addressee.DLA

    @property
    def circular(self) -> bool:
        """True for a letter whose copies carry one number with ว."""
        return self.addressee.many


class NumberUse(enum.Enum):
    """What became of a number of a register."""

    RESERVED = "reserved"
    USED = "used"
    SKIPPED = "skipped"


class NumberSeries(Keyed, ProvinceOrCountry, Base):
    """A running series of an office and calendar year: the general one, or that of ว numbers."""

    __tablename__ = "number_series"
    __table_args__ = (
        Index("uq_number_series_office_id_year_circulars", "office_id", "year", "circulars", unique=True),
        CheckConstraint("first >= 1 AND last >= first - 1", name="order"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("letter_office.id", ondelete="CASCADE"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    #: Buddhist era
    year: Mapped[int]
    circulars: Mapped[bool]
    #: the first number that the portal gave, and the last
    first: Mapped[int]
    last: Mapped[int]
    #: why it does not begin with 1
    reason: Mapped[str] = mapped_column(String(300), default="")


class LetterNumber(Keyed, ProvinceOrCountry, Base):
    """One number of an office's register, used, reserved or skipped: never given twice."""

    __tablename__ = "letter_number"
    __table_args__ = (
        Index(
            "uq_letter_number_office_id_year_circulars_number",
            "office_id",
            "year",
            "circulars",
            "number",
            unique=True,
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(use = 'used') = (dispatch_id IS NOT NULL)", name="used_by"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("letter_office.id", ondelete="CASCADE"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    year: Mapped[int]
    circulars: Mapped[bool]
    number: Mapped[int]
    use: Mapped[NumberUse] = mapped_column(enum_column(NumberUse))
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"), unique=True)
    #: for what it is reserved, why it was skipped
    reason: Mapped[str] = mapped_column(String(300), default="")
    taken_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    dispatch: Mapped[Dispatch | None] = relationship()
    account: Mapped[Account | None] = relationship()
