"""Chromium for tests: the system's, else the one Playwright fetched; it knows no host but this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

#: how long a page may take on a machine that runs three tests at once (milliseconds); never what is measured
PATIENCE = 20_000
#: Width and height of the two screens that every page is made for.
DESKTOP, PHONE = (1280, 900), (390, 844)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
#: true when nothing is wider than the screen
NARROW = "document.documentElement.scrollWidth <= innerWidth"
#: how the page comes to another place: a press on a page that still glides meets nothing
MOVING = "getComputedStyle(document.documentElement).scrollBehavior"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed at the end; a test that cannot have one says so in one line."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    expect.set_options(timeout=PATIENCE)
    with ExitStack() as stack:
        try:
            driver = stack.enter_context(sync_playwright()).chromium
            browser = stack.enter_context(driver.launch(executable_path=found, args=list(ARGUMENTS)))
        except Exception as error:
            said = f"NOT RUN: no browser ({str(error).partition(chr(10))[0]}); see scripts/setup.sh dev"
            raise pytest.fail.Exception(said, pytrace=False) from None
        yield browser


def fits(page: Page) -> None:
    """Nothing is wider than the screen.

    A press may have begun a way to another page: what is measured is that page, once it has come.
    """
    try:
        page.wait_for_load_state()
        narrow = page.evaluate(NARROW)
    except Error:  # the page went while it was asked; the next one is asked as it should be
        page.wait_for_load_state()
        narrow = page.evaluate(NARROW)
    assert narrow, page.url


def sound(page: Page) -> None:
    """Nothing is wider than the screen, nothing glides, and axe finds no fault."""
    fits(page)
    assert page.evaluate(MOVING) == "auto", page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
