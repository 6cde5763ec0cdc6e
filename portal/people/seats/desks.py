"""The desks of an agency or a provincial office: who sits there, and who may name somebody else for them.

An office that names people does so for its own agencies, an agency for itself. Accounts lie outside an
agency's scope, so that all of it works in sessions without walls: for the right to it is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from models.account import Account, ActivationCode, Capacity, Grant, Role
from models.agency import Agency
from models.place import Province
from portal.core import clock
from portal.core.access import ROLES, Actor, Permission, can
from portal.core.access import Permission as P
from portal.core.database.session import privileged, reading
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.scopes import Reach


@dataclass(frozen=True)
class Spot:
    """Where desks stand: at one agency, or at the office of one province."""

    agency_id: int | None = None
    province_id: int | None = None

    def given(self) -> dict[str, int]:
        """As arguments of a right."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Seat:
    """One right at a spot as its page shows it, and what the person who looks may do about it."""

    grant: Grant
    account: Account
    #: a right that begins later
    coming: bool
    #: the account waits for its person
    waits: bool
    may_hand_over: bool
    may_end: bool
    may_undo: bool = False
    #: a code for it is out
    code_out: bool = False
    #: the right that follows at this desk, named already
    follower: Grant | None = None


def title_of(spot: Spot, *, actor: Actor) -> str:
    """The name of an agency or a province. Raises NotFound where the actor's desk does not reach it."""
    with reading(), privileged("the name of a place whose desks are looked at") as session:
        place = require_reach(session, spot, actor)
        return place.full_name if isinstance(place, Agency) else f"จังหวัด{place.name}"


def seats(spot: Spot, *, actor: Actor) -> list[Seat]:
    """Everybody who holds a right at a spot now or will, by role; whoever reads it may look there.

    Raises NotFound where the actor's desk does not reach it.
    """
    now = clock.now()
    with reading(), privileged("who sits at the desks of a place") as session:
        require_reach(session, spot, actor)
        query = (
            select(Grant)
            .join(Account)
            .where(at(spot), Account.active, or_(Grant.valid_until.is_(None), Grant.valid_until > now))
            .options(joinedload(Grant.account))
            .order_by(Grant.valid_from, Grant.id)
        )
        found = list(session.scalars(query))
        holder = is_holder(session, actor)
        codes = _codes(session, [grant.account_id for grant in found], now)
        by_id = {grant.id: grant for grant in found}
        following = {grant.follows_id: grant for grant in found if grant.follows_id}
        order = list(ROLES)
        rows = [
            replace(
                _seat(grant, actor, now=now, holder=holder),
                code_out=grant.account_id in codes,
                follower=following.get(grant.id),
                may_undo=_may_undo(grant, by_id.get(grant.follows_id or 0), actor, now=now, holder=holder),
            )
            for grant in sorted(found, key=lambda grant: order.index(grant.role))
        ]
        session.expunge_all()
    return rows


def _seat(grant: Grant, actor: Actor, *, now: datetime, holder: bool) -> Seat:
    coming = grant.valid_from > now
    own = grant.account_id == actor.account_id
    held = grant.capacity is Capacity.HOLDER and not coming and grant.valid_until is None
    return Seat(
        grant=grant,
        account=grant.account,
        coming=coming,
        waits=grant.account.activated_at is None,
        may_hand_over=held and may_hand(grant.role, actor, holder=holder) and _own_or_below(grant, actor),
        may_end=grant.capacity is not Capacity.HOLDER
        and not own
        and may_appoint(grant.role, actor, holder=holder),
    )


def _may_undo(new: Grant, old: Grant | None, actor: Actor, *, now: datetime, holder: bool) -> bool:
    if old is None or new.valid_from <= now or new.account_id == actor.account_id:
        return False
    return may_hand(old.role, actor, holder=holder) and _own_or_below(old, actor)


