"""Check the record: every chain is walked, the first place that does not fit is named."""

from __future__ import annotations

from flask import Flask

from portal.core import audit
from portal.core.database.session import privileged


def run(app: Flask) -> int:
    """Print the outcome; 1 where a chain is broken."""
    with app.app_context(), privileged("verifying the record") as session:
        broken = audit.first_broken(session)
    if broken is None:
        print("Every chain of the record is whole")
        return 0
    chain, sequence = broken
    print(
        f"The chain {chain} is broken at its end"
        if sequence < 0
        else f"The chain {chain} is broken at event {sequence}"
    )
    return 1
