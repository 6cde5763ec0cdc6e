"""The years of the bench: as many questions as they are said to have, and a content that is whole."""

from __future__ import annotations

from portal.content.year import load_year
from portal.core.web import Portal
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import numbered
from portal.rounds.content.sheets import kept
from portal.tools.bench.years import QUESTIONS, of_sixty


def test_a_year_has_sixty_questions_and_is_whole(app: Portal) -> None:
    content = of_sixty(load_year(2561))
    assert sum(len(one.questions) for one in content.instruments) == QUESTIONS
    with app.app_context():
        assert content_of_sheets(numbered(kept(content))) == content