def require_reach(session: Session, spot: Spot, actor: Actor) -> Agency | Province:
    """The agency or province of a spot. Raises NotFound where the actor's desk does not reach it."""
    place: Agency | Province | None
    if spot.agency_id is not None:
        place = session.get(Agency, spot.agency_id)
        province_id = place.province_id if place else None
    else:
        place = session.get(Province, spot.province_id) if spot.province_id else None
        province_id = place.id if place else None
    reach = ROLES[actor.role].reach if actor.role in ROLES else Reach.NONE
    within = {
        Reach.COUNTRY: True,
        Reach.PROVINCE: province_id == actor.province_id,
        Reach.AGENCY: spot.agency_id is not None and spot.agency_id == actor.agency_id,
    }.get(reach, False)
    if place is None or not within or not (can(actor, P.HAND_OVER) or can(actor, P.APPOINT)):
        raise NotFound
    return place


def require(
    session: Session, permission: Permission, role: Role, spot: Spot, actor: Actor
) -> Agency | Province:
    """Ask for the right to name somebody for a desk of a role at a spot; gives the place, which is held.

    Whoever names somebody at the own office is its holder, not who acts there. Raises NotFound, Refused.
    """
    place = require_reach(session, spot, actor)
    rule = ROLES[role]
    by = rule.acting_by if permission is P.APPOINT else rule.handed_by
    if not can(actor, permission) or actor.role not in by:
        raise NotFound
    if _own_office(role, actor) and not is_holder(session, actor):
        raise Refused("Only the holder of the office does this: whoever acts or is a deputy cannot")
    hold(place)
    return place


def appoints(role: Role, *, actor: Actor) -> bool:
    """True for who may name somebody that acts at a desk of a role where the actor reaches."""
    with reading(), privileged("whether somebody at a desk is its holder") as session:
        return may_appoint(role, actor, holder=is_holder(session, actor))


def spot_of_right(grant_id: int) -> Spot:
    """Where a right lies; whether one may look there is asked by ``seats``. Raises NotFound."""
    with reading(), privileged("where a right lies") as session:
        grant = session.get(Grant, grant_id)
        if grant is None:
            raise NotFound
        return spot_of(grant)


def right_or_404(session: Session, permission: Permission, grant_id: int, actor: Actor) -> Grant:
    """A right at whose desk the actor may name somebody (as ``require``), read after its place is held.

    Of two who act on it at the same moment the second sees what the first did. Raises NotFound, Refused.
    """
    seen = session.get(Grant, grant_id)
    if seen is None:
        raise NotFound
    require(session, permission, seen.role, spot_of(seen), actor)
    query = select(Grant).where(Grant.id == grant_id).with_for_update(of=Grant)
    grant = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if grant is None:
        raise NotFound
    return grant


def spot_of(grant: Grant) -> Spot:
    """Where a right lies."""
    return Spot(grant.agency_id, grant.province_id)


def may_appoint(role: Role, actor: Actor, *, holder: bool) -> bool:
    """True for who names somebody that acts at a desk of a role."""
    return (
        can(actor, P.APPOINT)
        and actor.role in ROLES[role].acting_by
        and (holder or not _own_office(role, actor))
    )


def may_hand(role: Role, actor: Actor, *, holder: bool) -> bool:
    """True for who names somebody that follows at a desk of a role."""
    return (
        can(actor, P.HAND_OVER)
        and actor.role in ROLES[role].handed_by
        and (holder or not _own_office(role, actor))
    )


def _own_or_below(grant: Grant, actor: Actor) -> bool:
    """Whoever has the same role hands over the own desk only."""
    return not _own_office(grant.role, actor) or grant.account_id == actor.account_id


def is_holder(session: Session, actor: Actor) -> bool:
    """True where the actor sits at the desk as its holder, by the right that the session sits with."""
    grant = session.get(Grant, actor.grant_id) if actor.grant_id else None
    return grant is not None and grant.capacity is Capacity.HOLDER and grant.valid_at(clock.now())


def at(spot: Spot) -> ColumnElement[bool]:
    """The condition that a right lies at a spot."""
    return and_(
        Grant.agency_id.is_not_distinct_from(spot.agency_id),
        Grant.province_id.is_not_distinct_from(spot.province_id),
        Grant.body_id.is_(None),
    )


def _own_office(role: Role, actor: Actor) -> bool:
    """True where the desk is of the actor's own kind: an executive's, the provincial office's."""
    return role is actor.role


def _codes(session: Session, accounts: Iterable[int], now: datetime) -> set[int]:
    query = select(ActivationCode.account_id).where(
        ActivationCode.account_id.in_(list(accounts)), ActivationCode.expires_at > now
    )
    return set(session.scalars(query))
