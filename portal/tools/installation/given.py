"""What the settings themselves say: demonstration mode, the secret key, the proxy in front."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from config import SHORTEST_SECRET, Settings
from portal.tools.installation.finding import Finding, ok, warning, wrong

#: different letters: "aaaa..." is no secret
LEAST_LETTERS = 12
_MAKE_ONE = "make one with: openssl rand -hex 32"
#: a stand-in, so that the rest can be looked at; nothing is ever signed with it
_STAND_IN = "-" * SHORTEST_SECRET


def readable(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with a stand-in where SECRET_KEY is missing or too short to be taken: the rest is
    looked at still, and looking makes no key and no folder."""
    key = environ.get("SECRET_KEY", "")
    return {**environ, "SECRET_KEY": key if len(key) >= SHORTEST_SECRET else _STAND_IN}


def look(settings: Settings) -> Iterator[Finding]:
    """Each finding about the settings."""
    yield _demo(settings)
    yield _secret(settings)
    yield _proxy(settings)


def _demo(settings: Settings) -> Finding:
    if settings.demo:
        return wrong("demo", "Demonstration mode is on, its passwords are public: set DEMO=0")
    return ok("demo", "Demonstration mode is off")


def _secret(settings: Settings) -> Finding:
    if len(set(settings.secret_key)) < LEAST_LETTERS:
        return wrong("secret", f"SECRET_KEY is not set, or can be guessed: {_MAKE_ONE}")
    return ok("secret", "SECRET_KEY is set")


def _proxy(settings: Settings) -> Finding:
    """Whether addresses and https can be believed as they are set."""
    if not settings.https:
        return wrong("proxy", "PUBLIC_URL is not https://: passwords and answers would travel in clear")
    if not settings.proxies:
        return wrong(
            "proxy",
            "PUBLIC_URL is https and TRUSTED_PROXIES is 0, so every visitor counts as one network: set"
            " TRUSTED_PROXIES to the number of proxies in front (1 for nginx on this machine)",
        )
    if not _is_loopback(settings.address):
        return warning(
            "proxy",
            f"The portal listens on {settings.host}: whoever reaches port {settings.port} past the proxy can"
            " name any address. Set HOST=127.0.0.1, or let a firewall admit the proxy alone",
        )
    return ok("proxy", f"TRUSTED_PROXIES is {settings.proxies}, and the portal listens on this machine only")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
