"""The shipped configuration of nginx, tried for real before a portal that serves."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config import Settings
from portal.core import vault
from portal.core.database import migrate
from portal.core.web import LARGEST_BODY
from portal.tools.drill.server import free_port
from survey_forms import submission
from tests.support import nginx
from tests.support.memory_disk import fast_folder
from tests.support.nginx import SHIPPED, Proxy
from tests.support.serving import Served, environment_of

LINK = "/s/a-link-of-nobody"
SMALL = b"citizen_id=1101700207030"
STALLED = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"


@pytest.fixture
def folder() -> Iterator[Path]:
    with fast_folder("portal-nginx-") as made:
        made.chmod(0o755)  # its workers are another user's
        yield made


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A portal as it is installed: no demonstration, one proxy in front."""
    nginx.program()
    with fast_folder("portal-installed-") as instance:
        url = f"sqlite:///{instance}/portal.db"
        migrate.upgrade(url)
        vault.make_keys(instance / "keys")
        settings = Settings(
            instance, url, url, instance / "keys", secret_key="a key of 32 letters, for tests only"
        )
        installed = {"DEMO": "0", "TRUSTED_PROXIES": "1", "PUBLIC_URL": "https://127.0.0.1"}
        served = Served({**environment_of(settings, free_port()), **installed}, "serve")
        try:
            served.wait_for(lambda: served.get("/sign-in")[0] == 200, "no page")
            yield served
        finally:
            served.end()
            served.close()


@pytest.fixture(scope="module")
def proxy(served: Served) -> Iterator[Proxy]:
    with fast_folder("portal-nginx-") as made:
        made.chmod(0o755)
        with nginx.running(made / "nginx", served.port) as found:
            yield found


def stalled(path: str, *, whole: int, sent: int) -> bytes:
    """A form that stops on its way."""
    return STALLED % (path.encode(), whole, b"x" * sent)


def is_ended(connection: ssl.SSLSocket) -> bool:
    """True where the other side ended it, without an answer; False where it only waits."""
    connection.settimeout(10)
    try:
        return connection.recv(4096) == b""
    except TimeoutError:
        return False
    except OSError:  # it was reset
        return True


def test_nginx_accepts_it(folder: Path) -> None:
    words = nginx.command(nginx.written(folder / "nginx", 8000), "-t")
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert "test is successful" in done.stderr


def test_the_sign_in_page_comes_by_tls_and_the_portal_sees_it(proxy: Proxy) -> None:
    status, headers, page = proxy.ask("/sign-in")
    assert status == 200 and "เข้าสู่ระบบ" in page.decode()
    assert headers["Strict-Transport-Security"], "the portal says so to whoever came by https"
    assert headers.get("Content-Encoding") is None and "Secure" in headers["Set-Cookie"]
    status, headers = proxy.ask_in_clear(LINK)
    assert (status, headers["Location"]) == (301, f"https://127.0.0.1{LINK}")


def test_who_does_not_know_the_certificate_gets_nothing(proxy: Proxy) -> None:
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        socket.create_connection(("127.0.0.1", proxy.port)) as plain,
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")


@pytest.mark.parametrize("path", [LINK, "/sign-in"])
def test_stalled_bodies_end_and_nobody_waits_for_them(proxy: Proxy, path: str) -> None:
    with ExitStack() as opened:
        slow = [opened.enter_context(proxy.open()) for _number in range(60)]
        for connection in slow:
            connection.sendall(stalled(path, whole=1000, sent=10))
        begun = time.monotonic()
        assert [proxy.ask("/sign-in")[0] for _page in range(5)] == [200] * 5
        assert time.monotonic() - begun < 3, "somebody waited for them"
        for connection in slow:
            assert is_ended(connection)
        assert time.monotonic() - begun < 12


def test_the_largest_form_passes_and_a_larger_body_does_not(proxy: Proxy) -> None:
    status, _headers, page = proxy.ask(LINK, body=b"x" * submission.LARGEST_BODY)
    assert status == 404 and "ไม่พบ" in page.decode(), "the portal's own page: it was asked"
    status, _headers, page = proxy.ask(LINK, body=b"x" * (submission.LARGEST_BODY * 2))
    assert status == 413 and b"nginx" in page, "the proxy's: the portal was not asked"


