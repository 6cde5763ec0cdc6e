"""The application on a real port for browsers, its worker beside it, and the screens of the people at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.client import client_of
from tests.support.world import PASSWORD

#: what the browser itself reports of a page that was refused on purpose
EXPECTED_REFUSALS = "status of 4"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """No access log: as in production."""


@contextmanager
def served(app: Portal) -> Iterator[str]:
    """Serve the application on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def working(app: Portal) -> Iterator[None]:
    """A job worker beside the server, until the end of the block."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.work, args=(app,), kwargs={"stop": stop}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=60)


class Screens:
    """Browsers of several people at one site. What a page complains about is kept in ``complaints``."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self.url = browser, url
        self._open: list[BrowserContext] = []
        self.complaints: list[str] = []

    def visitor(self, size: tuple[int, int], *, script: bool = True) -> Page:
        """An empty page of somebody new."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            base_url=self.url,
            java_script_enabled=script,
        )
        self._open.append(context)
        page = context.new_page()
        self._listen(page)
        return page

    def signed_in(self, username: str, size: tuple[int, int], *, password: str = PASSWORD) -> Page:
        """A page of somebody who signs in through the sign-in page."""
        page = self.visitor(size)
        page.goto("/sign-in")
        page.get_by_label("ชื่อผู้ใช้", exact=True).fill(username)
        page.get_by_label("รหัสผ่าน", exact=True).fill(password)
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        page.locator(".ita-scope").wait_for()
        return page

    def close(self) -> None:
        """Close every browser; fails where a page complained or asked another host."""
        for context in self._open:
            context.close()
        self._open.clear()
        assert not self.complaints, self.complaints

    def _listen(self, page: Page) -> None:
        def said(text: str) -> None:
            if EXPECTED_REFUSALS not in text:
                self.complaints.append(f"{page.url}: {text}")

        page.on("console", lambda message: said(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said(str(error)))
        page.on("request", lambda sent: self._asked(sent.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked {url}")


@contextmanager
def page_of(
    browser: Browser, app: Portal, account_id: int, *, url: str, size: tuple[int, int]
) -> Iterator[Page]:
    """A browser's page, signed in as an account without its password."""
    client = client_of(app)
    client.sign_in_as(account_id)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="th-TH",
        timezone_id="Asia/Bangkok",
        has_touch=size[0] < 600,
        base_url=url,
    )
    context.add_cookies([{"name": "portal", "value": cookie.value, "url": url}])
    try:
        yield context.new_page()
    finally:
        context.close()
