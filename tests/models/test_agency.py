"""Names of agencies, and of who heads them."""

from __future__ import annotations

import pytest

from models.kinds import AGENCY_KINDS, AgencyKind, head_of
from portal.content import local

HEADS = {
    local.PAO: ("อบจ.ลำปาง", "นายกองค์การบริหารส่วนจังหวัดลำปาง"),
    local.CITY: ("ทน.ลำปาง", "นายกเทศมนตรีนครลำปาง"),
    local.TOWN: ("ทม.เขลางค์นคร", "นายกเทศมนตรีเมืองเขลางค์นคร"),
    local.SUBDISTRICT: ("ทต.เกาะคา", "นายกเทศมนตรีตำบลเกาะคา"),
    local.SAO: ("อบต.ท่าผา", "นายกองค์การบริหารส่วนตำบลท่าผา"),
    local.SPECIAL: ("เมืองพัทยา", "นายกเมืองพัทยา"),
}


@pytest.mark.parametrize("kind", AGENCY_KINDS)
def test_a_head_is_written_to_by_the_office(kind: AgencyKind) -> None:
    short, head = HEADS[kind]
    assert head_of(short) == head


def test_the_head_of_an_unknown_kind_is_called_what_everybody_is() -> None:
    assert head_of("หน่วยงานอื่น") == "ผู้บริหารหน่วยงานอื่น"
