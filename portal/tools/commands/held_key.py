"""A round's private key, from its holder's file or from the key folder: what three commands begin with."""

from __future__ import annotations

from pathlib import Path

from models.round import Round
from portal.ballot import keys
from portal.core.database.session import privileged
from portal.core.errors import Refused


def private_key(round_id: int, key_file: str | None) -> bytes:
    """The key in the holder's file, else the one of the key folder. Raises Refused, KeyMissing, OSError."""
    require_round(round_id)
    if key_file is not None:
        return keys.read_exported(Path(key_file), round_id=round_id)
    if not keys.key_folder().has_urn_key(round_id):
        raise Refused("The private key of this round does not lie here: name its holder's file with --key")
    return keys.key_folder().urn_key(round_id)


def require_round(round_id: int) -> None:
    """Raise Refused where there is no such round."""
    with privileged("which round a command is about") as session:
        if session.get(Round, round_id) is None:
            raise Refused("There is no round %(number)s", number=round_id)
