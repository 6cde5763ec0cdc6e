"""Several officers set up one office's letters at once: there is one row of settings."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.letter_office import LetterOffice
from models.letter_text import OfficeText
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.letters import set_up
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World

OFFICE = {
    "name": "กรมตัวอย่าง",
    "address": "ถนนทดลอง",
    "number_prefix": "มท 0000",
    "typeface": "",
    "signing": "number_first",
    "register": "general",
}

TEXT = "เวียน: ใช่\nเรื่อง: ทดลอง\nเรียน: ท่าน\n\nด้วยทดลอง\n\nจึงเรียนมาเพื่อโปรดทราบ"


def test_who_saves_a_text_at_the_same_moment_is_told(app: Portal, world: World) -> None:
    """Each wrote from the same version: one is the next, and the others have both texts before them."""
    with app.app_context():
        set_up(world, "dla")
    people = visitors(app, world, *["dla"] * AT_ONCE)
    page = f"/rounds/{world.round_id}/letters/office/1/texts/circular"
    answers = pressed(people, page, {"source": TEXT, "version": "0"})
    assert statuses(answers) == [302, *[409] * (AT_ONCE - 1)]
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalars(select(OfficeText.number)).all() == [1]


@pytest.mark.parametrize(("person", "kind"), [("dla", "circular"), ("province", "summary")])
def test_an_office_has_one_row_of_settings(app: Portal, world: World, person: str, kind: str) -> None:
    people = visitors(app, world, *[person] * AT_ONCE)
    page = f"/rounds/{world.round_id}/letters/{kind}/office"
    answers = pressed(people, page, OFFICE)
    assert statuses(answers)[0] == 302
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(LetterOffice)) == 1
    assert people[0].get(page).status_code == 200
