"""Whatever words are corrected, every score of every question, item, indicator and instrument stays."""

from __future__ import annotations

import pytest

from portal.core.web import Portal
from portal.rounds.correcting.things import THINGS
from tests.portal.results.test_computing import computed, confirmed, nodes, result, scored, surveyed
from tests.support.corrections import at_a_desk, corrected, first_place
from tests.support.world import World

pytestmark = pytest.mark.postgres
#: the world's round has no words there
UNSAID = {"scale", "round_text", "round_translation"}


def test_scores_are_the_same_after_words_of_every_kind_were_corrected(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1")
        surveyed(world, "a1", eit=11)
        scored(world, "a1", disclosed=40, failing="O7")
        computed(world)
        before = result(world, "a1"), nodes(world, "a1")
    with at_a_desk(app, world) as nacc:
        for name in THINGS.keys() - UNSAID:
            place = first_place(world.round_id, name)
            field, words = next(iter(place.words.items()))
            corrected(place, nacc, **{field: f"{words}ๆ"})
    with app.app_context():
        computed(world)
        assert (result(world, "a1"), nodes(world, "a1")) == before
        assert before[0][0] is not None
