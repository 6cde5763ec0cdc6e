"""Who read an announcement, as a file: the rows of the page, narrowed as it is."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.views.announcements.test_announcements import sent

pytestmark = pytest.mark.postgres
NAME, ROLE, AT = 0, 1, 4


def test_the_file_of_receivers_has_the_rows_of_the_page(
    app: Portal, client_as: Callable[[str], PortalClient]
) -> None:
    key = sent(app, client_as("dla"))
    assert client_as("province").submit(f"/announcements/{key}/acknowledge").status_code == 302
    page = f"/announcing/{key}/receivers"
    everybody, read = (rows_of(client_as("dla"), f"{page}.csv{asked}") for asked in ("", "?standing=read"))
    assert len(everybody) == client_as("dla").get(page).text.count('class="ita-title"') > len(read) == 1
    assert read[0][AT] and [row for row in everybody if row[AT]] == read
    assert {row[ROLE] for row in rows_of(client_as("dla"), f"{page}.csv?role=province")} == {read[0][ROLE]}
    workbook = client_as("dla").get(f"{page}.xlsx")
    assert workbook.status_code == 200 and workbook.data.startswith(b"PK")
    assert client_as("province").get(f"{page}.csv").status_code == 404


def rows_of(client: PortalClient, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    rows = [row for row in csv.reader(StringIO(answer.data.decode("utf-8-sig"))) if len(row) > AT]
    return rows[1:]
