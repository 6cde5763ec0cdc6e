"""A signed-in visitor for tests: sends forms with the CSRF token that a page would carry."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from models.account import Account
from portal.core.database.session import privileged, writing
from portal.core.sessions import begin_session
from portal.core.sign_in import actor_of


class PortalClient(FlaskClient):
    """Flask's test client with ``submit`` and ``sign_in_as``."""

    def submit(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form with its CSRF token, as from a fresh page of the desk that is sat at."""
        return self.post(url, data={**self.page(), **(data or {})}, **options)

    def page(self) -> dict[str, str]:
        """The fields that every form of a fresh page carries: token and page."""
        return {"csrf_token": self.csrf_token(), "sent_from": self.sent_from()}

    def sent_from(self) -> str:
        """What a form of a page made now says of its page."""
        with self.session_transaction() as stored:
            token = stored.get("_user_id")
        with self.application.app_context():
            actor = actor_of(token) if token else None
        return f"{actor.grant_id or 0 if actor else 0}.{secrets.token_urlsafe(15)}"

    def csrf_token(self) -> str:
        """The token of this visitor's session."""
        with self.application.test_request_context():
            from flask import session

            with self.session_transaction() as stored:
                session.update(stored)
                token: str = generate_csrf()
                stored["csrf_token"] = session["csrf_token"]
        return token

    def sign_in_as(self, account_id: int) -> None:
        """Begin a server-side session for an account, as the sign-in page does."""
        with self.application.app_context(), writing(), privileged("a test signs in") as session:
            token = begin_session(session, session.get_one(Account, account_id))
        with self.session_transaction() as stored:
            stored["_user_id"] = token
            stored["_fresh"] = True


def client_of(app: Flask) -> PortalClient:
    """A new visitor."""
    app.test_client_class = PortalClient
    client = app.test_client()
    assert isinstance(client, PortalClient)
    return client
