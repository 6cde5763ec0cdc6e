"""A live server for the browser: the real application in a thread of this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.web import Portal
from tests.support.live import served


@pytest.fixture
def address(app: Portal) -> Iterator[str]:
    """The address of the application, served on this machine until the test ends."""
    with served(app) as url:
        yield url
