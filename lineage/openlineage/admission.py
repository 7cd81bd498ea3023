"""How many requests may be received at a time: the rest hear that they should come again."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 0.2


class Admission:
    """A counter of what is inside, of one process."""

    def __init__(self) -> None:
        self._inside = 0
        self._changed = Condition()

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Be inside; raises Unavailable where no place comes free soon."""
        with self._changed:
            if not self._changed.wait_for(self._has_room, timeout=PATIENCE_SECONDS):
                raise Unavailable("Too many events come at a time; send the same again.")
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify()

    def _has_room(self) -> bool:
        return self._inside < settings.OPENLINEAGE_CONCURRENT


admission = Admission()
