"""Erase the personal data of a round's rosters, which are kept no longer: what the worker does at night."""

from __future__ import annotations

import sys

from flask import Flask

from portal.core.errors import NotFound, Refused
from portal.personal.erasing import erase
from portal.tools.commands import refused


def run(app: Flask, *, round_id: int, sure: bool) -> int:
    """Erase and report; 1 where the data are kept still, 2 without the word that it is meant."""
    if not sure:
        print("Nothing of it can be brought back: say --yes where it is meant", file=sys.stderr)
        return 2
    with app.app_context():
        try:
            erased = erase(round_id, _tell)
        except (NotFound, Refused) as error:
            return refused.say(error)
        told = erased.data or {}
    print(f"\nRows erased: {told['rows']:,}; agencies: {told['agencies']:,}")
    return 0


def _tell(done: int, total: int) -> None:
    if done == total or done % 100 == 0:
        print(f"\r{done:,} of {total:,} agencies", end="", flush=True)
