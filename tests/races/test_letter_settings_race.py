"""Several officers set up one office's letters at once: there is one row of settings."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.letter_office import LetterOffice
from portal.core.database.session import privileged
from portal.core.web import Portal
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


@pytest.mark.parametrize(("person", "kind"), [("dla", "circular"), ("province", "summary")])
def test_an_office_has_one_row_of_settings(app: Portal, world: World, person: str, kind: str) -> None:
    people = visitors(app, world, *[person] * AT_ONCE)
    page = f"/rounds/{world.round_id}/letters/{kind}/office"
    answers = pressed(people, page, OFFICE)
    assert statuses(answers)[0] == 302
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(LetterOffice)) == 1
    assert people[0].get(page).status_code == 200
