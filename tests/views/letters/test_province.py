"""A province's own circular on its screens: settings, draft, number, sent, and who has not acknowledged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.letters import OFFICES, SETTINGS
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
OFFICE = {**SETTINGS[OFFICES["province"]], "typeface": "", "register": "general", "signing": "number_first"}
WHO = {"name": "นายทดลอง ลงนาม", "position": "ท้องถิ่นจังหวัดทดลอง", "version": "0"}


def test_a_province_writes_to_its_agencies_and_sees_who_has_not_acknowledged(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    province, letters = client_as("province"), f"/rounds/{world.round_id}/letters"
    empty = province.get(f"{letters}/province").text
    assert "หนังสือถึง อปท." in empty and f"{letters}/summary/office" in empty and "province/new" not in empty
    assert province.submit(f"{letters}/summary/office", {**OFFICE, "version": "0"}).status_code == 302
    assert province.submit(f"{letters}/office/1/signatory", WHO).status_code == 302
    page = province.get(f"{letters}/province/new").text
    assert "หนังสือภายนอก (เวียน) ถึง อปท. ในจังหวัด" in page and "provinces" not in page
    draft = {"signatory": "1", "urgency": "", "references": "", "text": "province.0"}
    made = province.submit(f"{letters}/province/new", draft)
    assert made.status_code == 302
    page = province.get(made.location).text
    assert "อปท. ทุกแห่งในจังหวัด" in page and 'name="province"' not in page
    issued = province.submit(f"{made.location}/issue", {"number": "", "dated": "9/11/2561"})
    assert issued.status_code == 302
    with app.app_context():
        worker.work(app, until_idle=True)
    assert "มท 0817.2/ว 1" in province.get(f"{letters}/province").text
    assert province.submit(f"{made.location}/sent", {}).status_code == 302
    receivers = province.get(f"{made.location}/receivers").text
    assert "เทศบาลตำบลเกาะคา" in receivers and receivers.count("ยังไม่เปิดอ่าน") >= 2
    assert "มท 0817.2/ว 1" in client_as("agency_admin").get("/inbox").text
    assert "มท 0817.2/ว 1" not in client_as("agency_admin_other").get("/inbox").text


def test_a_letter_to_one_agency_is_chosen_with_its_words(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    """What was chosen stays where the words do not fit; a memorandum has no list of receivers."""
    province, letters = client_as("province"), f"/rounds/{world.round_id}/letters"
    province.submit(f"{letters}/summary/office", {**OFFICE, "version": "0"})
    province.submit(f"{letters}/office/1/signatory", WHO)
    draft = {"signatory": "1", "urgency": "", "references": "", "agency": str(world.agency["a1"])}
    refused = province.submit(f"{letters}/province/new", draft | {"text": "province.0"})
    assert refused.status_code == 422 and "เลือกข้อความนั้นด้วย" in refused.text
    assert f'selected value="{world.agency["a1"]}"' in refused.text
    made = province.submit(f"{letters}/province/new", draft | {"text": "agency.0"})
    assert made.status_code == 302
    page = province.get(made.location).text
    assert "เทศบาลตำบลเกาะคา" in page and 'name="province"' not in page
    assert f'selected value="{world.agency["a1"]}"' in province.get(f"{made.location}/edit").text

    memo = province.submit(f"{letters}/province/new", draft | {"agency": "", "text": "memorandum_circular.0"})
    assert "นายอำเภอทุกอำเภอ" in province.get(memo.location).text
    assert province.submit(f"{memo.location}/issue", {"number": "", "dated": "9/11/2561"}).status_code == 302
    with app.app_context():
        worker.work(app, until_idle=True)
    assert province.submit(f"{memo.location}/sent", {}).status_code == 302
    assert "receivers" not in province.get(memo.location).text
    assert province.get(f"{memo.location}/receivers").status_code == 404


def test_the_letters_of_one_office_are_no_other_s(app: Portal, world: World, client_as: ClientAs) -> None:
    province, letters = client_as("province"), f"/rounds/{world.round_id}/letters"
    province.submit(f"{letters}/summary/office", {**OFFICE, "version": "0"})
    province.submit(f"{letters}/office/1/signatory", WHO)
    draft = {"signatory": "1", "urgency": "", "references": "", "text": "province.0"}
    made = province.submit(f"{letters}/province/new", draft)
    dla = client_as("dla")
    assert dla.get(made.location).status_code == 404
    assert "แจ้งให้ดำเนินการ" not in dla.get(f"{letters}/circular").text
    assert dla.get(f"{letters}/province").status_code == 404
    assert client_as("province_other").get(made.location).status_code == 404
    other = province.submit(f"{letters}/province/new", draft | {"text": "circular.0"})
    assert other.status_code == 422 and "เลือกข้อความ" in other.text
