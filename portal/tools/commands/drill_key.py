"""The restore drill: prove that a private key opens what the round's public key sealed."""

from __future__ import annotations

from flask import Flask

from models.round import Round
from portal.ballot import keys
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.tools.commands import refused
from portal.tools.commands.held_key import private_key


def run(app: Flask, *, round_id: int, key_file: str | None) -> int:
    """Drill one round's key and note the time; 1 where the key does not open."""
    with app.app_context():
        try:
            key = private_key(round_id, key_file)
            with writing(), privileged("restore drill of an urn key") as session:
                keys.drill_urn_key(session.get_one(Round, round_id), key)
        except (Refused, keys.KeyMissing, OSError) as error:
            return refused.say(error)
    print(f"The key opens the boxes of round {round_id}")
    return 0
