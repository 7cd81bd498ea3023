"""What the journal tells of a scanned workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.events import WorkspaceScanned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audits.models import ScanWorkspace

MAX_RULES = 200


def workspace_scanned(
    unit: ScanWorkspace, counts: Mapping[tuple[str, str, str], int], *, digest: str
) -> WorkspaceScanned:
    """Return the event for the complete results of a workspace, which are counted by policy,
    severity and state."""
    states: dict[tuple[str, str], dict[str, int]] = {}
    for (policy, severity, state), count in counts.items():
        states.setdefault((policy, severity), {})[state] = count
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
