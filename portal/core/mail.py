"""E-mail: to a server where one is set (MAIL_URL), into files of the instance folder in the demonstration."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app

from config import LOOPBACK, Settings
from portal.core import clock

#: a server that does not answer for so long is not there (seconds)
PATIENCE = 20
FOLDER = "mail"
_PORTS = {"smtp": 587, "smtps": 465}


class NotSent(Exception):
    """The mail did not leave; never with its text or its receiver.

    ``later``: it may be tried again; ``unsure``: the line broke while it was handed over, so that it may have
    arrived all the same.
    """

    def __init__(self, why: str, *, later: bool = False, unsure: bool = False) -> None:
        super().__init__(why)
        self.later, self.unsure = later, unsure


class _Clear(smtplib.SMTP):
    """A server of which is known whether the text of a mail was begun to be handed over."""

    handed = False

    def data(self, msg: Any) -> Any:
        self.handed = True
        return super().data(msg)


class _Sealed(_Clear, smtplib.SMTP_SSL):
    """The same, by TLS from the beginning."""


def offered() -> bool:
    """True where this installation sends mail: without it nothing asks for an address to be proved."""
    return bool(_settings().mail_url) or into_files()


def into_files() -> bool:
    """True where mails are only written to files: the demonstration without a server."""
    return _settings().demo and not _settings().mail_url


class Line:
    """A line to the server on which mails are sent one after the other; it is taken up with the first.

    A server that parted since the last mail is called once more, for a mail of which it has nothing yet.
    """

    def __init__(self) -> None:
        self._held = ExitStack()
        self._server: _Clear | None = None

    def send(self, *, to: str, subject: str, text: str, name: str = "") -> None:
        """Send one mail; with a ``name`` it has the same Message-ID each time. Raises NotSent."""
        try:
            message = _message(to, subject, text, name)
        except ValueError as error:  # a line break in an address
            raise NotSent("the address is none") from error
        if into_files():
            _write(message)
            return
        if not _settings().mail_url:
            raise NotSent("no server is set")
        self._deliver(message)

    def part(self) -> None:
        """Let go of the line; what goes wrong in this is no matter of the mails that the server has taken."""
        with suppress(OSError, smtplib.SMTPException):
            self._held.close()
        self._held, self._server = ExitStack(), None

    def _deliver(self, message: EmailMessage) -> None:
        had = self._server
        try:
            self._hand(message)
        except NotSent:
            if had is None or had.handed or self._server is not None:
                raise
            self._hand(message)

    def _hand(self, message: EmailMessage) -> None:
        """Hand a mail over; a line that broke is let go of. Raises NotSent."""
        server = self._server
        try:
            if server is None:
                server = self._server = self._held.enter_context(connected(_settings().mail_url))
            server.handed = False
            server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            if server is not None and server.sock is None:
                self.part()
            raise _not_sent(error, server) from None


@contextmanager
def line() -> Iterator[Line]:
    """A line for several mails, let go of at the end."""
    one = Line()
    try:
        yield one
    finally:
        one.part()


def send(*, to: str, subject: str, text: str, name: str = "") -> None:
    """Send one mail on a line of its own, as ``Line.send``. Raises NotSent."""
    with line() as one:
        one.send(to=to, subject=subject, text=text, name=name)


def _settings() -> Settings:
    found: Settings = current_app.settings  # type: ignore[attr-defined]
    return found


def _message(to: str, subject: str, text: str, name: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = _settings().mail_from or "portal@localhost"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.machine())
    message["Message-ID"] = f"<{name}@portal.invalid>" if name else make_msgid(domain="portal.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _write(message: EmailMessage) -> None:
    folder = _settings().instance_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.machine():%Y%m%d-%H%M%S-%f}.eml"
    (folder / name).write_bytes(message.as_bytes())


def _not_sent(error: Exception, server: _Clear | None) -> NotSent:
    """What a server's refusal or silence means for the mail (RFC 5321: 4yz is for now, 5yz for good)."""
    why, codes = type(error).__name__, _codes(error)
    if codes:
        of_this_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
        return NotSent(why, later=not of_this_mail or max(codes) < 500)
    handed = server is not None and server.handed
    never = handed or isinstance(error, smtplib.SMTPNotSupportedError)
    return NotSent(why, later=not never, unsure=handed)


def _codes(error: Exception) -> list[int]:
    """What the server answered, where it did."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


@contextmanager
def connected(url: str) -> Iterator[_Clear]:
    """A server that knows who sends; in clear it hears nothing beyond this machine, and a password nowhere.

    Raises NotSent, OSError, smtplib.SMTPException.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    with (
        _Sealed(host, port, timeout=PATIENCE, context=ssl.create_default_context())
        if parts.scheme == "smtps"
        else _Clear(host, port, timeout=PATIENCE)
    ) as server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif parts.scheme == "smtp" and (parts.username or host not in LOOPBACK):
            raise NotSent("the server takes mail in clear only", later=True)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
