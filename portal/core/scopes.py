"""Which rows a session may see: one criterion per kind of row. The session (core/database) applies it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from models.account import Account, Role
from models.agency import Agency
from models.announcement import Announcement, AnnouncementPlace, OfReader, ToDesks
from models.assessor import Assignment
from models.base import AgencyOwned, Base, CountryOnly, OfAccount, OwnOnly, ProvinceOwned, Public, SystemOnly
from models.delivery import AtADesk
from models.instrument import InstrumentKind
from models.job import Job, OwnOrCountry
from models.letter import OwnFile, ProvinceOrCountry, StoredFile
from models.participation import Participation
from models.saved_filter import AtOwnDesk
from models.survey import DailyCount, InternalWithin, NotYetItsAgencys
from models.thai import local_day
from portal.core import clock, sectors


class Reach(enum.Enum):
    """How far a scope reaches."""

    NONE = "none"
    SYSTEM = "system"
    COUNTRY = "country"
    PROVINCE = "province"
    AGENCY = "agency"
    ASSESSOR = "assessor"


@dataclass(frozen=True)
class Scope:
    """An immutable reach with the id it is bound to (province, agency or assessor body) and whose it is.

    ``sector_id``: the sector it ends at; None where there is one alone, and above all of them.
    """

    reach: Reach
    place_id: int | None = None
    account_id: int | None = None
    sector_id: int | None = None


NOTHING = Scope(Reach.NONE)
SYSTEM = Scope(Reach.SYSTEM)


def within_sector(model: type[Any], scope: Scope) -> ColumnElement[bool] | None:
    """The condition by which a scope ends at its sector; None where ``model`` needs none."""
    if scope.sector_id is None or scope.reach in (Reach.NONE, Reach.ASSESSOR):
        return None
    if scope.reach in (Reach.COUNTRY, Reach.SYSTEM) or issubclass(model, sectors.EVERYWHERE):
        return sectors.within(model, scope.sector_id)
    return None


def all_classes() -> list[type[Base]]:
    """Every mapped class."""
    return [mapper.class_ for mapper in Base.registry.mappers]


def criterion(model: type[Any], scope: Scope) -> ColumnElement[bool]:
    """The SQL condition that holds for the rows of ``model`` inside ``scope``.

    Raises TypeError for a model without an owner: such a model cannot be shown.
    """
    if scope.reach is Reach.SYSTEM or issubclass(model, Public):
        return true()
    if scope.reach is Reach.NONE or issubclass(model, SystemOnly):
        return false()
    named = _named_exception(model, scope)
    if named is not None:
        return named
    if issubclass(model, CountryOnly):
        return true() if scope.reach is Reach.COUNTRY else false()
    if issubclass(model, ProvinceOwned):
        return _owned(model, scope)
    raise TypeError(f"{model.__name__} has no scope: say who owns its rows")


def _named_exception(model: type[Any], scope: Scope) -> ColumnElement[bool] | None:
    if issubclass(model, OwnOrCountry):
        return _own_job(scope)
    if issubclass(model, OwnOnly | AtOwnDesk):
        return _own(model, scope)
    if issubclass(model, OfReader):
        return true() if scope.reach is Reach.COUNTRY else _own(model, scope)
    if issubclass(model, ToDesks):
        return _announced(model, scope)
    if issubclass(model, OfAccount):
        return _of_account(model, scope)
    if issubclass(model, OwnFile):
        return _own_file(scope)
    if issubclass(model, ProvinceOrCountry | AtADesk):
        return _province_or_country(model, scope)
    return None


def _owned(model: type[Any], scope: Scope) -> ColumnElement[bool]:
    own = _of_place(model, scope)
    if issubclass(model, InternalWithin) and scope.reach is not Reach.AGENCY:
        return and_(own, model.instrument == InstrumentKind.EIT)
    if issubclass(model, NotYetItsAgencys) and scope.reach is Reach.AGENCY:
        return and_(own, DailyCount.day < local_day(clock.now())) if model is DailyCount else false()
    return own


def _of_place(model: type[Any], scope: Scope) -> ColumnElement[bool]:
    if scope.reach is Reach.COUNTRY:
        return true()
    if scope.reach is Reach.PROVINCE:
        return model.province_id == scope.place_id
    if scope.reach is Reach.AGENCY:
        owner = model.agency_id if issubclass(model, AgencyOwned) else _agency_key(model)
        return owner == scope.place_id
    if model is Assignment:
        return Assignment.body_id == scope.place_id
    assigned = Assignment.__table__.c
    return _assessor_column(model).in_(
        select(assigned[_assessor_column(model, name_only=True)]).where(assigned.body_id == scope.place_id)
    )


def _assessor_column(model: type[Any], *, name_only: bool = False) -> Any:
    """An assessor sees what hangs on an assigned participation; of the register, the agency behind it."""
    if model is Participation:
        return "participation_id" if name_only else Participation.id
    if hasattr(model, "participation_id"):
        return "participation_id" if name_only else model.participation_id
    return "agency_id" if name_only else _agency_key(model)


def _agency_key(model: type[Any]) -> Any:
    """The register itself: an agency's own id is its owner."""
    return model.agency_id if issubclass(model, AgencyOwned) else model.id


