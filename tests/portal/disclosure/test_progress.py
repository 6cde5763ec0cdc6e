"""How far OIT has come: words of each state, and counts of provinces and kinds."""

from __future__ import annotations

import pytest

from models.disclosure import DisclosureState
from portal.content import local
from portal.core.web import Portal
from portal.disclosure.progress import OitCounts, oit_states, state_for_assessor, state_label
from tests.support.checklists import begin, bring_to
from tests.support.world import World, acting_as

S = DisclosureState


@pytest.mark.parametrize(
    ("state", "kind", "words", "for_assessor"),
    [
        (S.DRAFT, "info", "กำลังตอบ", "ยังไม่ยื่น"),
        (S.SUBMITTED, "warn", "รอผู้บริหาร", "ผู้บริหาร"),
        (S.RETURNED, "bad", "ให้แก้ไข", "ยังไม่ยื่น"),
        (S.CONFIRMED, "ok", "ผู้บริหารยืนยัน", "รอให้คะแนน"),
        (S.SCORED, "ok", "ให้คะแนน", "ให้คะแนน"),
    ],
)
def test_each_side_reads_a_state_as_it_concerns_it(
    app: Portal, state: DisclosureState, kind: str, words: str, for_assessor: str
) -> None:
    counts = OitCounts(state, total=48, answered=48, passed=40, failed=3)
    with app.test_request_context():
        assert (counts.kind, counts.pending) == (kind, 5)
        assert words in str(counts.label)
        assert for_assessor in str(state_for_assessor(state)[1])


def test_before_the_first_answer_nothing_is_begun(app: Portal) -> None:
    with app.test_request_context():
        assert [OitCounts().kind, str(OitCounts().label)] == ["idle", "ยังไม่เริ่ม"]
        assert str(state_label(S.SUBMITTED, begun=False)[1]) == str(state_label(S.SUBMITTED)[1])
        assert state_for_assessor(None) == state_for_assessor(S.DRAFT)


@pytest.mark.postgres
def test_states_are_counted_by_province_and_by_kind(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)  # a1, a subdistrict municipality
        begin(world, "b1", "agency_admin_other")  # b1, an administrative organisation
        here, there = world.province["52"], world.province["81"]
        with acting_as(world.actor("nacc")):
            assert oit_states(world.round_id) == {here: {S.SUBMITTED: 1}, there: {S.DRAFT: 1}}
            assert oit_states(world.round_id, kind=local.SUBDISTRICT) == {here: {S.SUBMITTED: 1}}
            assert oit_states(world.round_id, kind=local.CITY) == {}
        with acting_as(world.actor("province_other")):
            assert oit_states(world.round_id) == {there: {S.DRAFT: 1}}
