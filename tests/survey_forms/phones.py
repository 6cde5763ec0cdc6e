"""Phones of respondents: a new visitor's browser, and how a form is filled on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.support.browser import PHONE
from tests.support.respondents import citizen_id

#: what a browser itself reports of a refusal, and of a line that a test cuts
EXPECTED = ("status of 4", "status of 503", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
TYPED = "เลขบัตรประชาชนของท่าน"


@contextmanager
def visit(browser: Browser, *, script: bool) -> Iterator[Page]:
    """A phone of a new visitor: no complaint in its console, no cookie in its jar."""
    width, height = PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script, locale="th-TH"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not [text for text in complaints if not any(known in text for known in EXPECTED)]
    assert not context.cookies()
    context.close()


def choose(page: Page, slots: range) -> None:
    for slot in slots:
        page.locator(f'input[name="q{slot}"]').first.check()


def fill_by_parts(page: Page, number: int) -> None:
    """Enter an ID and go through every part, up to the button that sends."""
    page.get_by_label(TYPED).fill(citizen_id(number))
    forward = page.get_by_role("button", name="ถัดไป")
    forward.click()
    while True:
        for group in page.locator(".q:visible").all():
            group.locator("label").first.click()
        if not forward.is_visible():
            return
        forward.click()


def is_blank(page: Page) -> bool:
    """True where nothing of what anybody entered is left in the form."""
    return page.locator("input:checked").count() == 0 and page.locator("#id").input_value() == ""