def test_at_the_desks_the_portal_itself_says_what_is_too_large(proxy: Proxy) -> None:
    status, _headers, page = proxy.ask("/sign-in", body=b"x" * (LARGEST_BODY + 1))
    assert status == 413 and b"nginx" not in page


@pytest.mark.long
def test_a_body_whose_length_is_not_said_does_not_reach_the_respondents_door(proxy: Proxy) -> None:
    with proxy.open() as connection:
        connection.sendall(
            b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
            % LINK.encode()
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 411 ")


def test_no_byte_of_a_respondent_is_put_down(proxy: Proxy) -> None:
    assert proxy.spooled() == []
    with proxy.open() as desk, proxy.open() as respondent:
        desk.sendall(stalled("/sign-in", whole=300_000, sent=290_000))
        deadline = time.monotonic() + 1.5
        while not proxy.spooled() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(proxy.spooled()) == 1, "a large body of a desk is put down: the look finds it"
        respondent.sendall(stalled(LINK, whole=96_000, sent=95_000))
        time.sleep(0.5)
        assert len(proxy.spooled()) == 1, "and nothing of a respondent's"


def respondents_ways(proxy: Proxy) -> None:
    """All that can go well or wrong on the way to a survey."""
    proxy.ask(LINK)
    proxy.ask(LINK, body=SMALL)
    proxy.ask("/%73/a-link-of-nobody")
    proxy.ask("//s/a-link-of-nobody?from=poster")
    proxy.ask("/sign-in/../s/a-link-of-nobody")
    proxy.ask(LINK, body=b"x" * 200_000)
    proxy.ask_in_clear(LINK)
    proxy.ask("/static/missing.css", headers={"Referer": f"https://127.0.0.1{LINK}"})
    for raw in (
        b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET %s HTTP/1.1\r\n\r\n",  # no host
        b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET %s HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nx",  # stalls, and is left
    ):
        with proxy.open() as connection:
            connection.sendall(raw.replace(b"%s", LINK.encode()))
            connection.settimeout(4)
            try:
                connection.recv(4096)
            except OSError:
                continue
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as plain:
        plain.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % LINK.encode())  # without TLS
        plain.recv(4096)


def quiet(proxy: Proxy) -> dict[str, str]:
    """The logs, once no desk that another test left stalled is noted any more."""
    while True:
        before = proxy.logs()
        time.sleep(4)
        if proxy.logs() == before:
            return before


def test_no_line_in_any_log_tells_of_a_respondent(proxy: Proxy, served: Served) -> None:
    proxy.ask("/sign-in?next=secret", headers={"Referer": f"https://127.0.0.1{LINK}"})
    before, portal_before = quiet(proxy), list(served.lines)
    assert "GET /sign-in 200" in before["ita-access.log"], "the desks' requests are noted"
    assert "secret" not in before["ita-access.log"] and "/s/" not in before["ita-access.log"]
    respondents_ways(proxy)
    assert proxy.logs() == before
    assert served.lines == portal_before


def test_a_portal_that_is_away_is_said_in_thai_and_noted_nowhere_for_respondents(folder: Path) -> None:
    with nginx.running(folder / "nginx", free_port()) as proxy:
        before = proxy.logs()
        for body in (None, SMALL):
            status, headers, page = proxy.ask(LINK, body=body)
            assert (status, headers["Retry-After"]) == (503, "30")
            assert headers["Cache-Control"] == "no-store" and "กรุณารอ" in page.decode()
        respondents_ways(proxy)
        assert proxy.logs() == before
        assert proxy.ask("/sign-in")[0] == 503
        assert "connect() failed" in proxy.logs()["ita-error.log"], "of the desks it is"


def test_a_crowd_behind_one_address_is_let_in(proxy: Proxy) -> None:
    """A carrier's thousands are one address: 300 forms on their way at once hinder nobody."""
    with ExitStack() as opened:
        slow = [opened.enter_context(proxy.open()) for _number in range(300)]
        for connection in slow:
            connection.sendall(stalled(LINK, whole=1000, sent=10))
        time.sleep(0.3)
        assert proxy.ask(LINK)[0] == 404


def test_the_names_and_places_that_the_document_tells_to_change_are_there() -> None:
    assert SHIPPED.read_text().count("ita.example.go.th") == 3
    assert os.linesep + "    location /s/ {" in SHIPPED.read_text()
