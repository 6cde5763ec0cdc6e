"""Who has not: how far a letter has come at the desks that it was sent or passed on to, for its sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models.agency import Agency
from models.delivery import Delivery, LetterNotice, Standing
from models.dispatch import Dispatch
from models.letter_office import OfficeKind
from models.place import Province
from portal.core.database.session import db
from portal.core.search import matching
from portal.letters.inbox.desk import stands
from portal.letters.kept import LONGEST_SEARCH, PAGE
from portal.letters.paged import Paged, one_page


@dataclass(frozen=True)
class Sent:
    """The letters of one act: those of a dispatch, or those that a province passed on.

    ``of_province``: the dispatch is a province's own letter to its agencies.
    """

    dispatch_id: int | None = None
    passed_from_id: int | None = None
    of_province: bool = False

    @property
    def to_agencies(self) -> bool:
        """True for letters at the desks of agencies."""
        return self.passed_from_id is not None or self.of_province

    def whose(self) -> dict[str, int]:
        """As a job of mails names them (``noticing.order``)."""
        if self.passed_from_id is not None:
            return {"passed_from_id": self.passed_from_id}
        assert self.dispatch_id is not None, "one of both is given"
        return {"dispatch_id": self.dispatch_id}


def sent_of(dispatch: Dispatch) -> Sent:
    """The letters of a dispatch at the desks that it was sent to."""
    return Sent(dispatch_id=dispatch.id, of_province=dispatch.office.kind is OfficeKind.PROVINCE)


@dataclass(frozen=True)
class Mails:
    """What became of the mails about a letter at one desk."""

    sent: int = 0
    failed: int = 0
    fault: str = ""
    tried_at: datetime | None = None


def query_of(sent: Sent, *, search: str = "", standing: Standing | None = None) -> Select[Any]:
    """The letters at desks, narrowed to names of receivers and to how far they have come."""
    query = select(Delivery)
    if sent.to_agencies:
        query = query.join(Agency, Agency.id == Delivery.agency_id)
        query = query.where(Delivery.passed_from_id == sent.passed_from_id)
        if sent.of_province:
            query = query.where(Delivery.dispatch_id == sent.dispatch_id)
        who: Any = Agency
    else:
        query = query.outerjoin(Province, Province.id == Delivery.province_id)
        query = query.where(Delivery.dispatch_id == sent.dispatch_id, Delivery.agency_id.is_(None))
        who = Province
    if standing is not None:
        query = query.where(stands(standing))
    return query.where(matching(search[:LONGEST_SEARCH], who))


def _in_order(sent: Sent) -> Any:
    return Agency.sort_key if sent.to_agencies else Province.sort_key


def _named(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(Delivery.province), joinedload(Delivery.agency).joinedload(Agency.district)
    )


def receivers_of(
    sent: Sent, *, search: str = "", standing: Standing | None = None, page: int = 1
) -> Paged[Delivery]:
    """One page of the desks that letters were sent to, in the order of their names."""
    query = _named(query_of(sent, search=search, standing=standing))
    return one_page(query, Delivery.id, _in_order(sent), page=page, size=PAGE)


def all_receivers_of(sent: Sent, *, search: str = "", standing: Standing | None = None) -> Sequence[Delivery]:
    """All of them, for a file of the list."""
    query = _named(query_of(sent, search=search, standing=standing))
    return db.session.scalars(query.order_by(_in_order(sent))).all()


@dataclass(frozen=True)
class Counts:
    """At how many desks a letter has come how far."""

    unread: int
    read: int
    taken: int

    @property
    def total(self) -> int:
        """All desks that it reached."""
        return self.unread + self.read + self.taken

    def of(self, standing: Standing) -> int:
        """Those that have come so far and no further."""
        return {Standing.UNREAD: self.unread, Standing.READ: self.read, Standing.TAKEN: self.taken}[standing]


def counts_of(sent: Sent) -> Counts:
    """How many desks have come how far; one query."""
    counted = (func.count(Delivery.id).filter(stands(one)) for one in Standing)
    row: Any = db.session.execute(query_of(sent).with_only_columns(*counted)).one()
    return Counts(*row)


def mails_of(deliveries: Sequence[Delivery]) -> dict[int, Mails]:
    """What became of the mails about these letters, by the letters at desks; one query."""
    keys = [one.id for one in deliveries]
    query = (
        select(
            LetterNotice.delivery_id,
            func.count(LetterNotice.sent_at),
            func.count(LetterNotice.id).filter(LetterNotice.sent_at.is_(None)),
            func.max(LetterNotice.fault),
            func.max(LetterNotice.tried_at),
        )
        .where(LetterNotice.delivery_id.in_(keys))
        .group_by(LetterNotice.delivery_id)
    )
    return {row[0]: Mails(*row[1:]) for row in db.session.execute(query)}


def unsent_mails(sent: Sent) -> int:
    """How many mails about these letters did not leave."""
    failed = query_of(sent).join(LetterNotice, LetterNotice.delivery_id == Delivery.id)
    failed = failed.where(LetterNotice.sent_at.is_(None), Delivery.void_at.is_(None))
    return db.session.scalar(failed.with_only_columns(func.count(LetterNotice.id))) or 0


def name_of(delivery: Delivery, dla: str) -> str:
    """The receiver of a letter; ``dla``: what DLA is called."""
    if delivery.agency is not None:
        return delivery.agency.full_name
    return delivery.province.name if delivery.province is not None else dla
