"""Cut long work into steps short enough for the lease of its task. Free of Django."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Item = TypeVar("Item")

SHORT_SECONDS = 1.0
LONG_SECONDS = 5.0


@dataclass
class Pace:
    """Steps grow while they are done quickly and shrink when they are not.

    They start small: a policy that runs into its deadline shows in the first steps already.
    """

    step: int = 2
    largest: int = 128

    def steps(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """Yield ``items`` step by step; the time that the caller takes for one sets the next."""
        remaining = iter(items)
        while batch := list(islice(remaining, self.step)):
            began = time.monotonic()
            yield batch
            self._adapt(time.monotonic() - began)

    def _adapt(self, seconds: float) -> None:
        if seconds < SHORT_SECONDS:
            self.step = min(self.step * 2, self.largest)
        elif seconds > LONG_SECONDS:
            self.step = max(self.step // 2, 1)
