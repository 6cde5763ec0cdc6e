"""The application on a real port, for browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from portal.web import Portal
from tests.support.client import client_of


@contextmanager
def served(app: Portal) -> Iterator[str]:
    """Serve the application on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def page_of(
    browser: Browser, app: Portal, account_id: int, *, url: str, size: tuple[int, int]
) -> Iterator[Page]:
    """A browser's page, signed in as an account."""
    client = client_of(app)
    client.sign_in_as(account_id)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="th-TH",
        timezone_id="Asia/Bangkok",
        base_url=url,
    )
    context.add_cookies([{"name": "portal", "value": cookie.value, "url": url}])
    try:
        yield context.new_page()
    finally:
        context.close()
