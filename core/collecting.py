"""Long work in bulk without the cycle collector, which goes through all that is alive again and
again while rows are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave cycles alone inside, in this process; what has none is freed as ever.

    For work that makes no cycles to speak of and ends. Where the collector is off already, it is
    left so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_young() -> None:
    """Free the cycles among what was made of late: once a part of work without the collector is
    done."""
    gc.collect(0)
