"""Acts on all that a list found: counted, confirmed, within right and scope, a job where they are many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.audit import AuditEvent
from models.job import Job, JobState
from models.kinds import AgencySize
from portal.content import local
from portal.core import list_acts
from portal.core.acting import acting, seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import World
from views.generated import listing, many

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
ALL = "/lists/agencies/all"


def agencies(app: Portal) -> dict[str, tuple[bool, AgencySize | None]]:
    with app.app_context(), privileged("a test looks") as session:
        return {row.full_name: (row.active, row.size) for row in session.scalars(select(Agency))}


def do(client: PortalClient, act: str, query: str = "", **typed: str) -> Any:
    page = f"{ALL}/{act}{query}"
    return client.submit(page, form_with(client.get(page).text, "found") | typed)


def test_a_declared_action_is_done_to_all_found_and_to_no_other(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    page = client.get(f"{ALL}?flt_kind=sao").text
    assert "/lists/agencies/all/deactivate?flt_kind=sao" in page
    asked = client.get(f"{ALL}/deactivate?flt_kind=sao").text
    assert "พบ 2 รายการ" in asked
    assert "องค์การบริหารส่วนตำบลท่าผา" in asked
    answer = do(client, "deactivate", "?flt_kind=sao")
    assert answer.location.endswith("flt_kind=sao")
    out = {name for name, (active, _size) in agencies(app).items() if not active}
    assert out == {"องค์การบริหารส่วนตำบลท่าผา", "องค์การบริหารส่วนตำบลไสไทย"}
    assert "2" in client.get(answer.location).text


def test_a_set_that_changed_is_asked_about_again(app: Portal, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{ALL}/deactivate?flt_active=1"
    form = form_with(client.get(page).text, "found")
    with app.app_context(), writing(), privileged("meanwhile") as session:
        session.info["unrecorded"] = True
        session.scalars(select(Agency).order_by(Agency.id)).first().active = False  # type: ignore[union-attr]
    answer = client.submit(page, form)
    assert answer.status_code == 409
    assert "ยืนยันอีกครั้ง" in answer.text
    assert sum(active for active, _size in agencies(app).values()) == 3, "nothing was done"
    assert client.submit(page, form_with(answer.text, "found")).status_code == 302
    assert not any(active for active, _size in agencies(app).values())


def test_a_field_is_set_in_all_found_each_with_its_event(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    assert do(client, "set-size", size="no such").status_code == 422
    answer = do(client, "set-size", size=local.S.value)
    assert "2" in client.get(answer.location).text
    assert {size for _active, size in agencies(app).values()} == {local.S}
    with app.app_context(), privileged("a test looks") as session:
        query = select(AuditEvent).where(AuditEvent.act == "agencies.edit").order_by(AuditEvent.id)
        events = list(session.scalars(query))
        assert [(one.before["size"], one.after["size"]) for one in events] == [("M", "S"), ("M", "S")]


def test_a_field_is_set_in_ticked_rows_alone(app: Portal, world: World, client_as: ClientAs) -> None:
    client, chosen = client_as("dla"), [world.agency["a1"], world.agency["b1"]]
    page = client.get("/admin/agencies/?flt_active=1").text
    assert 'value="set-size"' in page and "/action/?flt_active=1" in page
    ticked: dict[str, Any] = {"action": "set-size", "rowid": chosen}
    ask = client.submit("/admin/agencies/action/?flt_active=1", ticked).location
    asked = client.get(ask).text
    assert "ทำเครื่องหมายไว้ 2 รายการ" in asked
    assert client.submit(ask, form_with(asked, "found") | {"size": "L"}).location.endswith("flt_active=1")
    with app.app_context(), privileged("a test looks") as session:
        large = session.scalars(select(Agency.id).where(Agency.size == local.L)).all()
        assert sorted(large) == sorted(chosen)
    assert client.get("/lists/agencies/all/set-size?rows=1,x").status_code == 404
    assert client_as("nacc").submit("/admin/agencies/action/", ticked).status_code == 404
    people = {"action": "set-position", "rowid": [world.account["executive"]]}
    assert "/lists/accounts/all/set-position" in client.submit("/admin/accounts/action/", people).location


def test_own_changes_of_many_are_taken_back_and_others_left_out(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    before = agencies(app)
    do(client, "set-size", size=local.L.value)
    assert {size for _active, size in agencies(app).values()} == {local.L}
    do(client, "deactivate", "?search=เกาะคา")
    do(client, "undo", "?search=เกาะคา")
    said = client.get(do(client, "undo").location).text
    assert "เปลี่ยนแล้ว 2 รายการ" in said and "ข้าม 2 รายการ: เทศบาลตำบลเกาะคา (" in said
    left, here = agencies(app), ("เทศบาลตำบลเกาะคา", "องค์การบริหารส่วนตำบลท่าผา")
    taken_back = dict.fromkeys(here, (True, local.L))
    assert left == before | taken_back, "there one's last change is a taking back, which is none to take back"


def test_who_refuses_is_left_out_and_named(
    app: Portal, world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_view: Any, _form: Any, row: Agency, _created: bool) -> None:
        if row.name == "เกาะคา":
            raise Refused("Enter the agency's own name")

    monkeypatch.setattr("views.register.agencies.AgencyView.on_model_change", refuse)
    client = client_as("dla")
    said = client.get(do(client, "set-size", size=local.S.value).location).text
    assert "ข้าม 1 รายการ: เทศบาลตำบลเกาะคา" in said
    assert agencies(app)["เทศบาลตำบลเกาะคา"][1] == local.M
    assert agencies(app)["องค์การบริหารส่วนตำบลไสไทย"][1] == local.S


def test_many_are_a_job_of_who_asked(
    app: Portal, world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_acts, "AT_ONCE", 1)
    client = client_as("dla")
    answer = do(client, "set-district", district=str(1))
    worker.work(app, until_idle=True)
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job).where(Job.kind == list_acts.KIND)).one()
        assert (job.state, job.done, job.account_id) == (JobState.DONE, 4, world.account["dla"])
        assert {row.district_id for row in session.scalars(select(Agency))} == {1}
    assert "เปลี่ยนแล้ว 4 รายการ" in client.get(answer.location).text


@pytest.mark.parametrize("person", ["nacc", "province", "agency_admin"])
def test_who_may_not_finds_no_act(client_as: ClientAs, person: str) -> None:
    client = client_as(person)
    assert "/lists/agencies/all" not in client.get("/admin/agencies/").text
    for address in (ALL, f"{ALL}/deactivate", f"{ALL}/set-size", f"{ALL}/set-active"):
        assert client.get(address).status_code == 404
    assert client_as("dla").get(f"{ALL}/set-active").status_code == 404


def test_what_is_gone_or_too_much_or_no_filter_is_said(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = next(one for one in app.extensions["generated_views"] if one.endpoint == "agencies")
    with app.test_request_context(), acting(world.actor("dla")):
        order = {"act": "set-size", "value": "S"}
        done = many.do(view, order, [world.agency["a1"], 999])
        assert (done.done, len(done.left_out)) == (1, 1)
        assert many.do(view, order, [world.agency["a1"]]).same == 1
        with pytest.raises(NotFound):
            many.do(view, {"act": "set-district", "value": 999}, [world.agency["a1"]])
        with pytest.raises(Refused):
            many.found(view, listing.ListQuery(filters={"kind": "no such"}))
        monkeypatch.setattr(many, "MOST", 1)
        with pytest.raises(Refused):
            many.found(view, listing.ListQuery())
    outcome = list_acts.Outcome(1, 2, tuple(str(number) for number in range(25)))
    with app.test_request_context():
        assert "และอีก 5" in outcome.words()
    with app.app_context(), seated(world.actor("nacc")):
        assert db.session.scalar(select(Agency.size).where(Agency.id == world.agency["a1"])) == local.S
