"""What is asked over the network: the site as people see it through its proxy, and the mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from config import Settings
from portal.core import mail
from portal.tools.installation.finding import Finding, ok, warning, wrong

_PATIENCE = 10
#: said by the portal, to whoever it believes came by https
_SEEN_AS_HTTPS = "Strict-Transport-Security"


def look(settings: Settings) -> Iterator[Finding]:
    """Each finding about what is reached over the network."""
    yield _site(settings)
    yield _mail(settings)


def _site(settings: Settings) -> Finding:
    """Ask for the sign-in page at PUBLIC_URL: does it come, and does the portal see that it came by https?"""
    try:
        answer = _asked(settings.public_url)
    except ssl.SSLCertVerificationError as error:
        return wrong("site", f"The certificate of {settings.public_url} is refused: {error.verify_message}")
    except (OSError, HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return warning("site", f"{settings.public_url} does not answer from here ({why}): start it")
    if answer.status == 400:
        return wrong(
            "site", "The portal does not know its name: let the proxy pass on Host, see TRUSTED_HOSTS"
        )
    if answer.status >= 500:
        return wrong("site", f"{settings.public_url} answers {answer.status}: see the log of the web unit")
    if settings.https and answer.getheader(_SEEN_AS_HTTPS) is None:
        return wrong(
            "site",
            "The portal does not see that its visitors come by https: let the proxy set X-Forwarded-For and"
            f" X-Forwarded-Proto, and see whether TRUSTED_PROXIES ({settings.proxies}) is their number",
        )
    return ok("site", f"{settings.public_url} answers, and the portal sees how people come")


def _asked(url: str) -> HTTPResponse:
    """The answer to a look at the sign-in page. Raises OSError, HTTPException."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    made = (
        HTTPSConnection(host, port, timeout=_PATIENCE, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=_PATIENCE)
    )
    with closing(made) as connection:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        answer.read()
        return answer


def _mail(settings: Settings) -> Finding:
    """Whether the mail server takes us; nothing is sent."""
    if not settings.mail_url:
        return ok("mail", "No mail server is set (MAIL_URL): nothing offers mail")
    host = urlsplit(settings.mail_url).hostname
    try:
        with mail.connected(settings.mail_url) as server:
            server.noop()
    except (mail.NotSent, smtplib.SMTPException, OSError) as error:
        why = str(error) if isinstance(error, mail.NotSent) else type(error).__name__
        return wrong("mail", f"Mail does not leave by {host}: {why}. See MAIL_URL and the network")
    return ok("mail", f"{host} takes mail from {settings.mail_from}")
