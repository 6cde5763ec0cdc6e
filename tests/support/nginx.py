"""Debian's nginx with the configuration that is shipped, on free ports, its logs and buffers in a folder."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path

import pytest

from config import ROOT
from portal.tools.drill.server import free_port
from tests.support.mail import certified

#: scripts/setup.sh unpacks it there: installed, it would serve port 80 of the machine at once
UNPACKED = Path(sys.prefix) / "nginx" / "usr" / "sbin"
SHIPPED = ROOT / "deploy" / "nginx" / "ita-portal.conf"
#: seconds that are shortened in a test, from and to
PATIENCE = ("client_body_timeout 10s", "client_body_timeout 2s")
#: what Debian's own nginx.conf says around a site
_MAIN = """
# who starts it as root has folders that nobody else enters
user root;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/logs/error.log;
events {{ worker_connections 768; }}
http {{
    access_log {folder}/logs/access.log;
    gzip on;
    client_body_temp_path {folder}/other; proxy_temp_path {folder}/others;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def program() -> Path:
    """The programme, installed or unpacked by the set-up; a test that has none says so and fails."""
    places = ("/usr/sbin", "/usr/bin", "/usr/local/sbin", UNPACKED)
    found = shutil.which("nginx", path=os.pathsep.join(str(place) for place in places))
    if found is None:
        raise pytest.fail.Exception("NOT RUN: no nginx; see scripts/setup.sh dev", pytrace=False)
    return Path(found)


@dataclass
class Proxy:
    """A running nginx: where it listens, whom it asks, what it wrote."""

    folder: Path
    port: int
    plain_port: int
    trusted: Path

    def ask(
        self, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, HTTPMessage, bytes]:
        """An answer over TLS."""
        context = ssl.create_default_context(cafile=str(self.trusted))
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        try:
            connection.request("GET" if body is None else "POST", path, body, kind | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def ask_in_clear(self, path: str) -> tuple[int, HTTPMessage]:
        """An answer of the port without TLS."""
        connection = HTTPConnection("127.0.0.1", self.plain_port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers
        finally:
            connection.close()

    def open(self) -> ssl.SSLSocket:
        """A connection over TLS, for raw bytes."""
        context = ssl.create_default_context(cafile=str(self.trusted))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def spooled(self) -> list[str]:
        """What it has put down of bodies and answers: files that have no name any more, and are open."""
        rooms = tuple(str(self.folder / name) for name in ("body", "answers", "other", "others"))
        found = []
        for file in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                found.append(os.readlink(file))
        return [name for name in found if name.startswith(rooms)]

    def logs(self) -> dict[str, str]:
        """Every log by its name."""
        return {path.name: path.read_text() for path in sorted((self.folder / "logs").iterdir())}


def site(folder: Path, *, port: int, plain_port: int, portal: int) -> str:
    """The shipped configuration with the places of this test; all else stays as it is shipped."""
    text = SHIPPED.read_text()
    for pattern, here in (
        (r"listen \[::\]:\d+[^;]*;", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"/etc/ita-portal/tls/fullchain\.pem", f"{folder}/server.pem"),
        (r"/etc/ita-portal/tls/privkey\.pem", f"{folder}/server.key"),
        (r"/var/log/nginx/", f"{folder}/logs/"),
        (r"/run/ita-nginx-body", f"{folder}/body"),
        (r"/run/ita-nginx-proxy", f"{folder}/answers"),
        (r"http://127\.0\.0\.1:8000", f"http://127.0.0.1:{portal}"),
        (r"ita\.example\.go\.th", "127.0.0.1"),
        # the port stands in the name here, and nowhere in an installation
        (r"Host \$host;", "Host $http_host;"),
        (re.escape(PATIENCE[0]), PATIENCE[1]),
    ):
        text, times = re.subn(pattern, here, text)
        assert times, f"the shipped configuration has no {pattern}"
    return text


def written(folder: Path, portal: int) -> Proxy:
    """The files of an nginx that asks a portal."""
    (folder / "logs").mkdir(parents=True)
    _context, trusted = certified(folder)
    proxy = Proxy(folder, free_port(), free_port(), trusted)
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    text = site(folder, port=proxy.port, plain_port=proxy.plain_port, portal=portal)
    (folder / "site.conf").write_text(text)
    return proxy


def command(proxy: Proxy, *words: str) -> list[str]:
    """How nginx is called with these files."""
    error_log = str(proxy.folder / "logs" / "error.log")
    return [
        str(program()),
        "-e",
        error_log,
        "-p",
        str(proxy.folder),
        "-c",
        f"{proxy.folder}/nginx.conf",
        *words,
    ]


@contextmanager
def running(folder: Path, portal: int) -> Iterator[Proxy]:
    """An nginx in front of the portal on a port."""
    proxy = written(folder, portal)
    process = subprocess.Popen(command(proxy), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                proxy.ask_in_clear("/")
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until, proxy.logs()
                time.sleep(0.1)
        yield proxy
    finally:
        process.terminate()
        process.communicate(timeout=20)
