"""The application with the tests' own generated views."""

from __future__ import annotations

import pytest

from portal.web import Portal
from tests.views.sample_views import open_samples


@pytest.fixture
def desk(app: Portal) -> Portal:
    """The application, with the sample views open."""
    open_samples(app)
    return app
