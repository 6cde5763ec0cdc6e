"""Print the public key that proves the record's anchors; before the first anchor it is made."""

from __future__ import annotations

from flask import Flask

from portal.record import anchors


def run(app: Flask) -> int:
    """Print the key as PEM. Raises ConfigurationError where its private part was lost."""
    with app.app_context():
        print(anchors.make_key(), end="")
    return 0
