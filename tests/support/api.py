"""Programmes that read the API: tokens as people make them, and their requests."""

from __future__ import annotations

from typing import Any

from flask import Flask

from portal.people import tokens
from tests.support.client import client_of
from tests.support.world import World


def token_of(app: Flask, world: World, person: str, *, name: str = "กระดานข้อมูล", days: int = 90) -> str:
    """A token of a person of the world, for their own desk."""
    with app.app_context():
        return tokens.make(world.account[person], world.grant[person], name=name, days=days)


class Reader:
    """A programme with a token."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client, self._headers = client_of(app), {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **options: Any) -> Any:
        """Ask for an address below /api/v1."""
        headers = {**self._headers, **options.pop("headers", {})}
        return self._client.get(f"/api/v1{path}", headers=headers, **options)

    def read(self, path: str) -> Any:
        """The figures of an address, which are there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json


def reader(app: Flask, world: World, person: str) -> Reader:
    """A programme of a person of the world."""
    return Reader(app, token_of(app, world, person))


def of_programmes(app: Flask, endpoint: str) -> bool:
    """True for an address that programmes read, and no page (tests/fences/test_api.py)."""
    return hasattr(app.view_functions[endpoint], "operation")
