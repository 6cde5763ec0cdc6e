"""``check``: for each thing that can be wrong with an installation, what it says when it is and when not."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, make_url, pool, text

from config import Settings, from_environment
from portal.backup import state
from portal.core import clock, texts, vault
from portal.core.database import migrate
from portal.core.web import Portal
from portal.record import anchors
from portal.tools.drill.server import free_port
from portal.tools.installation import places
from tests.support import fonts, mail
from tests.support.command_line import Command
from tests.support.postgres import Server

GIB = 1024**3


class Line(NamedTuple):
    """A finding as it is printed."""

    grade: str
    text: str


@pytest.fixture
def installed(app: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An installation with nothing wrong but that no proxy runs; a test breaks one thing of it."""
    keys, instance = tmp_path / "keys-apart", tmp_path / "instance"
    instance.mkdir(exist_ok=True)
    vault.make_keys(keys)
    for name, value in {
        "DEMO": "0",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "PUBLIC_URL": f"https://127.0.0.1:{free_port()}",
        "TRUSTED_PROXIES": "1",
        "HOST": "127.0.0.1",
        "INSTANCE_DIR": str(instance),
        "KEY_DIR": str(keys),
        "ANCHOR_DIR": str(tmp_path / "anchors"),
        "DATABASE_URL": app.settings.database_url,
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("DATABASE_OWNER_URL", "MAIL_URL", "MAIL_FROM", "TRUSTED_HOSTS", "SLIP_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def said(installed: pytest.MonkeyPatch, prompt: Command) -> Callable[[str], Line]:
    """What the command says of a thing, with the exit code that belongs to what it found."""

    def ask(thing: str) -> Line:
        told = prompt("check")
        lines = [(line[:8].strip(), line[9:20].strip(), line[21:]) for line in told.out.splitlines()[:-1]]
        assert told.code == int(any(grade == "wrong" for grade, _thing, _text in lines)), told.out
        found = [Line(grade, said) for grade, name, said in lines if name == thing]
        assert len(found) == 1, told.out + told.err
        return found[0]

    return ask


@pytest.mark.postgres
def test_an_installation_in_order_passes(installed: pytest.MonkeyPatch, prompt: Command) -> None:
    told = prompt("check")
    assert (told.code, told.err) == (0, ""), told.out
    assert told.out.splitlines()[-1].startswith("15 things looked at: 0 wrong, ")


def test_looking_makes_nothing(installed: pytest.MonkeyPatch, prompt: Command, tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "DEMO"):
        installed.delenv(name)
    installed.setenv("INSTANCE_DIR", str(tmp_path / "nowhere"))
    assert prompt("check").code == 1
    assert not (tmp_path / "nowhere").exists()


def test_settings_that_are_none_are_said(installed: pytest.MonkeyPatch, prompt: Command) -> None:
    installed.setenv("TRUSTED_PROXIES", "one")
    told = prompt("check")
    assert (told.code, told.out) == (2, "")
    assert told.err == "The settings cannot be read: TRUSTED_PROXIES is a whole number\n"


def test_demonstration_mode(said: Callable[[str], Line], installed: pytest.MonkeyPatch) -> None:
    assert said("demo").grade == "ok"
    installed.delenv("DEMO")
    assert said("demo") == ("wrong", "Demonstration mode is on, its passwords are public: set DEMO=0")


@pytest.mark.parametrize("key", [None, "secret", "a" * 64])
def test_the_secret_key(said: Callable[[str], Line], installed: pytest.MonkeyPatch, key: str | None) -> None:
    assert said("secret").grade == "ok"
    installed.delenv("SECRET_KEY") if key is None else installed.setenv("SECRET_KEY", key)
    found = said("secret")
    assert found.grade == "wrong" and "openssl rand -hex 32" in found.text


def test_the_proxy_as_it_is_set(said: Callable[[str], Line], installed: pytest.MonkeyPatch) -> None:
    assert said("proxy").grade == "ok"
    installed.setenv("HOST", "0.0.0.0")
    assert said("proxy").grade == "warning"
    installed.setenv("TRUSTED_PROXIES", "0")
    assert said("proxy").grade == "wrong" and "TRUSTED_PROXIES is 0" in said("proxy").text
    installed.setenv("PUBLIC_URL", "http://ita.example.go.th")
    assert "travel in clear" in said("proxy").text


@contextmanager
def site(folder: Path, *, status: int = 200, https_seen: bool = True) -> Iterator[int]:
    """A site behind TLS that answers as a portal does; gives its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if https_seen:
                self.send_header("Strict-Transport-Security", "max-age=31536000")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing is said of requests."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    context, _trusted = mail.certified(folder)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.mark.parametrize(
    ("status", "https_seen", "grade", "words"),
    [
        (200, True, "ok", "answers"),
        (200, False, "wrong", "X-Forwarded-Proto"),
        (400, True, "wrong", "TRUSTED_HOSTS"),
        (502, True, "wrong", "answers 502"),
    ],
)
def test_the_site_as_people_reach_it(
    said: Callable[[str], Line],
    installed: pytest.MonkeyPatch,
    tmp_path: Path,
    status: int,
    https_seen: bool,
    grade: str,
    words: str,
) -> None:
    with site(tmp_path, status=status, https_seen=https_seen) as port:
        installed.setenv("PUBLIC_URL", f"https://127.0.0.1:{port}")
        installed.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        found = said("site")
    assert found.grade == grade and words in found.text


def test_a_site_that_is_away_or_shows_a_strangers_certificate(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert said("site").grade == "warning" and "does not answer" in said("site").text
    with site(tmp_path) as port:
        installed.setenv("PUBLIC_URL", f"https://127.0.0.1:{port}")
        found = said("site")
    assert found.grade == "wrong" and "certificate" in found.text


def test_mail(said: Callable[[str], Line], installed: pytest.MonkeyPatch) -> None:
    assert said("mail").grade == "ok", "none is set"
    installed.setenv("MAIL_FROM", "ita@example.go.th")
    with mail.smtp() as server:
        installed.setenv("MAIL_URL", server.url)
        assert said("mail") == ("ok", "127.0.0.1 takes mail from ita@example.go.th")
        assert server.received == [], "nothing is sent"
        installed.setenv("MAIL_URL", server.url.replace("//", "//ita:secret@"))
        found = said("mail")
        assert found.grade == "wrong" and "in clear only" in found.text and "secret" not in found.text
    assert said("mail").grade == "wrong"


def test_mail_with_a_wrong_password(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, trusted = mail.certified(tmp_path)
    installed.setenv("SSL_CERT_FILE", str(trusted))
    installed.setenv("MAIL_FROM", "ita@example.go.th")
    with mail.smtp(context) as server:
        installed.setenv("MAIL_URL", server.url.replace("//", "//ita:secret@"))
        found = said("mail")
    assert found.grade == "wrong" and "127.0.0.1: SMTP" in found.text and "secret" not in found.text
    assert server.told and server.received == []


def test_the_place_mode_and_owner_of_the_key_folder(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "keys-apart"
    assert said("key folder").grade == "ok"
    keys.chmod(0o750)
    assert said("key folder") == ("wrong", f"Others may enter {keys}: chmod 0700 {keys}")
    keys.chmod(0o700)
    installed.setenv("KEY_DIR", str(tmp_path / "instance" / "keys"))
    assert "where a backup takes it along" in said("key folder").text
    installed.setenv("KEY_DIR", str(tmp_path / "none"))
    assert said("key folder").grade == "wrong" and "is not there" in said("key folder").text


def test_a_key_folder_of_somebody_else(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed.setattr(os, "geteuid", lambda: (tmp_path / "keys-apart").stat().st_uid + 1)
    found = said("key folder")
    assert found.grade == "wrong" and "run this command as that user" in found.text


def test_the_keys_in_it(said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = tmp_path / "keys-apart" / vault.FIELD_KEY
    assert said("keys").grade == "ok"
    key.chmod(0o440)
    assert said("keys") == ("wrong", f"Others may read {vault.FIELD_KEY}: chmod 0400")
    key.unlink()
    assert said("keys").grade == "warning" and vault.FIELD_KEY in said("keys").text
    installed.setenv("KEY_DIR", str(tmp_path / "none"))
    assert said("keys").grade == "wrong"


@pytest.mark.parametrize(("left", "grade"), [(0.5, "wrong"), (3.0, "warning"), (80.0, "ok")])
def test_the_disk(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, left: float, grade: str
) -> None:
    usage = SimpleNamespace(total=100 * GIB, free=int(left * GIB))
    installed.setattr(shutil, "disk_usage", lambda _folder: usage)
    found = said("disk")
    assert found.grade == grade and found.text.startswith(f"{left} GiB are left")


AGES = {
    "anchors": ((1, "ok"), (4, "wrong"), (-2, "wrong")),
    "backup": ((1, "ok"), (27, "warning"), (80, "wrong"), (-2, "wrong")),
}


def anchored(settings: Settings, at: datetime) -> None:
    said = {"number": 1, "time": at.isoformat(), "before": "none", "key": "", "chains": 0, "heads": "all"}
    settings.anchors.mkdir()
    lines = [anchors.TITLE, *(f"{name}: {value}" for name, value in said.items()), "signature: "]
    (settings.anchors / "anchor-0000001.txt").write_text("\n".join(lines))


def backed_up(settings: Settings, at: datetime) -> None:
    state.succeeded(settings, at, name="", size=0, seconds=0)


def test_what_was_never_made_is_said(said: Callable[[str], Line]) -> None:
    assert [said(thing).grade for thing in AGES] == ["warning", "warning"]


@pytest.mark.parametrize(
    ("thing", "hours", "grade"), [(thing, *age) for thing, ages in AGES.items() for age in ages]
)
def test_the_age_of_the_last_anchor_and_the_last_backup(
    said: Callable[[str], Line], thing: str, hours: int, grade: str
) -> None:
    made = {"anchors": anchored, "backup": backed_up}[thing]
    made(from_environment(), clock.machine() - timedelta(hours=hours))
    found = said(thing)
    assert found.grade == grade
    assert (f"{hours} hours" if hours > 0 else "of the future") in found.text


def test_anchors_that_nobody_fetches_or_that_cannot_be_written(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "anchors").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "access", lambda _path, _mode: False)
        assert said("anchors").grade == "wrong" and "cannot be written" in said("anchors").text
    installed.setenv("ANCHOR_DIR", str(tmp_path / "instance" / "anchors"))
    found = said("anchors")
    assert found.grade == "warning" and "set ANCHOR_DIR" in found.text


def test_the_fonts_of_letters(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = fonts.only_fonts_of(tmp_path, installed)
    assert said("fonts").grade == "warning"
    fonts.install(folder, "TH Sarabun New")
    assert said("fonts").grade == "ok" and "TH Sarabun New" in said("fonts").text


def test_a_machine_that_cannot_print(said: Callable[[str], Line], installed: pytest.MonkeyPatch) -> None:
    def without_pango(name: str) -> None:
        raise OSError(f"cannot load library 'libpango-1.0-0' for {name}\nmore")

    installed.setattr(places.importlib, "import_module", without_pango)
    found = said("fonts")
    assert found.grade == "wrong" and "libpango" in found.text and "make setup" in found.text


def test_the_compiled_texts(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert said("texts").grade == "ok"
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "messages.po").touch()
    installed.setattr(texts, "FOLDER", folder)
    assert said("texts").grade == "ok", "it can be made at the start"
    installed.setattr(os, "access", lambda _path, _mode: False)
    assert said("texts").grade == "wrong" and "make texts" in said("texts").text
    (folder / "messages.mo").touch()
    assert said("texts").grade == "wrong" and "cannot be read" in said("texts").text


@pytest.mark.only("sqlite")
def test_a_database_that_is_not_there_old_or_too_new(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert said("migrations").grade == "ok"
    file = tmp_path / "other.db"
    installed.setenv("DATABASE_URL", f"sqlite:///{file}")
    assert said("migrations").text == f"There is no database at {file}: run db-upgrade"
    assert not file.exists()
    file.touch()
    assert said("migrations") == ("wrong", "Nothing was migrated yet: run db-upgrade")
    migrate.upgrade(f"sqlite:///{file}", "0001")
    assert "stands at 0001" in said("migrations").text and said("migrations").grade == "wrong"
    with create_engine(f"sqlite:///{file}", poolclass=pool.NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "this older code" in said("migrations").text and said("migrations").grade == "wrong"


@pytest.mark.only("sqlite")
def test_the_embedded_database_is_for_trials(said: Callable[[str], Line]) -> None:
    assert said("roles").grade == "warning" and said("clock").grade == "ok"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://ita:secret@127.0.0.1:1/ita", "does not answer"),
        ("oracle-of-delphi://x/y", "is no address of a database"),
    ],
)
def test_a_database_that_does_not_answer(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, url: str, words: str
) -> None:
    installed.setenv("DATABASE_URL", url)
    found = said("database")
    assert found.grade == "wrong" and words in found.text and "secret" not in found.text


@pytest.mark.only("postgres")
def test_the_roles(
    app: Portal, said: Callable[[str], Line], installed: pytest.MonkeyPatch, postgres_server: Server
) -> None:
    name = make_url(app.settings.database_url).username
    assert said("roles").grade == "ok" and str(name) in said("roles").text
    installed.setenv("DATABASE_URL", app.settings.database_owner_url)
    assert said("roles").grade == "wrong" and "owns what it serves from" in said("roles").text
    database = make_url(app.settings.database_url).database
    superuser = postgres_server.superuser.set(drivername="postgresql+psycopg", database=database)
    installed.setenv("DATABASE_URL", superuser.render_as_string(hide_password=False))
    assert said("roles").grade == "wrong" and "is a superuser" in said("roles").text


@pytest.mark.only("postgres")
def test_a_role_that_passes_row_level_security(
    app: Portal, said: Callable[[str], Line], postgres_server: Server
) -> None:
    url = postgres_server.superuser.set(drivername="postgresql+psycopg")
    name = make_url(app.settings.database_url).username
    with create_engine(url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT").connect() as superuser:
        superuser.execute(text(f'ALTER ROLE "{name}" BYPASSRLS'))
        try:
            found = said("roles")
        finally:
            superuser.execute(text(f'ALTER ROLE "{name}" NOBYPASSRLS'))
    assert found.grade == "wrong" and "BYPASSRLS" in found.text


@pytest.mark.only("postgres")
@pytest.mark.parametrize(("seconds", "grade"), [(0, "ok"), (40, "wrong"), (-40, "wrong")])
def test_the_clock_of_this_machine_beside_the_databases(
    said: Callable[[str], Line], installed: pytest.MonkeyPatch, seconds: int, grade: str
) -> None:
    really = clock.machine
    installed.setattr(clock, "machine", lambda: really() + timedelta(seconds=seconds))
    found = said("clock")
    assert found.grade == grade
    assert grade == "ok" or "lie 40 s apart" in found.text
