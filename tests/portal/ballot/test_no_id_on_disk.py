"""A1: after forms that were taken, refused and mended, no citizen ID is anywhere on a disk."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from portal.ballot.wall import system_read
from portal.core.database.session import db
from portal.core.web import Portal
from tests.support.databases import Database
from tests.support.respondents import citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import World


def send_all_kinds(app: Portal, world: World) -> list[str]:
    """IDs typed in forms that were taken, repeated, wrong, unfinished, too late and too many."""
    confirm(app, world)
    client = app.test_client()
    typed = []
    for kind, code in link_codes(app, world).items():
        url = f"/s/{code}"
        token = token_in(client.get(url).text)
        for number in range(200, 206):
            typed.append(citizen_id(number))
            form = filled(token, typed[-1], kind)
            assert client.post(url, data=form).status_code == 303
            assert client.post(url, data=form).status_code == 303
            second = {**form, "t": token_in(client.get(url).text)}
            assert client.post(url, data=second).status_code == 409
        wrong = citizen_id(300)[:-1] + str((int(citizen_id(300)[-1]) + 1) % 10)
        assert client.post(url, data=filled(token, wrong, kind)).status_code == 422
        assert client.post(url, data={**filled("", citizen_id(301), kind)}).status_code == 400
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("survey_forms.blueprint.box.cast", _explode)
            assert client.post(url, data=filled(token, citizen_id(302), kind)).status_code == 500
        typed += [wrong, citizen_id(301), citizen_id(302)]
    return typed


def _explode(_box: object, citizen_id: str, *_args: object, **_options: object) -> None:
    raise RuntimeError("a fault inside casting")


def forms_of(citizen_id: str) -> list[bytes]:
    """The ID as people and programs write it."""
    grouped = "-".join(
        (citizen_id[:1], citizen_id[1:5], citizen_id[5:10], citizen_id[10:12], citizen_id[12:])
    )
    return [citizen_id.encode(), grouped.encode(), citizen_id.encode("utf-16-le")]


def search(blob: bytes, typed: list[str]) -> list[str]:
    return [one for one in typed if any(form in blob for form in forms_of(one))]


@pytest.mark.only("sqlite")
def test_nothing_in_any_file_holds_an_id(
    app: Portal, world: World, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    typed = send_all_kinds(app, world)
    file = database.file
    files = [*file.parent.glob(f"{file.name}*"), *(p for p in tmp_path.rglob("*") if p.is_file())]
    assert any(path.name.endswith("-wal") for path in files), "the write-ahead log is looked at too"
    for path in files:
        assert search(path.read_bytes(), typed) == [], path
    assert search(caplog.text.encode(), typed) == []
    assert caplog.text, "the faults were logged"


@pytest.mark.postgres
def test_nothing_in_any_table_holds_an_id(app: Portal, world: World) -> None:
    typed = send_all_kinds(app, world)
    looked = 0
    with app.app_context(), system_read() as connection:
        for table in inspect(db.engine).get_table_names():
            if table == "alembic_version":
                continue
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                looked += 1
                for value in row:
                    blob = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert search(blob, typed) == [], table
    assert looked > 100


def test_the_search_would_find_an_id(tmp_path: Path) -> None:
    one = citizen_id(1)
    for blob in forms_of(one):
        assert search(b"..." + blob + b"...", [one]) == [one]
    assert search(gzip.compress(b"nothing"), [one]) == []
