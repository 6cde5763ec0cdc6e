"""Files kept for a person between two acts, and what a file is called on its way out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.letter import StoredFile
from portal.core import files
from portal.core.database.session import privileged, writing
from portal.core.downloads import disposition
from portal.core.files import REGISTER_TO_IMPORT, ROSTER_TO_IMPORT
from portal.core.web import Portal
from tests.support.world import NOW, World

#: ผล, as an address holds it
RESULT = "%E0%B8%9C%E0%B8%A5"


def test_a_file_is_stored_with_its_size_hash_and_moment(app: Portal) -> None:
    stored = files.stored_file("รายชื่อ.csv", "text/csv", b"abc", province_id=4)
    assert (stored.size, stored.created_at, stored.province_id) == (3, NOW, 4)
    assert stored.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.postgres
def test_only_what_this_person_kept_of_this_kind_about_this_desk_is_forgotten(
    app: Portal, world: World
) -> None:
    mine, other = world.account["agency_admin"], world.account["executive"]
    kept = (
        (mine, ROSTER_TO_IMPORT, 1), (mine, ROSTER_TO_IMPORT, 11), (mine, REGISTER_TO_IMPORT, 1),
        (other, ROSTER_TO_IMPORT, 1),
    )  # fmt: skip
    with app.app_context(), writing(), privileged("a test keeps files") as session:
        for account, kind, desk in kept:
            name = files.name_about(desk, f"{account}-{kind[-6:]}-{desk}")
            files.keep(session, files.stored_file(name, kind, b"x"), account_id=account)
        files.forget(session, ROSTER_TO_IMPORT, account_id=mine, about=files.name_about(1, ""))
        kinds = select(StoredFile.account_id, StoredFile.content_type)
        left = {tuple(row) for row in session.execute(kinds)}
        names = list(session.scalars(select(StoredFile.name)))
    assert left == {(mine, ROSTER_TO_IMPORT), (mine, REGISTER_TO_IMPORT), (other, ROSTER_TO_IMPORT)}
    assert len(names) == 3 and sum(name.startswith("11|") for name in names) == 1


@pytest.mark.parametrize(
    ("name", "plain", "header"),
    [
        ("list.csv", "list", 'attachment; filename="list.csv"'),
        ("ผล.xlsx", "result-1", f"attachment; filename=\"result-1.xlsx\"; filename*=UTF-8''{RESULT}.xlsx"),
        ("ผล", "ผล", f"attachment; filename=\"file\"; filename*=UTF-8''{RESULT}"),
    ],
)  # fmt: skip
def test_a_file_has_a_name_for_people_and_one_for_programs_that_know_no_thai(
    name: str, plain: str, header: str
) -> None:
    assert disposition(name, plain=plain) == header
    assert disposition(name, plain=plain, inline=True).startswith("inline; ")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nSet-Cookie: x=1.csv", 'a".csv', "C:\\x.csv"])
def test_no_name_leaves_its_header_or_its_folder(name: str) -> None:
    header = disposition(name, plain=name)
    assert not {"/", "\\", "\r", "\n"} & set(header)
    assert header.count('"') == 2
