"""Several save one row from pages of the same moment: the first is stored, each other one is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.account import Account
from models.agency import Agency
from models.round import Round
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from tests.support.forms import form_with
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World


@pytest.mark.parametrize("what", ["an agency", "a round's settings", "a draft's rules"])
def test_one_of_several_saves_is_stored(app: Portal, world: World, what: str) -> None:
    person, page, field = {
        "an agency": ("dla", f"/admin/agencies/edit/?id={world.agency['a1']}", "name"),
        "a round's settings": ("nacc", f"/rounds/{world.round_id}/settings", "name"),
        "a draft's rules": ("nacc", f"/rounds/{draft(app)}/build/rules/groups", "groups-0-name"),
    }[what]
    people = visitors(app, world, *[person] * AT_ONCE)
    forms = [
        {**form_with(one.get(page).text, field), field: f"ชื่อที่ {place}"} for place, one in enumerate(people)
    ]
    answers = pressed(people, page, *forms)
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    (stored,) = [
        form[field] for form, answer in zip(forms, answers, strict=True) if answer.status_code == 302
    ]
    told = [answer.text for answer in answers if answer.status_code == 409]
    assert all(stored in page for page in told), "each sees what is stored now"
    assert form_with(people[0].get(page).text, field)[field] == stored


def test_an_account_shut_by_several_stays_shut(app: Portal, world: World) -> None:
    account = world.account["agency_admin"]
    people = visitors(app, world, *["dla"] * AT_ONCE)
    page = f"/admin/accounts/{account}/active"
    forms = [form_with(one.get(page).text, "version") for one in people]
    assert statuses(pressed(people, page, *forms)) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Account, account).active is False


def test_versions_count_each_save(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Agency, world.agency["a1"]).version == 1
        before = session.get_one(Round, world.round_id).version
    client = visitors(app, world, "nacc")[0]
    page = f"/rounds/{world.round_id}/windows"
    shown = form_with(client.get(page).text, "oit__main__last")
    fields = {**shown, "oit__main__last": "30 ธ.ค. 2563", "csrf_token": client.csrf_token()}
    assert client.post(page, data=fields).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Round, world.round_id).version > before, "windows are rows below the round"


def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        content = replace(load_year(2561), fiscal_year=2562)
        return setup.make_round(session, content, name="ร่าง", windows={}).id
