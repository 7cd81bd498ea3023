"""The contract between a promotion and its gates."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.canonical import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, PromotionRule, Workspace
    from registry.queries.closure import Closure

logger = logging.getLogger(__name__)
GATE_FAILED = "gate_failed"


class Outcome(StrEnum):
    """What a gate says, mildest first."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REQUIRE_APPROVAL = "require_approval"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Proposal:
    """What is to be promoted, where to, and why.

    ``rules`` are those in force in the target where somebody read them for all gates at once;
    None lets each gate read them.
    """

    promotion: UUID
    version: AssetVersion
    target: Workspace
    alias: str
    reason: str
    closure: Closure
    requested_by: Actor
    reviewed_at: datetime
    rules: tuple[PromotionRule, ...] | None = None


@dataclass(frozen=True)
class Reason:
    """One reason of a verdict: ``code`` for programs, ``message`` for people.

    ``subject`` is the reference of what it is about, ``detail`` whatever else helps to mend it.
    """

    code: str
    message: str
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the reason as it is answered."""
        return {
            "code": self.code,
            "message": self.message,
            "subject": self.subject,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Verdict:
    """A gate's answer.

    ``evidence`` lists ids or digests of what the answer rests on; ``binding`` is a digest of
    everything that would change it: an approval given under another binding does not count.
    """

    gate: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()
    binding: str = ""
    required_approvals: int = 0

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Verdict:
        """Return the verdict that ``as_json`` wrote."""
        return cls(
            gate=stored["gate"],
            outcome=Outcome(stored["outcome"]),
            reasons=tuple(Reason(**reason) for reason in stored["reasons"]),
            evidence=tuple(stored["evidence"]),
            binding=stored["binding"],
            required_approvals=stored["required_approvals"],
        )

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as it is stored and answered."""
        return {
            "gate": self.gate,
            "outcome": self.outcome.value,
            "reasons": [reason.as_json() for reason in self.reasons],
            "evidence": list(self.evidence),
            "binding": self.binding,
            "required_approvals": self.required_approvals,
        }


class Gate(Protocol):
    """Asked before every promotion; all gates are asked, so that one refusal has all reasons."""

    name: str

    def review(self, proposal: Proposal) -> Verdict:
        """Answer outside of any transaction; may take its time within the policy timeout."""
        ...

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell, inside the final transaction and without calling out, whether ``verdict`` holds
        for the state as it is now."""
        ...


@functools.cache
def installed() -> tuple[Gate, ...]:
    """Return one instance of each class in settings.PROMOTION_GATES."""
    return tuple(import_string(path)() for path in settings.PROMOTION_GATES)


def review(proposal: Proposal) -> tuple[Verdict, ...]:
    """Ask every gate. A gate that raises refuses: the gates fail closed."""
    return tuple(_ask(gate, proposal) for gate in installed())


def _ask(gate: Gate, proposal: Proposal) -> Verdict:
    try:
        return gate.review(proposal)
    except Exception as error:  # fail closed, whatever went wrong
        logger.exception("gate %s failed", gate.name)
        message = f"The gate {gate.name} could not decide ({type(error).__name__})."
        return Verdict(gate.name, Outcome.REFUSE, (Reason(GATE_FAILED, message),))


def all_still_stand(proposal: Proposal, verdicts: Sequence[Verdict]) -> bool:
    """Tell whether every verdict holds now; each gate compares what it looked at."""
    by_gate = {verdict.gate: verdict for verdict in verdicts}
    return all(
        gate.name in by_gate and gate.still_stands(proposal, by_gate[gate.name])
        for gate in installed()
    )


def binding_of(proposal: Proposal, verdicts: Sequence[Verdict]) -> str:
    """Return the digest of what an approval is given for: content, members, place and rules."""
    return canonical_digest(
        {
            "version": proposal.version.digest,
            "closure": proposal.closure.digest,
            "target": str(proposal.target.uuid),
            "alias": proposal.alias,
            "gates": {verdict.gate: verdict.binding for verdict in verdicts},
        }
    )
