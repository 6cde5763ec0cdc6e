"""Take a round's private key out of the key folder, for its holder to keep offline."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from models.round import Round
from portal.ballot import keys
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.tools.commands import refused
from portal.tools.commands.held_key import require_round


def run(app: Flask, *, round_id: int, key_file: str, forget: bool) -> int:
    """Write the key to a new file; with ``forget`` prove that file by a drill, then remove the key here."""
    with app.app_context():
        try:
            require_round(round_id)
            _write(round_id, Path(key_file))
            if forget:
                # the drill proves the holder's copy, not the one that goes
                copied = keys.read_exported(Path(key_file), round_id=round_id)
                with writing(), privileged("handing over an urn key") as session:
                    round = session.get_one(Round, round_id)
                    keys.drill_urn_key(round, copied)
                    keys.forget_urn_key(round)
        except (Refused, keys.KeyMissing, OSError) as error:
            return refused.say(error)
    print(f"The private key of round {round_id} is in {key_file}: keep it offline, in two places")
    return 0


def _write(round_id: int, target: Path) -> None:
    try:
        keys.export_urn_key(round_id, target)
    except FileExistsError as error:
        raise Refused("%(file)s is there already: a key file is never overwritten", file=target) from error
