"""The end of a trial: marks are deleted and boxes opened, by processes that are killed in the middle."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from portal.core.serving import processes as own
from portal.tools.faults.amounts import CLOSING, MIDWAY, STARTING
from portal.tools.faults.counts import Counts
from portal.tools.faults.waiting import until

#: a job that was killed is taken up after half a minute; the opening of all boxes takes a few
SECONDS = 240.0
#: what an opening needs at least until it has loaded its own programme
BEFORE_IT_BEGINS = 0.8
#: from a box that is open to the kill
WITHIN = 0.02

Look = Callable[[], Counts]


def no_marks(look: Look, kill_worker: Callable[[], bool], times: int) -> Counter[str]:
    """Wait until the worker has deleted all marks, and kill it so many times while it does."""
    killed: Counter[str] = Counter()
    for _one in range(times):
        before = look().marks
        until(lambda before=before: look().marks < before or not before, what="fewer marks", seconds=SECONDS)  # type: ignore[misc]
        killed[CLOSING] += kill_worker()
    until(lambda: look().marks == 0, what="no marks", seconds=SECONDS, every=0.2)
    return killed


class Opening:
    """The holder of the key types the command that opens the boxes, again and again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, look: Look) -> None:
        self._command, self._environment, self._log, self._look = command, environment, log, look
        self.killed: Counter[str] = Counter()
        #: moments at which answers were more or fewer than before
        self.differing: list[str] = []

    def kill(self, times: Mapping[str, int]) -> None:
        """Let it be killed so often as it starts, and in the midst of the boxes, and look at what is left."""
        whole = self._look().answers
        kinds = [STARTING] * times.get(STARTING, 0) + [MIDWAY] * times.get(MIDWAY, 0)
        random.shuffle(kinds)
        for kind in kinds:
            process = self._begin()
            (self._as_it_starts if kind == STARTING else self._midway)(process)
            self.killed[kind] += process.poll() is None
            own.kill_group(process)
            process.wait()
            if (found := self._look().answers) != whole:
                self.differing.append(f"COUNTS    {found} answers after a killed opening, {whole} before")

    def complete(self) -> int:
        """Let it come to its end; its exit code. Raises subprocess.TimeoutExpired."""
        process = self._begin()
        try:
            return process.wait(timeout=SECONDS)
        finally:
            own.kill_group(process)

    def _begin(self) -> subprocess.Popen[bytes]:
        return own.start(self._command, environment=self._environment, log=self._log)

    def _as_it_starts(self, _process: subprocess.Popen[bytes]) -> None:
        time.sleep(random.uniform(0.0, BEFORE_IT_BEGINS))  # noqa: S311 - any moment

    def _midway(self, process: subprocess.Popen[bytes]) -> None:
        before = self._look().sealed
        if before == 0:  # all boxes are open: it only scores, and might end
            self._as_it_starts(process)
            return

        def moves() -> bool:
            return process.poll() is not None or self._look().sealed < before

        until(moves, what="an opened box", seconds=SECONDS, every=0.003)
        time.sleep(random.uniform(0.0, WITHIN))  # noqa: S311 - any moment
