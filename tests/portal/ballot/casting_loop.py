"""A process that casts until it is killed: each acknowledged ID goes to its standard output at once.

Arguments: instance folder, database URL, round, participation, agency, province, public key (hex), first ID.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config import Settings
from models.instrument import InstrumentKind
from portal.ballot.box import Box, CastResult, cast
from portal.core.web import make_app
from tests.support.respondents import LINES, citizen_id


def main() -> None:
    """Cast one answer after the other."""
    instance, url, round_id, participation, agency, province, public_key, first = sys.argv[1:]
    folder = Path(instance)
    app = make_app(
        Settings(
            instance_dir=folder,
            database_url=url,
            database_owner_url=url,
            key_dir=folder / "keys",
            secret_key="a key of 32 letters, for tests only",
            testing=True,
        )
    )
    target = Box(
        int(round_id),
        int(participation),
        int(agency),
        int(province),
        InstrumentKind.EIT,
        bytes.fromhex(public_key),
    )
    answers = bytes([1]) * LINES[InstrumentKind.EIT]
    number = int(first)
    with app.app_context():
        while True:
            if cast(target, citizen_id(number), answers) is CastResult.ACCEPTED:
                os.write(1, f"{number}\n".encode())
            number += 1


if __name__ == "__main__":
    main()
