"""By what lists of agencies' accounts are narrowed: read from an address, and offered in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import select

from models.account import Role
from models.place import District, Province
from portal.core.access import ROLES, Actor, scope_of
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.people.bulk.standing import NEEDED, WORDS, Standing, Which

LONGEST_SEARCH = 100
Kind = TypeVar("Kind", bound=Enum)


def which_of(args: Mapping[str, Any], actor: Actor) -> Which:
    """What an address asks for, kept to the desk's place. What is none of the choices is not asked for."""
    role = _member(Role, args.get("role"))
    return Which(
        province_id=_number(args.get("province")),
        district_id=_number(args.get("district")),
        role=role if role in NEEDED else None,
        standing=_member(Standing, args.get("state")),
        search=str(args.get("q") or "").strip()[:LONGEST_SEARCH],
    ).within(actor)


def address_of(which: Which, actor: Actor) -> dict[str, Any]:
    """The arguments of an address that ``which_of`` reads again; a province's own place is not said."""
    country = scope_of(actor).reach is Reach.COUNTRY
    return {
        "province": which.province_id if country else None,
        "district": which.district_id,
        "role": which.role.value if which.role else None,
        "state": which.standing.value if which.standing else None,
        "q": which.search or None,
    }


@dataclass(frozen=True)
class Choices:
    """What a form offers: places by key and name. Districts are those of the chosen province."""

    provinces: list[tuple[int, str]]
    districts: list[tuple[int, str]]

    @property
    def roles(self) -> list[tuple[str, Any]]:
        """The roles that every agency needs."""
        return [(role.value, ROLES[role].label) for role in NEEDED]


def choices_for(which: Which, actor: Actor) -> Choices:
    """The places that the desk chooses from."""
    country = scope_of(actor).reach is Reach.COUNTRY
    provinces = select(Province.id, Province.name).order_by(Province.sort_key)
    districts = select(District.id, District.name).where(District.province_id == which.province_id)
    return Choices(
        [(key, name) for key, name in db.session.execute(provinces)] if country else [],
        [(key, name) for key, name in db.session.execute(districts.order_by(District.sort_key))]
        if which.province_id
        else [],
    )


def said(which: Which, choices: Choices) -> list[tuple[str, str]]:
    """How a list is narrowed, as names of the place, the role and the state."""
    pairs = (
        ("province", dict(choices.provinces).get(which.province_id or 0, "")),
        ("district", dict(choices.districts).get(which.district_id or 0, "")),
        ("role", str(ROLES[which.role].label) if which.role else ""),
        ("state", str(WORDS[which.standing]) if which.standing else ""),
        ("q", which.search),
    )
    return [(name, words) for name, words in pairs if words]


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _member(kind: type[Kind], value: Any) -> Kind | None:
    return next((one for one in kind if one.value == value), None)
