"""An opened answer says whose it is; what lies in the database is counted past every wall."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.core.web import Portal
from portal.tools.attack.engines import Target
from portal.tools.faults.boxes import Surveyed, found_in, surveyed
from portal.tools.faults.counts import Counts, Eye
from portal.tools.faults.ledger import NOBODY, VARIANTS
from tests.factories.base import Make
from tests.factories.work import SurveyLinkFactory
from tests.support.world import World

BOX = Surveyed(7, "IIT", "code", (4, 3, 5, 2, 4, 4, 4, 4))


@given(st.integers(0, 7000), st.integers(0, VARIANTS - 1))
def test_an_answer_tells_its_person_and_which_of_theirs_it_is(number: int, variant: int) -> None:
    choices = BOX.choices(number, variant)
    assert all(1 <= choice <= limit for choice, limit in zip(choices, BOX.limits, strict=True))
    assert BOX.whose(bytes(choices)) == (number, variant)


def test_what_was_never_made_is_nobodys() -> None:
    assert BOX.whose(b"\0" * 8) == BOX.whose(b"\x01" * 9) == (NOBODY, 0)


def test_answers_are_found_by_their_box() -> None:
    mine, other = bytes(BOX.choices(3, 1)), bytes(BOX.choices(4, 0))
    rows = [(7, "IIT", mine), (7, "IIT", mine), (7, "EIT", other), (7, "IIT", b"\0" * 8)]
    assert found_in([BOX], rows) == {(0, 3, 1): 2, (NOBODY, NOBODY, 0): 1, (0, NOBODY, 0): 1}


def test_boxes_and_rows_of_the_world(app: Portal, world: World, make: Make) -> None:
    make(SurveyLinkFactory)
    with app.app_context():
        boxes = surveyed(world.round_id, 1)
    assert len(boxes[0].limits) > 10
    url = app.settings.database_owner_url
    eye = Eye(Target("", url, url, url, app.settings.instance_dir))
    assert eye.count() == Counts(0, 0, 0, 0, 0, 0)
    assert eye.count().answers == 0 and eye.opened() == []
