"""The kinds and sizes that a fresh database holds, for tests that have none."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Any

from config import ROOT
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, KindFacts, SizeFacts

_FILE = ROOT / "migrations" / "versions" / "0042_serves_0029_kinds.py"


def _migration() -> Any:
    spec = importlib.util.spec_from_file_location("kinds_0042", _FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def learn() -> None:
    """Let this process know what the migration wrote, as one that has served a request does."""
    made = _migration()
    names = made.KIND_COLUMNS[1:]
    AGENCY_KINDS.known.last = {
        code: KindFacts(**dict(zip(names, facts, strict=True)), position=place * 10)
        for place, (code, *facts) in enumerate(made.KINDS, start=1)
    }
    AGENCY_SIZES.known.last = {
        code: SizeFacts(name=name, position=place * 10)
        for place, (code, name) in enumerate(made.SIZES, start=1)
    }


@cache
def codes() -> frozenset[str]:
    """The codes of the kinds that came with the portal."""
    return frozenset(code for code, *_facts in _migration().KINDS)
