"""How often and how many at once: evaluations that people ask for by hand cost whole processes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor

PER_MINUTE = 60
AT_ONCE = 2
WINDOW = 60.0
MAX_ACCOUNTS = 10_000

_lock = threading.Lock()
_asked: OrderedDict[int, deque[float]] = OrderedDict()
_running = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def paced(actor: Actor) -> Iterator[None]:
    """Run one trial of ``actor``: at most `PER_MINUTE` of an account and `AT_ONCE` of all run in
    this process. Raises TooManyRequests."""
    _count(actor.user.pk if actor.user else 0, now=time.monotonic())
    if not _running.acquire(blocking=False):
        raise TooManyRequests(f"{AT_ONCE} trials run at this moment. Try again in a second.")
    try:
        yield
    finally:
        _running.release()


def _count(account: int, *, now: float) -> None:
    with _lock:
        asked = _asked.setdefault(account, deque())
        _asked.move_to_end(account)
        while asked and asked[0] <= now - WINDOW:
            asked.popleft()
        if len(asked) >= PER_MINUTE:
            wait = int(asked[0] + WINDOW - now) + 1
            raise TooManyRequests(f"At most {PER_MINUTE} trials a minute. Try again in {wait} s.")
        asked.append(now)
        while len(_asked) > MAX_ACCOUNTS:
            _asked.popitem(last=False)
