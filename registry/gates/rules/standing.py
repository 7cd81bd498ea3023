"""Where a version comes from, what its artifacts hold, and who vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.gates.base import Reason
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.gates.base import Proposal
    from registry.gates.rules.knowledge import Knowledge
    from registry.models import AssetVersion
    from registry.rules.conditions import Conditions

NO_ARTIFACTS = "none"


def check_stage(conditions: Conditions, proposal: Proposal) -> Iterator[Reason]:
    """Yield a reason where the version comes from a workspace of another stage."""
    source = proposal.version.asset.workspace
    allowed = conditions.source_stages
    if not allowed or source.pk == proposal.target.pk or source.stage in allowed:
        return
    stages = " or ".join(sorted(allowed))
    message = f"{source.slug} is a {source.stage} workspace; versions must come from {stages}."
    detail = {"stage": source.stage, "allowed": sorted(allowed)}
    yield Reason("source_stage", message, str(reference_of(proposal.version)), detail)


def check_scan(conditions: Conditions, version: AssetVersion, known: Knowledge) -> Iterator[Reason]:
    """Yield a reason where the content scan ended otherwise than allowed. A version without
    artifacts has nothing to scan."""
    if not conditions.scan_verdicts:
        return
    verdict = known.scan(version)
    if verdict == NO_ARTIFACTS or verdict in conditions.scan_verdicts:
        return
    allowed = sorted(conditions.scan_verdicts)
    subject = str(reference_of(version))
    message = f"The scan of {subject} says {verdict}; only {', '.join(allowed)} may pass."
    yield Reason("scan_verdict", message, subject, {"verdict": verdict, "allowed": allowed})


def check_signature(
    conditions: Conditions, version: AssetVersion, known: Knowledge
) -> Iterator[Reason]:
    """Yield a reason where no signature by a trusted key verifies."""
    if not conditions.signature:
        return
    by_target = conditions.signature == "trusted"
    if known.signers(version, trusted_by_target=by_target):
        return
    subject = str(reference_of(version))
    trusting = known.proposal.target if by_target else version.asset.workspace
    message = f"{subject} bears no verified signature under a key that {trusting.slug} trusts."
    yield Reason("signature_missing", message, subject, {"signature": conditions.signature})


def check_state(
    conditions: Conditions, version: AssetVersion, known: Knowledge
) -> Iterator[Reason]:
    """Yield a reason where the version is in a state that the rule keeps out."""
    if not conditions.forbidden_states:
        return
    if (state := known.state(version)) in conditions.forbidden_states:
        subject = str(reference_of(version))
        message = f"{subject} is {state}; {known.proposal.target.slug} takes none that is."
        yield Reason("forbidden_state", message, subject, {"state": state})
