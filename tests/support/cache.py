"""What is costly to make and the same for every run, kept on this machine between runs."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Unused that long, a part of another state of the checkout has had its time.
KEPT_SECONDS = 7 * 24 * 3600


def cache_folder() -> Path:
    """The folder of everything that tests keep."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "muniment-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock called `name` against every other process of this machine."""
    with (cache_folder() / f"{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(kind: str, digest: str, make: Callable[[Path], None]) -> Path:
    """The folder of `kind` for `digest`, filled by `make` where it is new; do not write in it.

    `make` gets an empty folder. What it makes must not depend on where it lies.
    """
    folder = cache_folder() / f"{kind}-{digest}"
    with alone(kind):
        if not folder.exists():
            draft = folder.with_name(f"{folder.name}.draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            make(draft)
            draft.rename(folder)
        os.utime(folder)
        _forget_the_unused(kind)
    return folder


def _forget_the_unused(kind: str) -> None:
    for other in cache_folder().glob(f"{kind}-*"):
        if time.time() - other.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
