"""An officer of the country is restored on pages: what is missing is said, and the NACC sees nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.second_factor import TotpSecret
from portal.core.database.session import privileged, writing
from tests.support.client import PortalClient
from tests.support.officers import second_officer
from tests.support.world import NOW, World
from tests.views.people.test_requests import CODE, the_request

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def with_factor(app: Any, *accounts: int) -> None:
    with app.app_context(), writing(), privileged("second factors") as session:
        session.add_all(
            TotpSecret(account_id=key, sealed=b"x", made_at=NOW, confirmed_at=NOW) for key in accounts
        )


def test_dla_asks_and_the_nacc_confirms(app: Any, client_as: ClientAs, world: World) -> None:
    lost, dla, nacc = second_officer(app), client_as("dla"), client_as("nacc")
    page = f"/admin/accounts/{lost}/code"
    assert "ขอรหัสเปิดใช้งาน" in dla.get(page).text
    refused = dla.submit(f"{page}/ask")
    assert refused.status_code == 409 and "ตั้งของท่านก่อน" in refused.text
    with_factor(app, world.account["dla"])
    assert dla.submit(f"{page}/ask").status_code == 302
    request = f"/admin/rights/{the_request(app).id}"
    shown = nacc.get("/admin/rights").text
    assert "นางทดลอง คนที่สอง" in shown and "ตั้งของท่านก่อน" in shown and f"{request}/confirm" not in shown
    assert nacc.submit(f"{request}/confirm").status_code == 409
    with_factor(app, world.account["nacc"])
    assert "/admin/rights" in nacc.get(f"/rounds/{world.round_id}/home").text
    done = nacc.submit(f"{request}/confirm")
    assert done.status_code == 200 and len(set(CODE.findall(done.text))) == 1
    assert "/admin/accounts" not in done.text, "the NACC keeps no accounts"


def test_the_nacc_finds_no_account_and_no_other_request(client_as: ClientAs, world: World) -> None:
    nacc = client_as("nacc")
    assert "ไม่มีคำขอ" in nacc.get("/admin/rights").text
    for page in ("/admin/accounts/", f"/admin/accounts/{world.account['dla']}/code"):
        assert nacc.get(page).status_code == 404
    assert nacc.submit(f"/admin/accounts/{world.account['dla']}/code/ask").status_code == 404
