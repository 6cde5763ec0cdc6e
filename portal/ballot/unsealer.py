"""The process that unseals (``unsealers``): a key through its pipe, then boxes one after the other.

It knows neither database nor settings. The key is in its memory alone; it ends with its pipe, and with the
process that started it.
"""

from __future__ import annotations

import pickle
import sys

from portal.ballot.seal import opener, unseal_box
from portal.core.serving.processes import die_with_parent
from reports.pipe import receive, send


def main() -> None:
    """Unseal until the pipe ends; a box's answers go back in the order in which they came."""
    die_with_parent()
    boxes, answers = sys.stdin.buffer, sys.stdout.buffer
    given = receive(boxes)
    if given is None:
        return
    key = opener(given)
    while (box := receive(boxes)) is not None:
        label, slots, sealed = pickle.loads(box)  # noqa: S301 - from the process that started this one
        send(answers, pickle.dumps(unseal_box(sealed, label=label, private_key=key, slots=slots)))


if __name__ == "__main__":
    main()
