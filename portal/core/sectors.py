"""What of a sector a desk sees where there are several: one more condition per kind of row (ADR 64).

A province stays in its sector for good, so whatever lies in a province is of its sector. What lies in none
(the back office's own letters, jobs and people) goes by the round, the office or the account it hangs on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from models.account import Account
from models.agency import Agency
from models.announcement import Announcement, AnnouncementPlace, AnnouncementReceipt
from models.audit import AuditEvent, AuditHead
from models.base import CountryOnly, OfAccount, ProvinceOwned
from models.contact import ProvinceContact
from models.delivery import Delivery, LetterNotice, ReceiptBook, desk_of
from models.destruction import KeyDestruction
from models.dispatch import Dispatch, LetterNumber, NumberSeries
from models.distribution import AssessorConflict, AssessorRule, Distribution
from models.granting import GrantRequest
from models.job import Job
from models.letter import Letter, ProvinceOrCountry, StoredFile
from models.letter_office import LetterOffice, OfficeKind, Signatory
from models.letter_text import OfficeText
from models.onboarding import AccountBatch
from models.personal import RosterErasure
from models.place import District, Province
from models.register_import import RegisterImport
from models.reminder import ReminderRule
from models.round import Round
from models.saved_filter import SavedFilter
from models.sector import OfSector
from models.year import RoundStep

Condition = ColumnElement[bool]


def places_of(sector_id: int) -> Select[tuple[int]]:
    """The ids of a sector's provinces."""
    province = Province.__table__.c
    return select(province.id).where(province.sector_id == sector_id)


def people_of(sector_id: int) -> Select[tuple[int]]:
    """The ids of the accounts of those who work for a sector; the NACC's are of none."""
    account = Account.__table__.c
    return select(account.id).where(account.sector_id == sector_id)


def rounds_of(sector_id: int) -> Select[tuple[int]]:
    """The ids of a sector's rounds."""
    round = Round.__table__.c
    return select(round.id).where(round.sector_id == sector_id)


def offices_of(sector_id: int) -> Select[tuple[int]]:
    """The ids of the offices that send letters in a sector: the country's, and those of its provinces."""
    office = LetterOffice.__table__.c
    own = and_(office.province_id.is_(None), office.sector_id == sector_id, office.kind != OfficeKind.NACC)
    return select(office.id).where(or_(own, office.province_id.in_(places_of(sector_id))))


def within(model: type[Any], sector_id: int) -> Condition | None:
    """The condition that holds for rows of ``model`` inside a sector; None where rows are of no sector.

    Raises TypeError for a kind of row that belongs to offices and does not say how it is of a sector.
    """
    for kind in model.__mro__:
        if kind in _NAMED:
            return _NAMED[kind](model, sector_id)
    if issubclass(model, CountryOnly) and model is not AuditHead:
        raise TypeError(f"{model.__name__} does not say how its rows are of a sector")
    return None


#: what offices below the country are narrowed in, too: the rest of theirs lies in their own place
EVERYWHERE = (OfSector, District, ProvinceContact, Announcement)


def _in_place(model: Any, sector_id: int) -> Condition:
    inside: Condition = model.province_id.in_(places_of(sector_id))
    return inside


def _by_account(model: Any, sector_id: int) -> Condition:
    inside: Condition = model.account_id.in_(people_of(sector_id))
    return inside


def _by_round(model: Any, sector_id: int) -> Condition:
    inside: Condition = model.round_id.in_(rounds_of(sector_id))
    return inside


def _letter(model: Any, sector_id: int) -> Condition:
    """Of a round, and of a province where it lies in one."""
    here = or_(model.province_id.is_(None), _in_place(model, sector_id))
    return and_(_by_round(model, sector_id), here)


def _dispatch(model: Any, sector_id: int) -> Condition:
    """Of an office that writes in the sector; the NACC's reach it as letters that came in."""
    office = LetterOffice.__table__.c
    writes = model.office_id.in_(select(office.id).where(_office(office, sector_id)))
    return and_(_letter(model, sector_id), writes)


def _by_office(model: Any, sector_id: int) -> Condition:
    inside: Condition = model.office_id.in_(offices_of(sector_id))
    return inside


def _of_sector(model: Any, sector_id: int) -> Condition:
    inside: Condition = model.sector_id == sector_id
    return inside


def _office(model: Any, sector_id: int) -> Condition:
    """The sector's own, those of its provinces, and the NACC's, which write to all."""
    own = and_(model.province_id.is_(None), model.sector_id == sector_id)
    return or_(own, model.kind == OfficeKind.NACC, _in_place(model, sector_id))


def _book(model: Any, sector_id: int) -> Condition:
    own = and_(
        model.province_id.is_(None),
        model.agency_id.is_(None),
        model.desk == desk_of(None, None, sector_id),
    )
    return or_(own, _at_place_or_agency(model, sector_id))


def _notice(model: Any, sector_id: int) -> Condition:
    delivery = Delivery.__table__.c
    inside: Condition = model.delivery_id.in_(select(delivery.id).where(_letter(delivery, sector_id)))
    return inside


def _at_place_or_agency(model: Any, sector_id: int) -> Condition:
    """Of a row that names a province, or an agency instead."""
    register = Agency.__table__.c
    agencies = select(register.id).where(_in_place(register, sector_id))
    return or_(_in_place(model, sector_id), model.agency_id.in_(agencies))


def _announcement(model: Any, sector_id: int) -> Condition:
    return or_(model.sector_id.is_(None), model.sector_id == sector_id)


def _announced_place(model: Any, sector_id: int) -> Condition:
    announcement = Announcement.__table__.c
    mine = select(announcement.id).where(_announcement(announcement, sector_id))
    inside: Condition = model.announcement_id.in_(mine)
    return inside


def _file(model: Any, sector_id: int) -> Condition:
    return or_(
        _in_place(model, sector_id),
        and_(model.province_id.is_(None), _by_account(model, sector_id)),
    )


#: how rows are of a sector; of a class's line of descent the first that is named here says so
_NAMED: dict[type[Any], Callable[[Any, int], Condition]] = {
    OfSector: _of_sector,
    District: _in_place,
    ProvinceContact: _in_place,
    ProvinceOwned: _in_place,
    # a row of this kind that lies in no province is of no sector's, unless it is named below
    ProvinceOrCountry: _in_place,
    Account: _of_sector,
    OfAccount: _by_account,
    # what lies in no province, too
    Dispatch: _dispatch,
    Letter: _letter,
    Delivery: _letter,
    LetterNotice: _notice,
    LetterOffice: _office,
    LetterNumber: _by_office,
    NumberSeries: _by_office,
    OfficeText: _by_office,
    Signatory: _by_office,
    ReceiptBook: _book,
    AccountBatch: _by_account,
    StoredFile: _file,
    # of the country's offices alone
    AssessorConflict: _at_place_or_agency,
    AssessorRule: _by_round,
    Distribution: _by_round,
    ReminderRule: _by_round,
    KeyDestruction: _by_round,
    RosterErasure: _by_round,
    RoundStep: _by_round,
    RegisterImport: _by_account,
    GrantRequest: _by_account,
    AuditEvent: _by_account,
    Job: _by_account,
    SavedFilter: _by_account,
    AnnouncementReceipt: _by_account,
    Announcement: _announcement,
    AnnouncementPlace: _announced_place,
}
