"""Mails of a test: the files of the demonstration, and a server on this machine that takes mail."""

from __future__ import annotations

import email
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portal.core import clock
from portal.core.jobs import queue, worker
from portal.core.mail import FOLDER
from portal.core.web import Portal
from portal.tools.drill.server import free_port

#: who may send by a server that asks
PERSON = ("ita@x", "p/w")
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
    """A server and what it was given. ``refuses``: it takes no mail; ``told``: what it heard of people.

    ``answers``: what it says to a receiver's address; ``breaks``: it takes a mail and ends without a word;
    ``forgets_to_part``: it ends without a word when it is told that this was all; ``most_on_a_line``: it
    takes so many on a line, then says ``parting`` (nothing: it ends without a word). ``lines``: on which line
    each mail came.
    """

    url: str = ""
    refuses: bool = False
    breaks: bool = False
    forgets_to_part: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    most_on_a_line: int | None = None
    parting: str = ""
    lines: list[Session] = field(default_factory=list)

    @property
    def called(self) -> int:
        """On how many lines mails came."""
        return len({id(one) for one in self.lines})

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A mail begins: taken, or one too many for this line (the name is the library's)."""
        if self.most_on_a_line == sum(one is session for one in self.lines):
            if not self.parting:
                _broken(smtp)
            return self.parting or "421 bye"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 fine"

    async def handle_RCPT(
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A receiver: taken, or answered as the test says (the name is the library's)."""
        if address not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 fine")

    async def handle_QUIT(self, smtp: SMTP, _session: Session, _envelope: Envelope) -> str:
        """The end (the name is the library's)."""
        if self.forgets_to_part:
            _broken(smtp)
        return "221 bye"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        """A mail: kept, or refused (the name is the library's)."""
        if self.refuses:
            return "554 no"
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.lines.append(session)
        if self.breaks:
            _broken(smtp)
        return "250 kept"

    def heard(self, _smtp: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        """Whoever gives the one name and password may send."""
        self.told.append((data.login.decode(), data.password.decode()))
        known = self.told[-1] == PERSON
        return AuthResult(success=known, handled=known)  # else the library says that it was wrong


def _broken(smtp: SMTP) -> None:
    transport: Any = smtp.transport
    transport.abort()


@contextmanager
def smtp(tls: ssl.SSLContext | None = None, *, sealed: bool = False) -> Iterator[Server]:
    """A mail server on this machine; without ``tls`` in clear, which takes mail from everybody.

    ``tls``: it offers STARTTLS and demands it, a name and a password; ``sealed``: TLS from the beginning.
    """
    server = Server()
    asks: dict[str, Any] = {}
    if sealed:
        asks = {"ssl_context": tls, "auth_require_tls": False}
    elif tls is not None:
        asks = {"tls_context": tls, "auth_required": True, "require_starttls": True}
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, authenticator=server.heard, **asks)
    controller.start()
    server.url = f"smtp{'s' if sealed else ''}://127.0.0.1:{port}"
    try:
        yield server
    finally:
        controller.stop()


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server of this machine shows of itself, and the file that who trusts it reads."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = clock.machine() - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, own = folder / "server.pem", folder / "server.key"
    trusted.write_bytes(certificate.public_bytes(Encoding.PEM))
    own.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, own)
    return context, trusted
