"""Hashes of leaves that are kept from when an entry is placed until the tree has it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

Run = tuple[int, Sequence[bytes]]


class RecentLeaves:
    """The leaves of the last entries that this process has placed, in the runs in which it did.

    At most ``capacity`` leaves, about a hundred bytes each; the oldest go first. What another
    process placed is missing, and what was placed may not have stayed: whoever takes a run sees to
    it that the order still has its ends. Any thread may call.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._runs: deque[Run] = deque()
        self._lock = threading.Lock()

    def add(self, first: int, leaves: Sequence[bytes]) -> None:
        """Keep the leaves from ``first`` on; what was kept of these places and of later ones was
        never the order's, or is no more."""
        with self._lock:
            while self._runs and _end(self._runs[-1]) > first:
                self._runs.pop()
            self._runs.append((first, leaves))
            kept = sum(len(run) for _, run in self._runs)
            while kept > self.capacity:
                kept -= len(self._runs.popleft()[1])

    def runs_from(self, place: int) -> list[Run]:
        """Return the runs that follow one another from the one that has ``place``; forget those
        before it. Empty where nobody kept that place."""
        with self._lock:
            while self._runs and _end(self._runs[0]) <= place:
                self._runs.popleft()
            found: list[Run] = []
            for run in self._runs:
                if run[0] > (_end(found[-1]) if found else place):
                    break
                found.append(run)
            return found

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._runs.clear()


def _end(run: Run) -> int:
    return run[0] + len(run[1])
