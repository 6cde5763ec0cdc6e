"""A live server for the browser: the real application in a thread of this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from portal.core.web import Portal
from tests.support.live import served
from tests.survey_forms.phones import visit


@pytest.fixture
def address(app: Portal) -> Iterator[str]:
    """The address of the application, served on this machine until the test ends."""
    with served(app) as url:
        yield url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone."""
    with visit(browser, script=True) as page:
        yield page


@pytest.fixture
def plain_phone(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    with visit(browser, script=False) as page:
        yield page
