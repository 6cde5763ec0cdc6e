"""The register by hand: what follows from what is typed, and what must not happen to agencies and places."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.kinds import AgencyKind
from models.participation import Participation
from models.place import District, Province
from models.thai import sort_key
from portal.content import local
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.register.agencies import (
    names_of,
    set_active,
    settle_agency,
    settle_district,
    settle_province,
    tidy_code,
)
from tests.factories.base import Make
from tests.factories.places import AgencyFactory, DistrictFactory, ProvinceFactory
from tests.support.record import events_of
from tests.support.world import World, acting_as, row


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("05520401", "05520401"),
        ("๐๕๕๒๐๔๐๑", "05520401"),
        (" 0552 0401 ", "05520401"),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_code_is_eight_digits_of_either_kind_or_nothing(typed: str | None, code: str | None) -> None:
    assert tidy_code(typed) == code


@pytest.mark.parametrize(("typed", "count"), [("0552040", 7), ("055204010", 9), ("0552040x", 8), ("-", 1)])
def test_what_is_no_code_is_refused_with_its_length(typed: str, count: int) -> None:
    with pytest.raises(Refused, match="8 digits") as refusal:
        tidy_code(typed)
    assert refusal.value.values == {"count": count}


@pytest.mark.parametrize(
    ("kind", "typed", "own", "full"),
    [
        (local.SAO, "ท่าผา", "ท่าผา", "องค์การบริหารส่วนตำบลท่าผา"),
        (local.SAO, " องค์การบริหารส่วนตำบล  ท่าผา ", "ท่าผา", "องค์การบริหารส่วนตำบลท่าผา"),
        (local.SUBDISTRICT, "เกาะคา", "เกาะคา", "เทศบาลตำบลเกาะคา"),
        (local.TOWN, "เทศบาลเมืองล้อมแรด", "ล้อมแรด", "เทศบาลเมืองล้อมแรด"),
        (local.PAO, "ลำปาง", "ลำปาง", "องค์การบริหารส่วนจังหวัดลำปาง"),
        (local.SPECIAL, "พัทยา", "พัทยา", "เมืองพัทยา"),
        (local.SPECIAL, "เมืองพัทยา", "พัทยา", "เมืองพัทยา"),
    ],
)
def test_own_name_and_full_name_follow_from_kind_and_what_is_typed(
    kind: AgencyKind, typed: str, own: str, full: str
) -> None:
    assert names_of(kind, typed) == (own, full)


@pytest.mark.parametrize(
    ("kind", "typed"), [(local.SAO, "  "), (local.SAO, local.SAO.label), (local.SPECIAL, "เมือง")]
)
def test_a_kind_alone_is_no_name(kind: AgencyKind, typed: str) -> None:
    with pytest.raises(Refused, match="own name"):
        names_of(kind, typed)


@pytest.fixture
def at_dla(app: Portal, world: World) -> Iterator[World]:
    """The back office at its desk: what is changed inside is committed at the end."""
    with app.app_context():
        yield world


def district(code: str) -> District:
    return db.session.scalars(select(District).where(District.code == code)).one()


def new_agency(name: str = "ศาลา", *, code: str | None = None, place: str = "5204") -> Agency:
    return Agency(name=name, kind=local.SAO, code=code, district=district(place), active=True)


def test_an_agency_gets_its_names_its_order_and_its_province(at_dla: World) -> None:
    with acting_as(at_dla.actor("dla")):
        with db.session.no_autoflush:
            made = new_agency(" องค์การบริหารส่วนตำบลศาลา ", code="๐๖๕๒๐๔๙๙", place="8101")
            settle_agency(made)
        assert (made.code, made.name, made.full_name) == ("06520499", "ศาลา", "องค์การบริหารส่วนตำบลศาลา")
        assert (made.sort_key, made.province_id) == (sort_key("ศาลา"), at_dla.province["81"])


def test_without_a_code_a_name_stands_once_in_its_district(at_dla: World, make: Make) -> None:
    with acting_as(at_dla.actor("dla")):
        place = db.session.merge(district("5204"))
    twin = make(AgencyFactory, district=place, name="ศาลา", full_name=f"{local.SAO.label}ศาลา", code=None)
    with pytest.raises(Refused, match="already"), acting_as(at_dla.actor("dla")), db.session.no_autoflush:
        settle_agency(new_agency())
    coded = make(AgencyFactory, district=place, name="ศาลาเหนือ")  # told apart by its code
    others: tuple[dict[str, str], ...] = (
        {"code": "06520499"}, {"place": "8102"}, {"name": "ศาลาใหม่"}, {"name": coded.name},
    )  # fmt: skip
    for other in others:
        with acting_as(at_dla.actor("dla")), db.session.no_autoflush:
            settle_agency(new_agency(**other))
    with acting_as(at_dla.actor("dla")):  # itself is no twin
        settle_agency(db.session.get_one(Agency, twin.id))


def test_out_of_use_is_recorded_once_and_old_rounds_keep_the_agency(at_dla: World) -> None:
    one, two = at_dla.agency["a1"], at_dla.agency["a2"]
    for again, changed in ((False, 2), (False, 0), (True, 2)):
        with acting_as(at_dla.actor("dla")):
            rows = [db.session.get_one(Agency, key) for key in (one, two)]
            assert set_active(rows, active=again) == changed
    for act in ("agency.deactivate", "agency.activate"):
        assert [event.row for event in events_of(act)] == [str(one), str(two)]
    assert row(Participation, at_dla.participation["a1"]).agency_id == one


def test_places_lose_the_word_for_their_kind(at_dla: World) -> None:
    province, place = Province(name=" จังหวัดเชียง  ใหม่ "), District(name=" อำเภอเมือง ")
    with acting_as(at_dla.actor("dla")):
        settle_province(province)
        settle_district(place)
    assert (province.name, province.sort_key) == ("เชียง ใหม่", sort_key("เชียง ใหม่"))
    assert (place.name, place.sort_key) == ("เมือง", sort_key("เมือง"))


def test_a_district_with_agencies_stays_in_its_province(at_dla: World, make: Make) -> None:
    empty, elsewhere = make(DistrictFactory), make(ProvinceFactory)
    with acting_as(at_dla.actor("dla")):
        free = db.session.get_one(District, empty.id)
        free.province = db.session.get_one(Province, elsewhere.id)
        settle_district(free)
    assert row(District, empty.id).province_id == elsewhere.id
    with pytest.raises(Refused, match="move them first"), acting_as(at_dla.actor("dla")):
        used = district("5204")
        used.province = db.session.get_one(Province, elsewhere.id)
        settle_district(used)
    with acting_as(at_dla.actor("dla")):
        assert district("5204").province_id == at_dla.province["52"]
