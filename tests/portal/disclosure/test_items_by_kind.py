"""Items that ask agencies of some kinds only: each agency answers, has reviewed and scored its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from models.account import Role
from models.disclosure import DisclosureState, Review
from portal.content import local
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.disclosure import answering, review, scoring
from portal.disclosure.checklist import checklist_of, items_asked, items_of
from portal.disclosure.progress import oit_counts
from portal.tools.drill import checklists
from tests.support.checklists import ask_only, begin, bring_to, confirm_preparation, link_of, own, stored
from tests.support.statements import asked
from tests.support.world import World, acting_as
from views.homes.agency import todo_of

S = DisclosureState
pytestmark = pytest.mark.postgres
#: of the world's agencies a1 is a municipality, b1 an SAO
FOR_SAO, FOR_TOWN = {"O1", "O2", "O48"}, {"O5"}


@pytest.fixture
def here(app: Portal, world: World) -> Iterator[World]:
    with app.app_context():
        ask_only(world, FOR_SAO, local.SAO, local.PAO)
        ask_only(world, FOR_TOWN, local.SUBDISTRICT)
        yield world


def item(world: World, code: str) -> int:
    return next(item.id for item in items_of(world.round_id) if item.code == code)


@pytest.mark.usefixtures("thawed")
def test_each_kind_is_asked_its_own_items_in_the_order_of_the_round(here: World) -> None:
    with acting_as(here.actor("nacc")):
        every = [item.code for item in items_of(here.round_id)]
        for kind, left_out in ((local.SUBDISTRICT, FOR_SAO), (local.SAO, FOR_TOWN)):
            codes = [item.code for item in items_of(here.round_id, kind)]
            assert codes == [code for code in every if code not in left_out]
        assert items_asked(here.round_id) == {
            local.SUBDISTRICT: 45, local.SAO: 47, local.PAO: 47,
            local.CITY: 44, local.TOWN: 44, local.SPECIAL: 44,
        }  # fmt: skip


@pytest.mark.usefixtures("thawed")
def test_counting_items_of_every_kind_is_one_query(app: Portal, here: World) -> None:
    with acting_as(here.actor("nacc")), asked(app) as statements:
        items_asked(here.round_id)
    assert len([text for text in statements if "oit_item" in text]) == 1


@pytest.mark.usefixtures("thawed")
def test_a_checklist_has_no_item_of_another_kind(here: World) -> None:
    confirm_preparation(here)
    with acting_as(here.actor("agency_admin")) as actor:
        checklist = checklist_of(own(here))
        assert (checklist.total, checklist.answered) == (45, 0)
        foreign = item(here, "O48")
        with pytest.raises(NotFound):
            checklist.line(foreign)
        with pytest.raises(NotFound):
            answering.save_answer(
                own(here), foreign, disclosed=True, links=["https://a.example.go.th"], explanation="",
                version=1, actor=actor,
            )  # fmt: skip


@pytest.mark.usefixtures("thawed")
def test_it_is_submitted_confirmed_and_scored_when_its_own_items_are_done(here: World) -> None:
    confirm_preparation(here)
    with acting_as(here.actor("agency_admin")) as actor:
        last = item(here, "O47")
        checklists.answer_all(own(here), actor=actor, link=link_of)
        answer = next(one for one in stored(here).answers if one.oit_item_id == last)
        answering.save_answer(
            own(here), last, disclosed=None, links=[], explanation="", version=answer.version, actor=actor
        )
        with pytest.raises(Refused, match="every item is answered") as refused:
            answering.submit(own(here), version=stored(here).version, actor=actor)
        assert refused.value.values == {"number": 1, "codes": "O47"}
        checklists.answer_all(own(here), actor=actor, link=link_of)
        answering.submit(own(here), version=stored(here).version, actor=actor)
    with acting_as(here.actor("executive")) as actor:
        assert checklists.pass_all(own(here), actor=actor) == 45
        review.confirm_review(own(here), version=stored(here).version, actor=actor)
    with acting_as(here.actor("assessor")) as actor:
        assert checklists.score_all(own(here), actor=actor, points=lambda _item: Decimal(100)) == 45
        scoring.finish_scoring(own(here), version=stored(here).version, actor=actor)
        assert stored(here).state is S.SCORED
        assert {answer.review for answer in stored(here).answers} == {Review.PASS}


@pytest.mark.usefixtures("thawed")
def test_homes_and_lists_count_the_items_of_the_agency_s_kind(here: World) -> None:
    bring_to(here, S.SUBMITTED)
    confirm_preparation(here, "b1")
    begin(here, "b1", "agency_admin_other")
    with acting_as(here.actor("nacc")):
        counts = oit_counts(round_id=here.round_id)
        assert counts[here.participation["a1"]].total == counts[here.participation["a1"]].answered == 45
        assert counts[here.participation["b1"]].total == 47
    with acting_as(here.actor("agency_admin_other")):
        progress = todo_of(own(here, "b1"), role=Role.AGENCY_ADMIN).progress
        assert progress is not None and (progress.done, progress.total) == (47, 47)


@pytest.mark.usefixtures("thawed")
def test_a_kind_that_no_item_asks_has_nothing_to_do(here: World) -> None:
    with acting_as(here.actor("nacc")):
        every = {item.code for item in items_of(here.round_id)}
    ask_only(here, every, local.PAO)
    confirm_preparation(here)
    with acting_as(here.actor("agency_admin")) as actor:
        assert todo_of(own(here), role=Role.AGENCY_ADMIN).progress is None
        checklist = checklist_of(own(here))
        assert (checklist.total, checklist.groups) == (0, ())
        with pytest.raises(Refused):
            answering.submit(own(here), version=1, actor=actor)
