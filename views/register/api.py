"""The register of agencies, for programmes, without how they are reached."""

from __future__ import annotations

from flask import Blueprint

from models.kinds import AGENCY_KINDS
from portal.core.access import Permission as P
from portal.core.api.operations import PAGED, Asked, choice, code_of, figures, key, text
from portal.core.api.shapes import KEY, TEXT, YES, Code, Field, Page, Shape, attributes, maybe, paged
from portal.core.texts import lazy
from portal.register.listing import AgencyQuery, agencies_of

blueprint = Blueprint("register_api", __name__)
ACTIVE = {"1": True, "0": False}

_AGENCY = Shape(
    "Agency",
    "An agency of the register as it is today",
    (
        *attributes(id=KEY, code=maybe(TEXT), full_name=TEXT, name=TEXT, kind=Code(AGENCY_KINDS)),
        Field("size", maybe(TEXT), lambda row: row.size.value if row.size else None),
        Field("district_id", KEY, lambda row: row.district_id),
        Field("district", TEXT, lambda row: row.district.name),
        Field("province_id", KEY, lambda row: row.province_id),
        Field("province", TEXT, lambda row: row.province.name),
        *attributes(active=YES),
    ),
)


@figures(
    blueprint,
    "/agencies",
    P.AGENCIES_READ,
    lazy("Agencies of the register"),
    paged(_AGENCY),
    text("q", "Words of an agency's name, place or code, as people type them"),
    key("province", "The id of a province"),
    key("district", "The id of a district"),
    code_of("kind", AGENCY_KINDS, "Agencies of this kind alone"),
    choice("active", ACTIVE, "1: in use, 0: out of use; both if left"),
    *PAGED,
)
def agencies(asked: Asked) -> Page:
    """Agencies of the register that the desk sees, in Thai order."""
    criteria = AgencyQuery(
        search=asked.words.get("q", ""),
        province_id=asked.number("province"),
        district_id=asked.number("district"),
        kind=AGENCY_KINDS.get(asked.words.get("kind", "")),
        active=ACTIVE.get(asked.words.get("active", "")),
    )
    rows, found = agencies_of(criteria, offset=asked.offset, most=asked.per_page)
    return asked.paged(list(rows), found)
