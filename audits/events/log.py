"""What happens to the transparency log and its keys. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class LogKeyAdded(Event):
    """The transparency log has its first key."""

    action = "audits.log.key_added"

    vkey: str


@dataclass(frozen=True, kw_only=True)
class LogKeyRotated(Event):
    """Another key signs the log from now on; ``statement`` is signed by the old and the new one."""

    action = "audits.log.key_rotated"

    was: str
    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class ReceiptKeyDelegated(Event):
    """A key signs receipts in the name of the log; ``statement`` is signed by the log's key."""

    action = "audits.log.receipt_key_delegated"

    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class AttestationKeyDelegated(Event):
    """A key signs attestations about versions in the name of the log; as with receipts."""

    action = "audits.log.attestation_key_delegated"

    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class PackKeyDelegated(Event):
    """A key signs evidence packs in the name of the log; as with receipts."""

    action = "audits.log.pack_key_delegated"

    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class LogResumed(Event):
    """An operator let the log go on from a database that is older than an anchor.

    ``lost_size`` and ``lost_root`` are what the anchor had; what came after ``size`` is gone.
    """

    action = "audits.log.resumed"

    size: int
    lost_size: int
    lost_root: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class LogDisputed(Event):
    """A witness, or another anchor, knows a tree that the log is no extension of: the database is
    older than what was told outside, or two logs were shown. Nothing is signed while it stands.

    ``size`` is the log's, ``known_size`` that of the tree which the sink knows.
    """

    action = "audits.log.disputed"

    sink: str
    size: int
    known_size: int
    finding: str


@dataclass(frozen=True, kw_only=True)
class LogExported(Event):
    """An operator wrote the whole log, entries of every workspace, to a folder."""

    action = "audits.log.exported"

    entries: int
