"""Two officers who correct the same words at the same moment: one does, the others look again."""

from __future__ import annotations

from sqlalchemy import select

from models.instrument import Instrument, OitItem
from models.year import WordingCorrection
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World


def first_item(app: Portal, world: World) -> tuple[int, dict[str, str]]:
    """Its number, and its words by their fields."""
    with app.app_context(), privileged("a test looks") as session:
        items = select(OitItem).join(Instrument).where(Instrument.round_id == world.round_id)
        row = session.scalars(items.order_by(OitItem.position).limit(1)).one()
        return row.id, {"title": row.title, "criterion": row.criterion, "example": row.example or ""}


def test_words_are_corrected_by_one_of_those_who_saw_them(app: Portal, world: World) -> None:
    item, words = first_item(app, world)
    here, mended = f"/rounds/{world.round_id}/correct/oit_item/{item}", f"{words['title']}ๆ"
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    forms = [
        {**words, "title": mended, "reason": f"เหตุ {place}", "version": "0", "confirm": "1"}
        for place in range(AT_ONCE)
    ]
    answers = pressed(people, here, *forms)
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test looks") as session:
        made = session.scalars(select(WordingCorrection)).one()
        assert (made.before, made.after) == (words["title"], mended)
        assert session.get_one(OitItem, item).title == mended
