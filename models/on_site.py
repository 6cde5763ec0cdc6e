"""The link by which answers are collected at an agency's own office: EIT, while its assessor asks for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, ParticipationOwned, enum_column
from models.roster import RosterVerdict


class OnSiteLink(Keyed, ParticipationOwned, Base):
    """The code of the form on a device at the office; its answers are of EIT, of the channel on site.

    It points at the judgement that asks for it, with its verdict: the database keeps none without it. A
    trigger of the counters (migration 0029) takes no answer of the channel without a link.
    """

    __tablename__ = "on_site_link"
    __table_args__ = (
        UniqueConstraint("participation_id"),
        ForeignKeyConstraint(
            ["participation_id", "verdict"],
            ["roster_judgement.participation_id", "roster_judgement.verdict"],
            name="fk_on_site_link_judgement",
        ),
        CheckConstraint("verdict = 'collect_on_site'", name="asked"),
    )
    #: the code is a key to a form: the record says only that it was made or taken back
    __unaudited__ = ("code",)

    verdict: Mapped[RosterVerdict] = mapped_column(
        enum_column(RosterVerdict), default=RosterVerdict.COLLECT_ON_SITE
    )
    code: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime]
