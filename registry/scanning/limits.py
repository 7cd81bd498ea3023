"""How much a look into one file may cost, whatever the file wants it to cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

CHUNK = 256 * 1024


class TooMuch(Exception):
    """The file asks for more than a look may cost; what was seen before counts."""


@dataclass
class Budget:
    """What is left. Shared by everything that is found inside one file."""

    tick: Callable[[], None]
    seconds: float = 120
    opcodes: int = 20_000_000
    members: int = 10_000
    expanded: int = 8 * 1024**3
    depth: int = 8
    # A member may be this much larger than what it is compressed to, once it is over a mebibyte.
    ratio: int = 200
    _deadline: float = field(init=False)
    _steps: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.seconds

    def step(self) -> None:
        """Count one opcode."""
        self.opcodes -= 1
        self._steps += 1
        if self.opcodes < 0:
            raise TooMuch("it has more opcodes than are looked at")
        if self._steps % 8192 == 0:
            self.breathe()

    def breathe(self) -> None:
        """Tell that the look goes on; raises TooMuch when it took too long."""
        self.tick()
        if time.monotonic() > self._deadline:
            raise TooMuch(f"it takes more than {self.seconds:g} seconds to look through")

    def member(self) -> None:
        """Count one member of an archive."""
        self.members -= 1
        if self.members < 0:
            raise TooMuch("it has more members than are looked at")
        self.breathe()

    def expand(self, size: int, *, compressed: int | None = None) -> None:
        """Count bytes that come out of a compressed member."""
        bound = max(compressed or 0, 1) * self.ratio
        if compressed is not None and size > max(bound, 1024 * 1024):
            raise TooMuch(f"a member expands more than {self.ratio}-fold")
        self.expanded -= size
        if self.expanded < 0:
            raise TooMuch("it expands to more bytes than are looked at")


def exactly(file: BinaryIO, count: int) -> bytes:
    """Return the next ``count`` bytes; raises EOFError where there are fewer."""
    data = file.read(count)
    if len(data) != count:
        raise EOFError(f"it ends {count - len(data)} bytes too early")
    return data


def chunks(file: BinaryIO, budget: Budget) -> Iterator[bytes]:
    """Yield the rest of the file."""
    while chunk := file.read(CHUNK):
        budget.breathe()
        yield chunk
