"""The settings of a round as they are typed: what does not fit is said at its field, what was typed stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.round import Round
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.pages import PageForm, read_page
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]


def settings_of(nacc: PortalClient, world: World) -> PageForm:
    """The form of the settings, as its page shows it."""
    url = f"/rounds/{world.round_id}/settings"
    return next(
        form
        for form in read_page(nacc.get(url).text, url).forms
        if any(one.name == "total_threshold" for one in form.controls)
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "กรอกชื่อรอบ"),
        ("grace_minutes", "121", "กรอก 0 ถึง 120 นาที"),
        ("office_grace_minutes", "-1", "กรอก 0 ถึง 120 นาที"),
        ("detail_threshold", "2", "กรอก 3 ขึ้นไป"),
        ("total_threshold", "0", "กรอก 1 ขึ้นไป"),
        ("total_threshold", "11", "ต้องไม่มากกว่าจำนวนของรายข้อด้านบน"),
        ("fiscal_year", "2018", "กรอกปี พ.ศ. เช่น 2561"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    client_as: ClientAs, world: World, field: str, typed: str, words: str
) -> None:
    nacc = client_as("nacc")
    answer = settings_of(nacc, world).put(field, typed).send(nacc)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text


def test_an_equal_threshold_for_totals_is_enough(app: Portal, client_as: ClientAs, world: World) -> None:
    nacc = client_as("nacc")
    assert settings_of(nacc, world).put("total_threshold", "10").send(nacc).status_code == 302
    with app.app_context():
        assert row(Round, world.round_id).total_threshold == 3, "of an open round it stays"


def test_an_act_that_would_be_refused_is_not_offered(client_as: ClientAs, world: World) -> None:
    nacc, page = client_as("nacc"), f"/rounds/{world.round_id}"
    for act, words in (("open", "ยังเปิดรอบไม่ได้"), ("close", "ยังปิดรอบไม่ได้")):
        shown = nacc.get(f"{page}/{act}")
        assert shown.status_code == 200
        assert words in shown.text and 'type="submit">' not in shown.text.partition("<main")[2], act
