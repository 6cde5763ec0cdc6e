"""A file holds what its page shows: for every list with a file, its filter, order, tab and scope."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from portal.core.access import GRANTS
from portal.core.list_files import MAKERS
from portal.core.web import Portal
from tests.fences.test_whole_app import tracked
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.furniture import furnish
from tests.support.world import PEOPLE, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
_NAME = re.compile(r'<th scope="row" class="ita-title">\s*<a[^>]*>(.*?)</a>', re.DOTALL)
#: pages whose files are compared elsewhere: results need an opened round
_ELSEWHERE = {
    "announcements.receivers": "tests/views/announcements/test_receivers.py",
    "chasing.extensions": "tests/views/chasing/test_extensions.py",
    "chasing.mails": "tests/views/chasing/test_mails.py",
    "certificates.list": "tests/views/certificates/test_room.py",
    "letters.inbox": "tests/views/letters/test_inbox.py",
    "letters.receivers": "tests/views/letters/test_inbox.py",
    "personal.requests": "tests/views/personal/test_requests.py",
    "record.history": "tests/views/record/test_histories.py",
    "results.list": "tests/views/results/test_lists.py",
    "results.trends": "tests/views/results/test_trends.py",
    "status.agency": "tests/views/status/test_papers.py",
    "status.stages": "tests/views/status/test_stages.py",
}


def names_on(page: str) -> list[str]:
    words = (html.unescape(re.sub("<[^>]*>", "", name)) for name in _NAME.findall(page))
    return [one.replace("\u00a0", " ").strip() for one in words]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_every_list_with_a_file_is_compared(app: Portal) -> None:
    generated = {f"generated.{view.endpoint}" for view in exported(app)}
    assert set(MAKERS) >= generated
    others = {name for name in MAKERS if not name.startswith("generated.")}
    compared = {"chasing.late", "people.states", "register.changes", "status.country", "status.province"}
    assert others == {*compared, *_ELSEWHERE}


def exported(app: Portal) -> list[Any]:
    return [view for view in app.extensions["generated_views"] if view.permissions.export is not None]


def test_generated_files_follow_their_lists(app: Portal, world: World, client_as: ClientAs) -> None:
    differ = []
    for view in exported(app):
        person = next(name for name, role, _place in PEOPLE if view.permissions.export in GRANTS[role])
        client, base = client_as(person), view.url.replace("<int:round_id>", str(world.round_id))
        at = [name for name, _label in view._export_columns].index(view.column_title)
        for query in addresses(app, person, world, view):
            page = names_on(client.get(f"{base}/", query_string=query).text)
            header, *rows = rows_of(client.get(f"{base}/export/csv/", query_string=query).data)
            assert header
            if [row[at].strip() for row in rows[: view.page_size]] != page:
                differ.append((view.endpoint, query, page[:3], rows[:3]))
    assert not differ, differ


def addresses(app: Portal, person: str, world: World, view: Any) -> list[dict[str, str]]:
    """The list as it comes, in another order, and narrowed by its first choice."""
    found: list[dict[str, str]] = [{}]
    found += [{"sort": name, "desc": "1"} for name in list(view._sortable_columns)[:1]]
    with app.test_request_context(), worlds.acting_as(world.actor(person)):
        for name, one in view.filters.items():
            if one.kind == "choice" and (options := one.options({})):
                return [*found, {f"flt_{name}": options[-1][0]}]
    return found


@pytest.mark.parametrize("tab", ["preparation", "iit", "eit", "oit"])
@pytest.mark.parametrize("query", [{}, {"kind": "sao"}, {"region": "ไม่มีภาคนี้"}])
def test_the_country_s_file_follows_its_tab(
    world: World, client_as: ClientAs, tab: str, query: dict[str, str]
) -> None:
    client, at = client_as("dla"), f"/rounds/{world.round_id}/status"
    query = {"tab": tab, **query}
    page = client.get(at, query_string=query).text
    header, *rows = rows_of(client.get(f"{at}/country.csv", query_string=query).data)
    assert [row[0] for row in rows] == names_on(page)
    shown = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    assert set(shown) - set(header) <= {"ค้างที่ขั้น"}, "every column of the page but the picture is in the file"
    if tab != "preparation" and rows:
        cells = re.findall(r'<td class="ita-num ita-end"[^>]*>\s*([\d,]+)\s*</td>', page)
        assert [int(cell.replace(",", "")) for cell in cells] == [int(n) for row in rows for n in row[2:]]


@pytest.mark.parametrize(
    "query", [{}, {"q": "เกาะคา"}, {"behind": "1"}, {"behind": "4"}, {"district": "เกาะคา"}]
)
def test_a_province_s_file_follows_its_search(
    world: World, client_as: ClientAs, query: dict[str, str]
) -> None:
    client = client_as("province")
    at = f"/rounds/{world.round_id}/status/provinces/{world.province['52']}"
    page = names_on(client.get(at, query_string=query).text)
    _header, *rows = rows_of(client.get(f"{at}.csv", query_string=query).data)
    assert len(rows) == len(page)
    assert all(row[0].endswith(name.rpartition(".")[2]) for row, name in zip(rows, page, strict=True))


@pytest.mark.parametrize("query", [{}, {"q": "เกาะคา"}, {"state": "none"}, {"role": "executive"}])
@pytest.mark.parametrize("person", ["dla", "province"])
def test_the_file_of_accounts_by_state_follows_its_list(
    client_as: ClientAs, person: str, query: dict[str, str]
) -> None:
    client = client_as(person)
    page = names_on(client.get("/admin/people", query_string=query).text)
    _header, *rows = rows_of(client.get("/admin/people.csv", query_string=query).data)
    assert len(rows) == len(page) > 0
    assert all(row[1].endswith(name.rpartition(".")[2]) for row, name in zip(rows, page, strict=True))


def test_files_leave_by_one_door() -> None:
    """One function names them (downloads.py), so that no name is ".pdf" or holds a path."""
    bare = re.compile(r"Content-Disposition|download_name=|send_file\(")
    found = [
        path.name
        for path in tracked("portal/**/*.py", "views/**/*.py", "survey_forms/*.py")
        if path.name != "downloads.py" and bare.search(path.read_text())
    ]
    assert not found, f"use portal/core/downloads.py: {found}"


@pytest.mark.parametrize(
    "query",
    [{}, {"q": "เกาะคา"}, {"at": "password"}, {"district": "เกาะคา"}, {"noted": "none"}, {"kind": "sao"}],
)
def test_the_file_of_late_agencies_follows_its_list(
    world: World, client_as: ClientAs, query: dict[str, str]
) -> None:
    client, at = client_as("dla"), f"/rounds/{world.round_id}/chasing"
    page = names_on(client.get(at, query_string=query).text)
    _header, *rows = rows_of(client.get(f"{at}.csv", query_string=query).data)
    assert len(rows) == len(page)
    assert all(
        row[0].endswith(name.rpartition(".")[2].split(" ")[0]) for row, name in zip(rows, page, strict=True)
    )


@pytest.mark.parametrize("query", [{}, {"q": "ท่าผา"}, {"state": "draft"}, {"sort": "merged"}])
@pytest.mark.parametrize("person", ["dla", "province"])
def test_the_file_of_changes_of_agencies_follows_its_list(
    app: Portal, world: World, client_as: ClientAs, query: dict[str, str], person: str
) -> None:
    furnish(app, world)
    client = client_as(person)
    page = names_on(client.get("/admin/agency-changes", query_string=query).text)
    _header, *rows = rows_of(client.get("/admin/agency-changes.csv", query_string=query).data)
    assert [row[0] for row in rows] == page
