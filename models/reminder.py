"""E-mails to late agencies: the rules by which they go out, who gets none by rule, each one that was made."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CountryOnly, Keyed, enum_column
from models.letter import ProvinceOrCountry
from models.round import Stage

#: a rule looks ahead no further (days)
FARTHEST = 60


class ReminderRule(Keyed, CountryOnly, Base):
    """So many days before the end of a stage, whoever lacks something in it gets an e-mail."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        Index("uq_reminder_rule_round_id_stage_days", "round_id", "stage", "days", unique=True),
        CheckConstraint(f"days BETWEEN 0 AND {FARTHEST}", name="days"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    #: 0: on the last day itself
    days: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())


class ReminderStop(ProvinceOrCountry, Base):
    """An agency that gets no e-mails by rule in a round; its province and the country's offices see it."""

    __tablename__ = "reminder_stop"

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    at: Mapped[datetime]
    #: name and office as they were
    by: Mapped[str] = mapped_column(String(260))


class MailState(enum.Enum):
    """Where an e-mail stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    #: the server that it was for takes it never
    REFUSED = "refused"
    #: the line broke while it was handed over: it may have arrived, and is not sent again by itself
    UNSURE = "unsure"
    #: its day was over, or reminders were stopped before it left
    STOPPED = "stopped"
    #: there is no server here: it lies in the outbox to be read
    HELD = "held"


class ChaseMail(Keyed, ProvinceOrCountry, Base):
    """One e-mail to a late agency: once for each agency, address and day, by a person or by a rule.

    Address and text go after their term; that it was sent stays. The agency's own desk never reads it.
    """

    __tablename__ = "chase_mail"
    #: many at once, by statement: each is told to the record when it is made
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("participation_id", "day", "address"),
        UniqueConstraint("rule_id", "participation_id", "day"),
        Index("ix_chase_mail_state_next_at", "state", "next_at"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
    )

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"))
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    #: None: a person sent it
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("reminder_rule.id"))
    #: the job in which a person sends it; None: by rule
    job_id: Mapped[int | None] = mapped_column(index=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    #: None once its term was over
    address: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.WAITING)
    made_at: Mapped[datetime]
    #: after this moment it leaves no more
    until: Mapped[datetime]
    #: by the machine's clock: when it is tried next, and how often it was
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    #: why it did not leave; never a word of it
    fault: Mapped[str] = mapped_column(String(120), default="", server_default="")
    #: name and office as they were; "" by rule
    by: Mapped[str] = mapped_column(String(260), default="")
