"""What a consumer of the journal is, and what it may be beyond that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class Consumer(Protocol):
    """Told of every sequenced entry at least once, in order of ``seq``.

    ``consume`` runs inside a transaction of its own (a savepoint) and must be idempotent by the
    entry's uuid. It must not call the network: what goes out is left to a queue of its own.
    """

    name: str

    def consume(self, entry: SequencedEntry) -> None: ...


@runtime_checkable
class Selective(Protocol):
    """A consumer that most entries do not concern, and that is not told of those.

    ``select`` returns those of the entries that do, in their order, at the cost of few queries
    for all of them. It may return too many, and must not leave out what ``consume`` would act on.
    """

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]: ...


@runtime_checkable
class Batching(Protocol):
    """A consumer that takes several entries at the cost of few queries for all of them.

    ``consume_all`` ends in the rows in which ``consume`` of each in turn would end. Where it
    raises, nothing of it stays, and each entry is told by itself.
    """

    def consume_all(self, entries: Sequence[SequencedEntry]) -> None: ...


@runtime_checkable
class Following(Protocol):
    """A consumer that reads the order itself, in transactions of its own, as far as it wants to.

    It is told of nothing. ``follow`` returns how many entries it went over.
    """

    def follow(self) -> int: ...


@runtime_checkable
class Watching(Protocol):
    """A consumer that keeps something of entries while they are at hand, to read less later.

    ``watch`` is shown the bodies of what this process has just placed, from ``first`` on. What
    other processes place is not shown, nor anything after a crash, and what was shown may still be
    rolled back with a transaction around. It must not touch the database.
    """

    def watch(self, first: int, bodies: Sequence[bytes]) -> None: ...
