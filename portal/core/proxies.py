"""A proxy nobody told us to trust makes everybody one network: said in the log, and to who may mend it.

A visitor can send the header too; only a neighbour's address (loopback or private) looks like a proxy.
"""

from __future__ import annotations

import ipaddress
import logging
import time

from flask import Flask, current_app, request

log = logging.getLogger(__name__)
#: seconds between two lines in the log
AGAIN = 3600.0
WORDS = (
    "X-Forwarded-For arrives from %s but TRUSTED_PROXIES is 0: every visitor counts as this one network,"
    " and delays of signing in hit them together. Set TRUSTED_PROXIES to the number of proxies in front"
)


def init_app(app: Flask) -> None:
    """Look at every request of an application that trusts no proxy."""
    if not app.settings.proxies:  # type: ignore[attr-defined]
        app.before_request(_look)


def untrusted_proxy() -> bool:
    """True where such a proxy was seen since the start of this process, for the page of who may mend it."""
    return "untrusted_proxy" in current_app.extensions


def _look() -> None:
    if "X-Forwarded-For" not in request.headers or not _is_near(request.remote_addr or ""):
        return
    seen = current_app.extensions.get("untrusted_proxy")
    if seen is None or time.monotonic() - seen > AGAIN:
        current_app.extensions["untrusted_proxy"] = time.monotonic()
        log.warning(WORDS, request.remote_addr)


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
