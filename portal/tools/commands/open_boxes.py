"""Open the boxes of a closed round: the act of the holder of its private key."""

from __future__ import annotations

from flask import Flask

from portal.ballot import keys
from portal.ballot.opening import nothing_sealed
from portal.core.errors import Refused
from portal.results.opening import open_round_boxes
from portal.tools.commands import refused
from portal.tools.commands.held_key import private_key


def run(app: Flask, *, round_id: int, key_file: str | None) -> int:
    """Open, score and report; 1 where nothing could be opened or something was set aside."""
    with app.app_context():
        try:
            needed = key_file is not None or not nothing_sealed(round_id)
            key = private_key(round_id, key_file) if needed else None
            report, grades = open_round_boxes(round_id, private_key=key, progress=_tell)
        except (Refused, keys.KeyMissing, OSError) as error:
            return refused.say(error)
    print(f"\nBoxes opened: {report.boxes}; answers: {report.opened}; set aside: {report.set_aside}")
    for grade, number in grades.items():
        print(f"  {grade or '-':<16}{number:>7,}")
    return 1 if report.set_aside else 0


def _tell(done: int, total: int) -> None:
    if done == total or done % 100 == 0:
        print(f"\r{done:,} of {total:,} boxes", end="", flush=True)
