"""Settings from the environment: what a demonstration may do, and what a real installation must say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config import ROOT, Backups, ConfigurationError, KeyFile, KeyToken, Settings, from_environment
from portal.core import clock
from run import create_app

REAL = {"DEMO": "0", "SECRET_KEY": "a long random text of a test alone"}


def settings(tmp_path: Path, **environment: str) -> Settings:
    return from_environment({"INSTANCE_DIR": str(tmp_path / "instance"), **environment})


def test_a_demonstration_needs_nothing_said_and_stays_on_this_machine(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.demo, found.sqlite, found.address, found.port) == (True, True, "127.0.0.1", 8000)
    assert found.database_url == found.database_owner_url == f"sqlite:///{tmp_path}/instance/portal.db"
    assert found.key_dir == tmp_path / "instance" / "keys"
    assert found.trusted_hosts == ("127.0.0.1", "localhost", "[::1]", "::1")
    assert from_environment({}).instance_dir == ROOT / "instance"


def test_a_demonstrations_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = settings(tmp_path).secret_key
    assert len(first) > 40 and settings(tmp_path).secret_key == first
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert settings(tmp_path / "other").secret_key != first


@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": ""}])
def test_a_real_installation_has_no_secret_of_its_own_making(tmp_path: Path, secret: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="Set SECRET_KEY"):
        settings(tmp_path, DEMO="0", **secret)
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize(
    ("host", "demo", "taken"),
    [
        ("127.0.0.1", True, True), ("localhost", True, True), ("::1", True, True),
        ("0.0.0.0", True, False), ("192.0.2.1", True, False), ("0.0.0.0", False, True),
    ],
)  # fmt: skip
def test_only_a_real_installation_listens_beyond_this_machine(
    tmp_path: Path, host: str, demo: bool, taken: bool
) -> None:
    environment = {"HOST": host, **({} if demo else REAL)}
    if taken:
        assert settings(tmp_path, **environment).host == host
    else:
        with pytest.raises(ConfigurationError, match="loopback only"):
            settings(tmp_path, **environment)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgres://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgresql+psycopg://u@h/db", "postgresql+psycopg://u@h/db"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_a_database_is_named_in_its_plain_spelling_too(tmp_path: Path, given: str, used: str) -> None:
    found = settings(tmp_path, DATABASE_URL=given)
    assert (found.database_url, found.database_owner_url) == (used, used)
    apart = settings(tmp_path, DATABASE_URL=given, DATABASE_OWNER_URL="postgresql://owner@h/db")
    assert apart.database_owner_url == "postgresql+psycopg://owner@h/db"


@pytest.mark.parametrize(
    ("environment", "hosts"),
    [
        ({"PUBLIC_URL": "https://ita.example.go.th/"}, ("ita.example.go.th",)),
        ({"TRUSTED_HOSTS": " a.go.th, ,b.go.th "}, ("a.go.th", "b.go.th")),
        ({}, ("127.0.0.1",)),
    ],
)
def test_a_real_installation_answers_to_its_own_names(
    tmp_path: Path, environment: dict[str, str], hosts: tuple[str, ...]
) -> None:
    assert settings(tmp_path, **REAL, **environment).trusted_hosts == hosts


def test_an_https_address_keeps_its_cookies_to_https_and_links_have_no_slash_too_many(tmp_path: Path) -> None:
    found = settings(tmp_path, **REAL, PUBLIC_URL="https://ita.example.go.th/")
    assert (found.https, found.public_url) == (True, "https://ita.example.go.th")
    assert settings(tmp_path, PORT="8001").public_url == "http://127.0.0.1:8001"


@pytest.mark.parametrize("name", ["PORT", "WEB_WORKERS", "TRUSTED_PROXIES"])
def test_a_number_that_is_none_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    assert settings(tmp_path, **REAL, **{name: ""}), "empty: not set"
    for given in ("many", "-1", "2.5", "๒"):
        with pytest.raises(ConfigurationError, match=f"{name} is a whole number$"):
            settings(tmp_path, **REAL, **{name: given})


@pytest.mark.parametrize(("demo", "proxies"), [(True, 0), (False, 2)])
def test_a_demonstration_trusts_no_proxy(tmp_path: Path, demo: bool, proxies: int) -> None:
    environment = {"TRUSTED_PROXIES": "2", **({} if demo else REAL)}
    assert settings(tmp_path, **environment).proxies == proxies


@pytest.mark.parametrize(
    ("environment", "kept"), [({}, True), (REAL, False), ({**REAL, "TESTING": "1"}, True)]
)
def test_the_clock_of_a_real_installation_is_nobodys_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], kept: bool
) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", "2001-01-01T10:00")
    create_app(settings(tmp_path, **environment))
    assert ("PORTAL_CLOCK" in os.environ, clock.now().year == 2001) == (kept, kept)


def test_mail_has_a_server_and_a_sender_or_is_not_offered(tmp_path: Path) -> None:
    assert settings(tmp_path).mail_url == settings(tmp_path, MAIL_FROM="ita@example.go.th").mail_url == ""
    found = settings(tmp_path, MAIL_URL="smtps://a:b@mail.example.go.th", MAIL_FROM="ita@example.go.th")
    assert (found.mail_url, found.mail_from) == ("smtps://a:b@mail.example.go.th", "ita@example.go.th")


@pytest.mark.parametrize(
    ("url", "sender", "words"),
    [
        ("mail.example.go.th", "ita@example.go.th", "MAIL_URL is written as"),
        ("https://mail.example.go.th", "ita@example.go.th", "MAIL_URL is written as"),
        ("smtp://", "ita@example.go.th", "MAIL_URL is written as"),
        ("smtp://mail.example.go.th", "", "Set MAIL_FROM"),
        ("smtp://mail.example.go.th", "ita", "Set MAIL_FROM"),
    ],
)
def test_a_server_of_mail_that_cannot_be_used_is_told_at_start(
    tmp_path: Path, url: str, sender: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        settings(tmp_path, MAIL_URL=url, MAIL_FROM=sender)


def test_offices_sign_with_the_keys_that_the_environment_names(tmp_path: Path) -> None:
    """A PKCS#12 file or a token's address; what opens it stands beside, and in no representation."""
    assert settings(tmp_path, SIGNING_KEY_DLA="").signing_keys == {}
    found = settings(
        tmp_path,
        SIGNING_KEY_DLA=str(tmp_path / "dla.p12"),
        SIGNING_PASSPHRASE_DLA="a passphrase",
        SIGNING_KEY_PROVINCE_52="pkcs11:model=x;token=the%20letters;object=sign%3Bs?module-path=/usr/lib/p11.so",
        SIGNING_PASSPHRASE_PROVINCE_52="314159",
        TIME_STAMP_URL="https://tsa.example.go.th/",
    )
    assert found.signing_keys == {
        "DLA": KeyFile(tmp_path / "dla.p12", "a passphrase"),
        "PROVINCE_52": KeyToken(Path("/usr/lib/p11.so"), "the letters", "sign;s", "314159"),
    }
    assert found.time_stamp_url == "https://tsa.example.go.th/"
    assert "a passphrase" not in repr(found) and "314159" not in repr(found)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SIGNING_KEY_DLB": "/dla.p12"}, "SIGNING_KEY_DLB: a key is of NACC, DLA or PROVINCE_"),
        ({"SIGNING_KEY_PROVINCE_5": "/dla.p12"}, "its code of two digits"),
        ({"SIGNING_KEY_DLA": "pkcs11:token=a;object=b"}, "on a token is written as"),
        ({"SIGNING_KEY_DLA": "pkcs11:token=a?module-path=/x.so"}, "on a token is written as"),
        ({"SIGNING_KEY_DLA": "pkcs11:token=a;object=b?module-path=x.so"}, "on a token is written as"),
        ({"SIGNING_KEY_DLA": "pkcs11:token=a;object=b?module-path=/x.so&pin-value=1"}, "The PIN of a token"),
        ({"TIME_STAMP_URL": "tsa.example.go.th"}, "TIME_STAMP_URL is the address of a service"),
        ({"TIME_STAMP_URL": "file:///etc/passwd"}, "TIME_STAMP_URL is the address of a service"),
    ],
)
def test_a_key_that_cannot_be_meant_is_told_at_start(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        settings(tmp_path, **environment)


def test_backups_go_nowhere_until_they_are_set(tmp_path: Path) -> None:
    assert settings(tmp_path).backups == Backups()
    key = "ab" * 32
    found = settings(
        tmp_path,
        BACKUP_DIR="/backups",
        BACKUP_KEY=key,
        BACKUP_DAILY="3",
        BACKUP_FILES="/one:/two",
        PG_BIN="/pg",
    ).backups
    assert (found.folder, found.public_key, found.daily, found.weekly) == (Path("/backups"), key, 3, 5)
    assert (found.also, found.pg_bin) == ((Path("/one"), Path("/two")), Path("/pg"))


@pytest.mark.parametrize("wrong", [{"BACKUP_KEY": "abc"}, {"BACKUP_DAILY": "0"}, {"BACKUP_WEEKLY": "-1"}])
def test_settings_of_backups_that_cannot_be_meant_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        settings(tmp_path, **wrong)


# -- figures ------------------------------------------------------------------------------------------------


def test_nobody_listens_for_figures_unless_told_to(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.metrics_port, found.metrics_host) == (0, "127.0.0.1")
    assert found.counts_dir == tmp_path / "instance" / "metrics"
    elsewhere = settings(tmp_path, METRICS_PORT="9161", METRICS_DIR=str(tmp_path / "counts"))
    assert (elsewhere.metrics_port, elsewhere.counts_dir) == (9161, tmp_path / "counts")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"METRICS_PORT": "8000"}, "a port of its own"),
        ({"METRICS_PORT": "9161", "METRICS_HOST": "0.0.0.0"}, "METRICS_TOKEN"),
        ({"METRICS_PORT": "9161", "METRICS_HOST": "192.0.2.1", "METRICS_TOKEN": "short"}, "METRICS_TOKEN"),
    ],
)
def test_figures_leave_neither_by_the_door_nor_without_a_token(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        settings(tmp_path, **environment)


def test_with_a_token_figures_are_told_to_another_machine_and_the_token_to_nobody(tmp_path: Path) -> None:
    token = "a token of twenty-one chars"
    found = settings(tmp_path, METRICS_PORT="9161", METRICS_HOST="192.0.2.1", METRICS_TOKEN=token)
    assert found.metrics_token == token and token not in repr(found)
    assert settings(tmp_path, METRICS_PORT="9161", METRICS_HOST="localhost").metrics_host == "127.0.0.1"


def test_anchors_lie_in_the_instance_or_where_they_are_sent(tmp_path: Path) -> None:
    assert settings(tmp_path).anchors == tmp_path / "instance" / "anchors"
    assert settings(tmp_path, ANCHOR_DIR=str(tmp_path / "outside")).anchors == tmp_path / "outside"
