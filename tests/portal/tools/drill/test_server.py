"""The drill's server is the real one; where it does not come up the drill says so at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portal.tools.drill.server import HOST, free_port, serving
from tests.conftest import settings_for


def test_a_server_that_ends_before_its_first_page_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_WORKERS", "none")
    settings = settings_for("sqlite://", "sqlite://", tmp_path)
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match="did not start"), serving(settings, tmp_path / "clock"):
        pytest.fail("it served")
    assert time.monotonic() - begun < 30


def test_a_free_port_is_one_of_this_machine() -> None:
    assert HOST == "127.0.0.1"
    assert 1024 < free_port() < 65536
