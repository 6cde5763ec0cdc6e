"""The units, settings and wrapper of ``deploy/``: accepted, strict, and each command of theirs runs."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from configparser import RawConfigParser
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config import ROOT, from_environment
from portal.core.web import Portal
from portal.tools.drill.server import free_port
from tests.support.command_line import type_in
from tests.support.serving import environment_of

DEPLOY = ROOT / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
SOCKET = DEPLOY / "systemd" / "ita-web.socket"
UNITS = [*SERVICES, SOCKET, *sorted((DEPLOY / "systemd").glob("*.timer"))]
INTERPRETER, SCRIPT = "/opt/ita-portal/.venv/bin/python", "/opt/ita-portal/run.py"
#: systemd's own measure, 0 (shut) to 100 (open); above 50 it says "medium"
MOST_EXPOSED = 15
#: all that each may write to
WRITES = {
    "ita-web.service": ["ita-portal", "ita-portal-keys", "ita-portal-slips"],
    "ita-worker.service": ["ita-portal", "ita-portal-keys", "ita-portal-slips", "ita-portal-anchors"],
    "ita-backup.service": ["ita-portal", "/var/backups/ita-portal"],
}
_PR_SET_MDWE, _PR_SET_NO_NEW_PRIVS = 65, 38


def name_of(path: Path) -> str:
    return path.name


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """``systemd-analyze`` with these words; a test that has none says so and fails."""
    program = shutil.which("systemd-analyze")
    if program is None:
        raise pytest.fail.Exception("NOT RUN: no systemd-analyze; see scripts/setup.sh dev", pytrace=False)
    says = {**os.environ, "SYSTEMD_LOG_TARGET": "console"}
    return subprocess.run([program, *words], env=says, capture_output=True, check=False, text=True)


def section(unit: Path, name: str = "Service") -> dict[str, list[str]]:
    """The settings of a unit's section; a name may stand several times."""
    found: dict[str, list[str]] = {}
    here = ""
    for line in unit.read_text().splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif here == name and "=" in line and not line.startswith("#"):
            key, _equals, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def settings_of(file: Path) -> dict[str, str]:
    """A file of settings, read as systemd reads it."""
    parser = RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string("[settings]\n" + file.read_text())
    return dict(parser["settings"])


def command_of(service: Path) -> list[str]:
    """What a service starts, after the interpreter and run.py."""
    (line,) = section(service)["ExecStart"]
    interpreter, script, *words = line.split()
    assert (interpreter, script) == (INTERPRETER, SCRIPT)
    return words


def test_there_are_units_for_all_that_runs() -> None:
    services = ["ita-backup.service", "ita-web.service", "ita-worker.service"]
    assert [unit.name for unit in UNITS] == [*services, "ita-web.socket", "ita-backup.timer"]
    assert sorted(UNITS) == sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS, ids=name_of)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:  # a timer is looked at beside its service, and programmes must be there
        here = one.read_text().replace(INTERPRETER, sys.executable).replace(SCRIPT, str(ROOT / "run.py"))
        (tmp_path / one.name).write_text(here.replace("/opt/ita-portal", str(ROOT)))
    done = analyze("verify", "--man=no", str(tmp_path / unit.name))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_refuses_a_planted_mistake(tmp_path: Path) -> None:
    (tmp_path / "ita-web.service").write_text("[Service]\nExecStart=/bin/true\nProtectSystem=perhaps\n")
    done = analyze("verify", "--man=no", str(tmp_path / "ita-web.service"))
    assert "protect system" in done.stdout + done.stderr


@pytest.mark.parametrize("service", SERVICES, ids=name_of)
def test_the_service_is_shut_in(service: Path) -> None:
    words = ("--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager")
    done = analyze("security", *words, str(service))
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


@pytest.mark.parametrize("service", SERVICES, ids=name_of)
def test_its_command_is_one_of_the_portal(service: Path) -> None:
    words = command_of(service)
    told = type_in(*words, "--help")
    assert (told.code, told.err) == (0, "") and f"{words[0]} " in told.out


def test_a_command_that_is_none_would_be_seen() -> None:
    assert type_in("no-such", "--help").code == 2


def test_only_the_backup_knows_the_owner_and_it_sees_no_key() -> None:
    for service in SERVICES:
        found = section(service)
        owner_known = "/etc/ita-portal/owner.env" in found["EnvironmentFile"]
        folders = found["StateDirectory"][0].split() + found.get("ReadWritePaths", [])
        hidden = found["InaccessiblePaths"][0]
        assert found["User"] == ["ita-portal"] and "-/etc/ita-portal" in hidden
        assert owner_known == (service.name == "ita-backup.service")
        assert folders == WRITES[service.name]
        if owner_known:
            assert "-/var/lib/ita-portal-slips" in hidden
            assert found["TemporaryFileSystem"] == ["/var/lib/ita-portal-keys:ro"], "an empty one"
            assert found["BindReadOnlyPaths"] == ["-/var/lib/ita-portal-keys/closed-rounds.jsonl"]


