"""What an open round's pages say of its rules is what the rules are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.instrument import Instrument, InstrumentKind
from models.round import SampleRule
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World


@pytest.mark.usefixtures("thawed")
def test_shares_and_weights_are_shown_with_their_decimals_and_a_rule_with_its_agencies(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    with app.app_context(), writing(), privileged("a test's rules") as session:
        rule = session.scalars(select(SampleRule).where(SampleRule.percent == 10)).first()
        iit = session.scalars(select(Instrument).where(Instrument.kind == InstrumentKind.IIT)).one()
        assert rule is not None
        rule.percent, iit.weight = Decimal("12.5"), Decimal("29.5")
        rule.agency_kind, rule.agency_size = local.SAO.value, local.L.value
    nacc, page = client_as("nacc"), f"/rounds/{world.round_id}"
    rules = nacc.get(f"{page}/rules").text
    for words in ("ร้อยละ 12.5 ปัดขึ้น", "ร้อยละ 100 ปัดขึ้น", "IIT · องค์การบริหารส่วนตำบล · ใหญ่ (L)"):
        assert f">{words}<" in rules, words
    shown = nacc.get(page).text
    assert "IIT · 29.5%" in shown and "OIT · 40%" in shown
