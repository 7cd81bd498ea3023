"""A witness that cosigns checkpoints, over HTTP (C2SP tlog-witness)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from audits.queries.log import LogDamaged, consistency_hashes, newest_checkpoint
from audits.services.transparency.outcomes import Cosigned, Disputed, Failed
from audits.witnesses import protocol
from audits.witnesses.cosignatures import Cosignature
from core.outbound import posting
from core.release import version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from audits.models import LogCheckpoint, LogSink
    from audits.services.transparency.outcomes import Outcome
    from audits.transparency.notes import Verifier
    from core.outbound.addresses import Endpoint, Network

LIMITS = posting.Limits(connect_seconds=5, total_seconds=10, answer_bytes=16_384, whole_answer=True)


@dataclass(frozen=True)
class CosigningWitness:
    """A sink of the log; ``endpoint`` is the prefix below which the protocol's paths lie."""

    endpoint: Endpoint
    allowed: Sequence[Network]
    key: Verifier
    pause: timedelta
    kind: ClassVar[str] = "witness"
    remembers: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Return what tells the witness from the other sinks."""
        return f"witness:{self.key.name}"

    def take(self, checkpoint: LogCheckpoint, row: LogSink) -> Outcome:
        """Have the checkpoint cosigned: from the size that the witness should know, and from the
        one that it says it knows instead."""
        old = row.size if row.origin == checkpoint.origin else 0
        answer = self._ask(checkpoint, min(old, checkpoint.size))
        if isinstance(answer, protocol.Knows):
            old = answer.size
            if old > checkpoint.size:
                return self._ahead(old)
            answer = self._ask(checkpoint, old)
        if isinstance(answer, Cosignature):
            return Cosigned(self.key.encoded(), answer)
        if isinstance(answer, protocol.Disputes):
            return Disputed(old, f"{self.key.name} has cosigned another tree of {old} entries")
        if isinstance(answer, protocol.Knows):
            return Failed("the witness was told of another tree meanwhile")
        return Failed(answer.reason)

    def _ahead(self, size: int) -> Outcome:
        """Another worker may have told the witness of a checkpoint since this one was read."""
        newest = newest_checkpoint()
        if newest is not None and newest.size >= size:
            return Failed("the witness was told of a newer checkpoint meanwhile")
        return Disputed(size, f"{self.key.name} has cosigned a tree of {size} entries")

    def _ask(
        self, checkpoint: LogCheckpoint, old: int
    ) -> Cosignature | protocol.Knows | protocol.Disputes | protocol.Fails:
        try:
            proof = consistency_hashes(old, checkpoint.size)
        except LogDamaged as error:
            return protocol.Fails(str(error))
        target = self.endpoint
        reply = posting.post(
            replace(target, path=f"{target.path.rstrip('/')}/{protocol.PATH}"),
            protocol.request(old, proof, checkpoint.note),
            headers={
                "Content-Type": "text/plain; charset=utf-8",
                "User-Agent": f"muniment/{version()}",
            },
            allowed=self.allowed,
            limits=LIMITS,
        )
        if reply.status is None:
            return protocol.Fails(reply.error)
        return protocol.answer(
            reply.status, reply.body, old=old, note=checkpoint.note, witness=self.key
        )
