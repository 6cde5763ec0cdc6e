"""A proxy in front that is not trusted is told in the log and on the home of who can mend it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.core.proxies import untrusted_proxy
from portal.core.web import Portal
from tests.support.client import PortalClient, client_of
from tests.support.connections import AnotherApp
from tests.support.world import World

FORWARDED = {"X-Forwarded-For": "203.0.113.9"}
WORDS = "TRUSTED_PROXIES"


@pytest.mark.own_app
def test_an_untrusted_proxy_is_told_once(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], caplog: pytest.LogCaptureFixture
) -> None:
    home = f"/rounds/{world.round_id}/home"
    assert WORDS not in client_as("dla").get(home).text
    with caplog.at_level(logging.WARNING, logger="portal.core.proxies"):
        for _request in range(3):
            client_as("").get("/sign-in", headers=FORWARDED)
    assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
    assert WORDS in client_as("dla").get(home).text
    assert WORDS not in client_as("province").get(home).text


@pytest.mark.own_app
def test_a_visitor_from_afar_sends_the_header_in_vain(
    app: Portal, client_as: Callable[[str], PortalClient], caplog: pytest.LogCaptureFixture
) -> None:
    client_as("").get("/sign-in", headers=FORWARDED, environ_base={"REMOTE_ADDR": "8.8.8.8"})
    assert not any(WORDS in record.getMessage() for record in caplog.records)


@pytest.mark.own_app
@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("8.8.8.8", False),
        ("unix:", False),
        ("", False),
    ],
)
def test_only_a_neighbour_looks_like_a_proxy(
    app: Portal, client_as: Callable[[str], PortalClient], address: str, near: bool
) -> None:
    client_as("").get("/sign-in", headers=FORWARDED, environ_base={"REMOTE_ADDR": address})
    with app.app_context():
        assert untrusted_proxy() is near


def test_who_was_told_of_a_proxy_looks_for_none(app: Portal, another_app: AnotherApp) -> None:
    trusting = another_app(replace(app.settings, proxies=1))
    client_of(trusting).get("/sign-in", headers=FORWARDED)
    with trusting.app_context():
        assert not untrusted_proxy()
