"""Kinds of job that a test makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.jobs.kinds import KINDS, Kind


@pytest.fixture
def kinds() -> Iterator[dict[str, Kind]]:
    """Kinds of this test, forgotten afterwards."""
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)
