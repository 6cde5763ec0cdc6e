"""The scheme of assessment on the screens: folded away while there is one, said once there are two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.round import Round
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.rooms import add_draft
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
NEW = {"name": "การประเมินอีกประเภท", "fiscal_year": "2561", "start": "shipped:2561"}
SCHEME = "ประเภทการประเมิน"

pytestmark = pytest.mark.postgres


def make_other(nacc: PortalClient) -> int:
    answer = nacc.submit("/rounds/new", NEW | {"scheme": " ita - 2"})
    assert answer.status_code == 302, answer.text
    return int(answer.location.rpartition("/")[2])


def test_with_one_scheme_nobody_reads_of_any(client_as: ClientAs, world: World) -> None:
    nacc = client_as("nacc")
    new = nacc.get("/rounds/new").text
    assert new.index("<details") < new.index('name="scheme"') < new.index("</details>", new.index("scheme"))
    assert f'<th scope="col">{SCHEME}' not in nacc.get("/rounds").text
    assert "ITA)" not in nacc.get(f"/rounds/{world.round_id}").text
    assert 'name="scheme"' not in nacc.get(f"/rounds/{world.round_id}/settings").text


def test_a_second_round_of_a_year_names_its_scheme(app: Portal, client_as: ClientAs, world: World) -> None:
    nacc = client_as("nacc")
    other = make_other(nacc)
    with app.app_context():
        assert (row(Round, other).fiscal_year, row(Round, other).scheme) == (2561, "ITA-2")
    listed = nacc.get("/rounds").text
    assert f'<th scope="col">{SCHEME}' in listed and ">ITA-2<" in listed
    shown = nacc.get(f"/rounds/{other}").text
    assert "ปีงบประมาณ พ.ศ. 2561 (ITA-2)" in shown
    new = nacc.get("/rounds/new").text
    assert '<option value="ITA-2">' in new, "offered, so that nobody spells it otherwise"
    assert "การประเมินอีกประเภท · ITA-2" in new


def test_a_year_that_is_taken_says_so_and_shows_where_another_scheme_is_named(client_as: ClientAs) -> None:
    nacc = client_as("nacc")
    answer = nacc.submit("/rounds/new", NEW)
    assert answer.status_code == 422
    assert "ปีงบประมาณนี้มีรอบการประเมินอยู่แล้ว" in answer.text
    form = answer.text[answer.text.index('name="fiscal_year"') :]
    assert "<details" not in form[: form.index('name="scheme"')]


def test_a_scheme_that_is_too_long_is_said_at_its_field(client_as: ClientAs) -> None:
    answer = client_as("nacc").submit("/rounds/new", NEW | {"scheme": "A" * 21})
    assert answer.status_code == 422
    assert 'href="#scheme"' in answer.text and "A" * 21 in answer.text


def test_the_settings_of_a_draft_give_it_another_scheme(app: Portal, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("a draft") as session:
        draft = add_draft(session).id
    nacc = client_as("nacc")
    with app.app_context():
        version = row(Round, draft).version
    fields = {
        "version": str(version), "name": "ชื่อใหม่", "fiscal_year": "2562", "grace_minutes": "15",
        "office_grace_minutes": "15", "first_digits": "12345678", "eit_combine": "pooled",
        "detail_threshold": "10", "total_threshold": "3", "scheme": "ita-2",
    }  # fmt: skip
    assert nacc.submit(f"/rounds/{draft}/settings", fields).status_code == 302
    assert 'value="ITA-2"' in nacc.get(f"/rounds/{draft}/settings").text
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(Round.scheme).where(Round.id == draft)).one() == "ITA-2"


def test_respondents_read_by_which_scheme_they_are_asked(client_as: ClientAs) -> None:
    nacc = client_as("nacc")
    other = make_other(nacc)
    assert "แบบสำรวจ EIT ปีงบประมาณ พ.ศ. 2561 (ITA-2)" in nacc.get(f"/rounds/{other}/preview/sao/eit").text
