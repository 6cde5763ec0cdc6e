"""Mails of a test: the files of the demonstration, and a server on this machine that takes mail."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

from portal.core.jobs import queue, worker
from portal.core.mail import FOLDER
from portal.core.web import Portal

_CODE = re.compile(r"/(?:prove|reset)#([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})")


def mails(app: Portal) -> list[EmailMessage]:
    """What the demonstration wrote, oldest first."""
    files = sorted((app.settings.instance_dir / FOLDER).glob("*.eml"))
    return [read(file.read_bytes()) for file in files]


def read(raw: bytes) -> EmailMessage:
    """A mail as its receiver has it."""
    return email.message_from_bytes(raw, policy=default)


def code_in(message: EmailMessage) -> str:
    """The code of its link."""
    found = _CODE.search(message.get_content())
    assert found is not None, message.get_content()
    return found[1]


def do_jobs() -> None:
    """A worker does all that waits (needs an application context)."""
    while (claim := queue.claim()) is not None:
        worker.run(claim)


@dataclass
class Server:
    """What a server was told. ``refuses``: it takes no mail."""

    url: str = ""
    refuses: bool = False
    received: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@contextmanager
def smtp() -> Iterator[Server]:
    """A server in clear on a free port, which knows no STARTTLS."""
    server = Server()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                word = line.decode().strip()
                server.said.append(word)
                if word.upper() == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                if word.upper() == "DATA" and not server.refuses:
                    self.wfile.write(b"354 go on\r\n")
                    server.received.append(self._body())
                self.wfile.write(b"554 no\r\n" if server.refuses and word[:4] == "MAIL" else b"250 ok\r\n")

        def _body(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        server.url = f"smtp://127.0.0.1:{listening.server_address[1]}"
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join(timeout=10)
