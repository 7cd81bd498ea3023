"""What the journal tells of a scanned workspace."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audits.events import WorkspaceScanned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.models import ScanResult, ScanWorkspace

MAX_RULES = 200


def workspace_scanned(
    unit: ScanWorkspace, results: Sequence[ScanResult], *, digest: str
) -> WorkspaceScanned:
    """Return the event for the complete ``results`` of a workspace."""
    states: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        rule = (result.policy_version.policy.name, result.severity)
        states.setdefault(rule, Counter())[result.state] += 1
    rules = [
        {"rule": rule, "severity": severity, "states": dict(sorted(found.items()))}
        for (rule, severity), found in sorted(states.items())
    ]
    return WorkspaceScanned(
        subject=f"scan/{unit.scan.uuid}",
        workspace=unit.workspace.uuid,
        digest=digest,
        scan=str(unit.scan.uuid),
        as_of=unit.scan.as_of.isoformat(),
        rules=rules[:MAX_RULES],
        is_truncated=len(rules) > MAX_RULES,
    )
