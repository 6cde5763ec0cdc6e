"""The application with the tests' own generated views."""

from __future__ import annotations

import pytest

from portal.core.web import Portal
from tests.views.generated.sample_views import open_samples


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is opened on an application stays open: such a test gets one of its own."""
    for item in items:
        if "desk" in getattr(item, "fixturenames", ()):
            item.add_marker("own_app")


@pytest.fixture
def desk(app: Portal) -> Portal:
    """The application, with the sample views open."""
    open_samples(app)
    return app
