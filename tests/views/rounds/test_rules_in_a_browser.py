"""The rules of a draft as a browser sends them: spare rows count for nothing, half a row is named."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from models.round import GradeBand
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.pages import PageForm, read_page
from tests.support.rooms import add_draft


def draft(app: Portal) -> int:
    """A draft's id."""
    with app.app_context(), writing(), privileged("a draft") as session:
        return add_draft(session).id


def form_of(client: PortalClient, url: str) -> PageForm:
    """The form of the rules."""
    return max(read_page(client.get(url).text, url).forms, key=lambda form: len(form.controls))


def test_rules_sent_unchanged_and_with_one_more_grade_are_saved(
    app: Portal, client_as: Callable[[str], PortalClient]
) -> None:
    round_id, nacc = draft(app), client_as("nacc")
    url = f"/rounds/{round_id}/rules"
    assert form_of(nacc, url).send(nacc).status_code == 302
    form = form_of(nacc, url)
    spare = next(one.name for one in form.controls if one.name.endswith("-grade") and not one.value)
    filled = form.put(spare, "Z").put(spare.replace("grade", "lower"), "5")
    assert filled.send(nacc).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        grades = session.scalars(select(GradeBand.grade).where(GradeBand.round_id == round_id)).all()
    assert len(grades) == 8
    assert "Z" in grades


def test_half_a_row_is_named_with_its_number(app: Portal, client_as: Callable[[str], PortalClient]) -> None:
    round_id, nacc = draft(app), client_as("nacc")
    form = form_of(nacc, f"/rounds/{round_id}/rules")
    answer = form.put("bands-7-lower", "5").send(nacc)
    assert answer.status_code == 422
    assert "เกรด (แถวที่ 8): กรอกทั้งเกรดและคะแนนต่ำสุด" in answer.text
    assert "{}" not in answer.text
    assert 'href="#bands-7-grade"' in answer.text
