"""The folder in which the processes of the web server count.

The library looks where to count when it is imported, and the server's processes begin as copies of the one
that starts them: so that one names the folder, and imports the library neither before nor here.
"""

from __future__ import annotations

import os
from pathlib import Path

#: where the library looks
NAME = "PROMETHEUS_MULTIPROC_DIR"


def prepare(folder: Path) -> None:
    """Before the first process of the web server: an empty folder, which its processes then find.

    What processes of an earlier server counted goes: a counter that begins anew is understood.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()
    os.environ[NAME] = str(folder)
