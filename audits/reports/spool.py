"""Results that are read as often as a report needs them, and of which few are in memory at a time.

They lie compressed in a file without a name, which is gone with the last that reads it; the few of
a small report never leave the memory. Plain Python.
"""

from __future__ import annotations

import tempfile
import weakref
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, overload

import msgspec

from audits.reports.assessment import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

AT_ONCE = 200
IN_MEMORY = 8 * 1024 * 1024
LEVEL = 1  # half as small again would take five times as long


class Spool:
    """The file of one assessment; ``folder`` is where it lies once it is large."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed with the last reader
            max_size=IN_MEMORY, dir=str(folder) if folder else None
        )
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(list[Result])

    def add(self, results: Iterable[Result]) -> Spooled:
        """Write results and return them, to be read again."""
        places, count, left = [], 0, iter(results)
        while some := list(islice(left, AT_ONCE)):
            written = zlib.compress(self._encoder.encode(some), LEVEL)
            self._file.seek(self._end)
            self._file.write(written)
            places.append((self._end, len(written)))
            self._end += len(written)
            count += len(some)
        return Spooled(self, tuple(places), count)

    def read(self, place: tuple[int, int]) -> list[Result]:
        """Return the results that were written at a place."""
        start, size = place
        self._file.seek(start)
        return self._decoder.decode(zlib.decompress(self._file.read(size)))


@dataclass(frozen=True, eq=False, repr=False)
class Spooled(Sequence[Result]):
    """Results in a spool, in the order in which they were added."""

    spool: Spool
    places: tuple[tuple[int, int], ...]
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Result]:
        for place in self.places:
            yield from self.spool.read(place)

    @overload
    def __getitem__(self, index: int) -> Result: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Result]: ...

    def __getitem__(self, index: int | slice) -> Result | Sequence[Result]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self.size))]
        at = index + self.size if index < 0 else index
        if not 0 <= at < self.size:
            raise IndexError(index)
        return self.spool.read(self.places[at // AT_ONCE])[at % AT_ONCE]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash((self.size, self.places))
