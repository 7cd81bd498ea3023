"""What comes of telling a sink of a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from audits.witnesses.cosignatures import Cosignature


@dataclass(frozen=True)
class Anchored:
    """The sink has the checkpoint; ``receipt`` is what it answered."""

    receipt: str


@dataclass(frozen=True)
class Cosigned:
    """A witness cosigned the checkpoint; ``witness`` is its public key as verifiers take it."""

    witness: str
    cosignature: Cosignature


@dataclass(frozen=True)
class Disputed:
    """The sink knows a tree of ``size`` entries that the database's is no extension of."""

    size: int
    reason: str


@dataclass(frozen=True)
class Failed:
    """The sink was not told; it is tried again."""

    reason: str


Outcome: TypeAlias = Anchored | Cosigned | Disputed | Failed
