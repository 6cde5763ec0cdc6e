"""The page of anchors: listed, fetched as signed, with the key, for the country's offices only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from portal.core.web import Portal
from portal.record import anchors
from tests.support.client import PortalClient
from tests.support.world import NOW
from views.record.anchors import PAGE

Client = Callable[[str], PortalClient]


def made(app: Portal, count: int) -> None:
    with app.app_context():
        for _number in range(count):
            anchors.write()


def test_anchors_are_listed_fetched_and_proved_by_the_key_shown(app: Portal, client_as: Client) -> None:
    client = client_as("dla")
    assert "/record/anchors" in client.get("/admin/record/").text
    assert "ยังไม่มีหมุดยืนยัน" in client.get("/record/anchors").text
    assert client.get("/record/anchors/key.pem").status_code == 404
    made(app, 2)
    page = client.get("/record/anchors").text
    answer = client.get("/record/anchors/2.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="anchor-0000002.txt"'
    assert anchors.grouped(hashlib.sha256(answer.data).hexdigest()) in page
    pem = client.get("/record/anchors/key.pem").text
    assert pem.startswith("-----BEGIN PUBLIC KEY-----") and pem.splitlines()[1] in page
    assert client.get("/record/anchors/3.txt").status_code == 404


def test_more_than_a_page_leads_to_the_older_ones(app: Portal, client_as: Client) -> None:
    made(app, PAGE + 2)
    client = client_as("nacc")
    first = client.get("/record/anchors").text
    assert "/record/anchors/50.txt" in first and "/record/anchors/2.txt" not in first
    older = client.get("/record/anchors?below=3").text
    assert "/record/anchors/2.txt" in older and "/record/anchors/3.txt" not in older
    assert "below=3" in first and "below=" not in older


def test_an_old_last_anchor_is_told(app: Portal, client_as: Client, clock: Callable[[object], None]) -> None:
    made(app, 1)
    words = "หมุดยืนยันล่าสุดเก่ากว่าสองชั่วโมงแล้ว"
    assert words not in client_as("dla").get("/record/anchors").text
    clock(NOW + timedelta(hours=3))
    assert words in client_as("dla").get("/record/anchors").text


def test_nobody_below_the_country_reads_anchors(app: Portal, client_as: Client) -> None:
    made(app, 1)
    for person in ("province", "agency_admin", "assessor"):
        for address in ("/record/anchors", "/record/anchors/1.txt", "/record/anchors/key.pem"):
            assert client_as(person).get(address).status_code == 404, (person, address)