def _of_account(model: Any, scope: Scope) -> ColumnElement[bool]:
    if scope.reach is Reach.COUNTRY:
        return true()
    key = Account.id if model is Account else model.account_id
    own: ColumnElement[bool] = key == scope.account_id
    if scope.reach is not Reach.PROVINCE:
        return own
    if model is Account:
        return or_(own, Account.province_id == scope.place_id)
    people = Account.__table__.c
    return or_(own, key.in_(select(people.id).where(people.province_id == scope.place_id)))


def _own(model: Any, scope: Scope) -> ColumnElement[bool]:
    own: ColumnElement[bool] = model.account_id == scope.account_id
    if not issubclass(model, AtOwnDesk):
        return own
    here = and_(model.reach == scope.reach.value, model.place == (scope.place_id or 0))
    return and_(here, or_(model.shared, own))


#: which roles sit at desks of a reach that does not read every announcement
_AT_DESKS = {
    Reach.PROVINCE: (Role.PROVINCE,),
    Reach.AGENCY: (Role.AGENCY_ADMIN, Role.EXECUTIVE),
    Reach.ASSESSOR: (Role.ASSESSOR, Role.INTERVIEWER),
}


def _announced(model: Any, scope: Scope) -> ColumnElement[bool]:
    if scope.reach is Reach.COUNTRY:
        return true()
    to = AnnouncementPlace.__table__.c if model is Announcement else AnnouncementPlace
    everywhere = and_(to.province_id.is_(None), to.agency_id.is_(None))
    here = and_(to.role.in_(_AT_DESKS[scope.reach]), or_(everywhere, *_sent_to_place(to, scope)))
    if model is not Announcement:
        return here
    return and_(
        Announcement.sent_at.is_not(None), Announcement.id.in_(select(to.announcement_id).where(here))
    )


def _sent_to_place(to: Any, scope: Scope) -> list[ColumnElement[bool]]:
    """Sent to this place or to what it lies in; of an assessor body, where an agency is assigned to it."""
    if scope.reach is Reach.PROVINCE:
        return [to.province_id == scope.place_id]
    if scope.reach is Reach.AGENCY:
        register = Agency.__table__.c
        province = select(register.province_id).where(register.id == scope.place_id).scalar_subquery()
        return [to.agency_id == scope.place_id, to.province_id == province]
    assigned = Assignment.__table__.c
    return [
        getattr(to, name).in_(select(assigned[name]).where(assigned.body_id == scope.place_id))
        for name in ("agency_id", "province_id")
    ]


def _own_job(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.reach is Reach.COUNTRY else Job.account_id == scope.account_id


def _own_file(scope: Scope) -> ColumnElement[bool]:
    own = StoredFile.account_id == scope.account_id
    if scope.reach is Reach.COUNTRY:
        return or_(own, StoredFile.internal.is_(False))
    return or_(own, StoredFile.province_id == scope.place_id) if scope.reach is Reach.PROVINCE else own


def _province_or_country(model: Any, scope: Scope) -> ColumnElement[bool]:
    if scope.reach is Reach.COUNTRY:
        return true()
    if scope.reach is Reach.PROVINCE:
        return model.province_id == scope.place_id
    if scope.reach is Reach.AGENCY and issubclass(model, AtADesk):
        return model.agency_id == scope.place_id
    return false()