def test_the_shipped_settings_are_read_and_lack_the_secret_only() -> None:
    shipped = settings_of(DEPLOY / "settings.env")
    assert type(shipped) is dict and not shipped["SECRET_KEY"]
    settings = from_environment({**shipped, "SECRET_KEY": "x" * 40})
    assert not settings.demo and settings.https and settings.proxies == 1
    assert settings.instance_dir == Path("/var/lib/ita-portal")
    assert not settings.key_dir.is_relative_to(settings.instance_dir)
    assert not settings.strongbox.is_relative_to(settings.instance_dir)
    assert settings.anchors == Path("/var/lib/ita-portal-anchors") and settings.metrics_port
    assert "DATABASE_OWNER_URL" not in shipped
    assert section(SOCKET, "Socket")["ListenStream"] == [f"{settings.host}:{settings.port}"]
    assert settings_of(DEPLOY / "owner.env").keys() == {"DATABASE_OWNER_URL"}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine's settings, as the document has them made."""
    if os.geteuid() != 0:
        pytest.skip("the wrapper is for root")
    etc = tmp_path / "etc"
    etc.mkdir()
    for name in ("settings.env", "owner.env"):
        shutil.copy(DEPLOY / name, etc / name)
    secret = (
        (etc / "settings.env")
        .read_text()
        .replace("SECRET_KEY=", "SECRET_KEY=a $HOME 'b'=c, and 32 letters in all")
    )
    (etc / "settings.env").write_text(secret)
    return etc


def wrapper(machine: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``ita-portal`` of a machine; its user is root here."""
    python = machine / "code" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\n[ "$2" = db-roles ] || exec env\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (machine / "code" / "run.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport run\nsys.exit(run.main())\n"
    )
    given = {"ITA_ETC": str(machine), "ITA_CODE": str(machine / "code"), "ITA_USER": "root"}
    return subprocess.run(
        [DEPLOY / "ita-portal", *words],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        check=False,
        text=True,
    )


def test_the_wrapper_takes_settings_as_they_stand_and_keeps_the_owner_from_most(machine: Path) -> None:
    done = wrapper(machine, "show")
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY=a $HOME 'b'=c, and 32 letters in all\n" in done.stdout and "DEMO=0\n" in done.stdout
    assert "DATABASE_OWNER_URL" not in done.stdout


@pytest.mark.parametrize("word", ["backup", "restore", "settle-restored", "drill-restore", "db-upgrade"])
def test_the_wrapper_names_the_owner_to_what_copies_or_changes_everything(machine: Path, word: str) -> None:
    assert "DATABASE_OWNER_URL=" in wrapper(machine, word).stdout
    assert "DATABASE_OWNER_URL=" not in wrapper(machine, f"{word}-key").stdout


def test_the_wrapper_gives_the_roles_both_names(machine: Path) -> None:
    done = wrapper(machine, "db-roles")
    assert done.returncode == 0, done.stderr
    assert '"ita_owner"' in done.stdout and '"ita_app"' in done.stdout


def test_the_wrapper_refuses_a_line_that_is_no_setting(machine: Path) -> None:
    with (machine / "settings.env").open("a") as file:
        file.write("HOST 127.0.0.1\n")
    done = wrapper(machine, "show")
    assert (done.returncode, done.stdout) == (2, "") and "no NAME=value" in done.stderr


def test_root_may_run_the_wrapper_as_a_programme() -> None:
    assert stat.S_IMODE((DEPLOY / "ita-portal").stat().st_mode) & 0o111 == 0o111


@pytest.fixture
def shut_in() -> None:
    """This machine's kernel can refuse memory that is written and run, as the units ask."""
    if sys.platform != "linux":
        pytest.skip("systemd runs on Linux")
    script = f"import ctypes, sys; sys.exit(ctypes.CDLL(None).prctl({_PR_SET_MDWE}, 1, 0, 0, 0) != 0)"
    if subprocess.run([sys.executable, "-c", script], check=False).returncode:
        pytest.skip("this kernel knows no PR_SET_MDWE (Linux 6.3)")


#: the switches of MemoryDenyWriteExecute and NoNewPrivileges, then what is to run behind them
_SHUT_IN = f"""
import ctypes, os, sys
switches = ctypes.CDLL(None)
assert switches.prctl({_PR_SET_NO_NEW_PRIVS}, 1, 0, 0, 0) == 0
assert switches.prctl({_PR_SET_MDWE}, 1, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def test_letters_print_without_memory_that_is_written_and_run(shut_in: None) -> None:
    letter = "import weasyprint; assert weasyprint.HTML(string='<p>ก').write_pdf()[:4] == b'%PDF'"
    words = [sys.executable, "-c", _SHUT_IN, "-c", letter]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.proof
@pytest.mark.parametrize(
    ("service", "setting", "path"),
    [("ita-web.service", "PORT", "/sign-in"), ("ita-worker.service", "METRICS_PORT", "/metrics")],
)
def test_what_a_unit_starts_serves_without_memory_that_is_written_and_run(
    app: Portal, shut_in: None, service: str, setting: str, path: str
) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", _SHUT_IN, str(ROOT / "run.py"), *command_of(DEPLOY / "systemd" / service)],
        env={**environment_of(app.settings, free_port()), "METRICS_PORT": "0", setting: str(port)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        came = comes(port, path)
    finally:
        process.terminate()
        said = process.communicate(timeout=30)[0]
    assert came and process.returncode == 0 and "Traceback" not in said, said


def comes(port: int, path: str) -> bool:
    """True once the page comes; False after a while without."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status == 200
            except OSError:
                time.sleep(0.2)
    return False
